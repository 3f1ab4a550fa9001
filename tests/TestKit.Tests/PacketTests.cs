using System.Net;
using System.Net.Sockets;
using Shouldly;

namespace AllowlistSync.TestKit.Tests;

public sealed class PacketTests
{
    private const string Rules = """
        table inet filter {
          set cf4 {
            type ipv4_addr
            flags interval
            elements = { 104.16.0.0/13, 131.0.72.0/22 }
          }
          set cf6 {
            type ipv6_addr
            flags interval
            elements = { 2400:cb00::/32 }
          }
          chain input {
            type filter hook input priority filter
            policy drop
            ip saddr @cf4 tcp dport { 80, 443 } accept
            ip6 saddr @cf6 tcp dport { 80, 443 } accept
            ip saddr 198.51.100.0/24 reject with tcp reset
            ip6 saddr 2001:db8:1::/48 meta l4proto tcp reject with tcp reset
            ip saddr 203.0.113.0/24 reject
          }
        }

        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_host_without_rules_accepts_any_source_of_both_families()
    {
        Needs.Sandbox();
        await using var lab = await Lab.StartAsync(Ct);

        var results = await lab.Client.ProbeAsync(Probes(["1.1.1.1", "104.16.0.0", "223.255.255.255", "2400:cb00::", "2a06:98c7:ffff::1"], 80, 443), Lab.Budget, Ct);

        results.Count.ShouldBe(10);
        results.ShouldAllBe(result => result.Verdict == Verdict.Accepted);
    }

    [Fact]
    public async Task A_port_without_listener_is_refused()
    {
        Needs.Sandbox();
        await using var lab = await Lab.StartAsync(Ct);

        var results = await lab.Client.ProbeAsync(Probes(["104.16.0.1", "2400:cb00::1"], 8443), Lab.Budget, Ct);

        results.ShouldAllBe(result => result.Verdict == Verdict.Refused);
    }

    [Theory]
    [InlineData("104.16.0.1", Verdict.Accepted)]
    [InlineData("9.9.9.9", Verdict.Dropped)]
    [InlineData("198.51.100.7", Verdict.Refused)]
    [InlineData("203.0.113.7", Verdict.Refused)]
    [InlineData("2400:cb00::1", Verdict.Accepted)]
    [InlineData("2620:fe::fe", Verdict.Dropped)]
    [InlineData("2001:db8:1::1", Verdict.Refused)]
    public async Task The_verdict_is_that_of_the_rules_in_the_kernel(string source, Verdict expected)
    {
        Needs.Sandbox("nft");
        await using var lab = await Lab.StartAsync(Ct);
        await lab.NftAsync(Rules, Ct);

        var results = await lab.Client.ProbeAsync(Probes([source], 443), Lab.Budget, Ct);

        results.ShouldHaveSingleItem().Verdict.ShouldBe(expected);
    }

    [Fact]
    public async Task The_ends_of_a_prefix_are_accepted_and_the_addresses_beside_are_blocked()
    {
        Needs.Sandbox("nft");
        await using var lab = await Lab.StartAsync(Ct);
        await lab.NftAsync(Rules, Ct);
        var (inside, beside) = ProbePlan.ForList(["104.16.0.0/13", "131.0.72.0/22", "2400:cb00::/32"]);

        var accepted = await lab.Client.ProbeAsync(ProbePlan.Probes(inside, 80, 443), Lab.Budget, Ct);
        var blocked = await lab.Client.ProbeAsync(ProbePlan.Probes(beside, 80, 443), Lab.Budget, Ct);

        accepted.Count.ShouldBe(12);
        accepted.ShouldAllBe(result => result.Verdict == Verdict.Accepted);
        blocked.Count.ShouldBe(12);
        blocked.ShouldAllBe(result => result.Verdict == Verdict.Dropped);
    }

    [Fact]
    public async Task Results_come_in_the_order_of_the_probes()
    {
        Needs.Sandbox("nft");
        await using var lab = await Lab.StartAsync(Ct);
        await lab.NftAsync(Rules, Ct);
        var probes = Probes(["9.9.9.9", "104.16.0.1", "198.51.100.7", "2400:cb00::1"], 443);

        var results = await lab.Client.ProbeAsync(probes, Lab.Budget, Ct);

        results.Select(result => result.Probe).ShouldBe(probes);
        results.Select(result => result.Verdict).ShouldBe([Verdict.Dropped, Verdict.Accepted, Verdict.Refused, Verdict.Accepted]);
    }

    [Fact]
    public async Task A_source_that_cannot_be_bound_is_an_error_and_no_verdict()
    {
        Needs.Sandbox();
        await using var lab = await Lab.StartAsync(Ct);

        await Should.ThrowAsync<SocketException>(() => lab.Client.ProbeAsync(Probes([PacketClient.OriginIPv4.ToString()], 443), Lab.Budget, Ct));
    }

    [Fact]
    public async Task Two_hosts_with_the_same_addresses_do_not_see_each_other()
    {
        Needs.Sandbox("nft");
        await using var open = await Lab.StartAsync(Ct);
        await using var closed = await Lab.StartAsync(Ct);
        await closed.NftAsync(Rules, Ct);
        var probes = Probes(["9.9.9.9"], 443);

        var seen = await Task.WhenAll(open.Client.ProbeAsync(probes, Lab.Budget, Ct), closed.Client.ProbeAsync(probes, Lab.Budget, Ct));

        seen[0][0].Verdict.ShouldBe(Verdict.Accepted);
        seen[1][0].Verdict.ShouldBe(Verdict.Dropped);
    }

    private static List<Probe> Probes(IEnumerable<string> sources, params int[] ports)
    {
        return [.. ProbePlan.Probes(sources.Select(IPAddress.Parse), ports)];
    }
}
