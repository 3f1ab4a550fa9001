using System.Diagnostics;
using System.Net;
using Shouldly;

namespace AllowlistSync.TestKit.Tests;

public sealed class HandshakeTests
{
    private const string EveryAnswer = """
        table inet filter {
          chain input {
            type filter hook input priority filter
            ip saddr 10.0.0.0/8 accept
            ip saddr 104.16.0.0/16 drop
            ip saddr 104.17.0.0/16 reject with tcp reset
            ip saddr 104.18.0.0/16 reject with icmp host-prohibited
            ip saddr 104.19.0.0/16 tcp flags & (syn | ack) != syn drop
            ip6 saddr 2400:cb00::/32 drop
            ip6 saddr 2606:4700::/32 reject with icmpv6 admin-prohibited
            ip6 saddr 2803:f800::/32 tcp flags & (syn | ack) != syn drop
          }
          chain output {
            type filter hook output priority filter
            ip daddr 104.20.0.0/16 drop
            ip6 daddr 2405:b500::/32 drop
          }
        }

        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("10.0.0.1", Handshake.Accepted)]
    [InlineData("104.16.0.1", Handshake.TimedOut)]
    [InlineData("104.17.0.1", Handshake.Refused)]
    [InlineData("104.18.0.1", Handshake.Refused)]
    [InlineData("104.19.0.1", Handshake.Half)]
    [InlineData("104.20.0.1", Handshake.NoReply)]
    [InlineData("2a06:98c0::1", Handshake.Accepted)]
    [InlineData("2400:cb00::1", Handshake.TimedOut)]
    [InlineData("2606:4700::1", Handshake.Refused)]
    [InlineData("2803:f800::1", Handshake.Half)]
    [InlineData("2405:b500::1", Handshake.NoReply)]
    public async Task Each_way_to_fail_is_told_apart(string source, Handshake expected)
    {
        Needs.Sandbox("nft");
        await using var lab = await HandshakeLab.StartAsync(new HandshakeOptions(), Ct);
        (await lab.RunAsync(["nft", "-f", "-"], EveryAnswer, Ct)).EnsureSuccess();

        var results = await lab.ProbeAsync([new(IPAddress.Parse(source), 443)], HandshakeBudget.Quick, Ct);

        results.ShouldHaveSingleItem().Handshake.ShouldBe(expected);
        results[0].IsFlaky.ShouldBeFalse();
    }

    [Fact]
    public async Task A_redirected_connection_says_where_it_ended()
    {
        Needs.Sandbox("nft");
        await using var lab = await HandshakeLab.StartAsync(new HandshakeOptions(), Ct);
        (await lab.RunAsync(["nft", "-f", "-"], "table inet n { chain p { type nat hook prerouting priority dstnat; tcp dport 443 redirect to :8443; }; }\n", Ct)).EnsureSuccess();

        var results = await lab.ProbeAsync([new(IPAddress.Parse("104.16.0.1"), 443), new(IPAddress.Parse("2400:cb00::1"), 443), new(IPAddress.Parse("1.1.1.1"), 80)], HandshakeBudget.Quick, Ct);

        results.Select(result => $"{result.Reached}").ShouldBe(["192.0.2.2:8443", "[2001:db8::2]:8443", "192.0.2.2:80"]);
    }

    [Fact]
    public async Task A_container_is_reached_through_forwarding()
    {
        Needs.Sandbox("nft");
        await using var lab = await HandshakeLab.StartAsync(new HandshakeOptions { Container = HandshakeContainer.Docker }, Ct);
        const string Rules = """
            table ip n {
              chain p { type nat hook prerouting priority dstnat; tcp dport 443 dnat to 172.17.0.2:8443; }
              chain f { type filter hook forward priority filter; ip saddr 104.17.0.0/16 drop; }
            }

            """;
        (await lab.RunAsync(["nft", "-f", "-"], Rules, Ct)).EnsureSuccess();

        var results = await lab.ProbeAsync([new(IPAddress.Parse("104.16.0.1"), 443), new(IPAddress.Parse("104.17.0.1"), 443), new(IPAddress.Parse("104.16.0.1"), 80)], HandshakeBudget.Quick, Ct);

        results.Select(result => result.Handshake).ShouldBe([Handshake.Accepted, Handshake.TimedOut, Handshake.Refused]);
        $"{results[0].Reached}".ShouldBe("172.17.0.2:8443");
    }

    [Fact]
    public async Task Answers_that_change_are_marked()
    {
        Needs.Sandbox("nft");
        await using var lab = await HandshakeLab.StartAsync(new HandshakeOptions(), Ct);
        (await lab.RunAsync(["nft", "-f", "-"], "table ip f { set seen { type ipv4_addr; flags dynamic; }\n chain i { type filter hook input priority 0; ip saddr @seen accept; add @seen { ip saddr } drop; }; }\n", Ct)).EnsureSuccess();

        var results = await lab.ProbeAsync([new(IPAddress.Parse("104.16.0.1"), 443)], HandshakeBudget.Quick, Ct);

        results[0].Handshake.ShouldBe(Handshake.Accepted);
        results[0].IsFlaky.ShouldBeTrue();
    }

    [Fact]
    public async Task Hundreds_of_connections_take_the_time_of_one()
    {
        Needs.Sandbox("nft");
        long start = Stopwatch.GetTimestamp();
        await using var lab = await HandshakeLab.StartAsync(new HandshakeOptions(), Ct);
        double up = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        (await lab.RunAsync(["nft", "-f", "-"], EveryAnswer, Ct)).EnsureSuccess();
        HandshakeProbe[] probes = [.. Enumerable.Range(0, 600).Select(i => new HandshakeProbe(new IPAddress([104, (byte)(16 + (i % 6)), 1, (byte)(i / 6)]), 443))];

        start = Stopwatch.GetTimestamp();
        var results = await lab.ProbeAsync(probes, HandshakeBudget.Quick, Ct);

        Lab.Say($"up {up:F0} ms, 600 handshakes {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms");
        results.CountBy(result => result.Handshake).ShouldAllBe(kind => kind.Value == (kind.Key == Handshake.Refused ? 200 : 100));
    }

    [Fact]
    public async Task A_source_that_is_listed_twice_gives_two_answers()
    {
        Needs.Sandbox();
        await using var lab = await HandshakeLab.StartAsync(new HandshakeOptions(), Ct);

        var results = await lab.ProbeAsync([new(IPAddress.Parse("1.1.1.1"), 80), new(IPAddress.Parse("1.1.1.1"), 80), new(IPAddress.Parse("1.1.1.1"), 9)], HandshakeBudget.Quick, Ct);

        results.Select(result => result.Handshake).ShouldBe([Handshake.Accepted, Handshake.Accepted, Handshake.Refused]);
    }
}
