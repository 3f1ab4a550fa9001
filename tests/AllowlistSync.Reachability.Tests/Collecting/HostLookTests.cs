using AllowlistSync.Core.Verifying;
using AllowlistSync.Reachability.Collecting;
using Shouldly;

namespace AllowlistSync.Reachability.Tests.Collecting;

public sealed class HostLookTests
{
    private const string SocketHead = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    [Theory]
    [InlineData("   0: 00000000:01BB 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 563 1\n", Certainty.Fine)]
    [InlineData("   0: 00000000000000000000000000000000:01BB 00000000000000000000000000000000:0000 0A 00000000:00000000\n", Certainty.Fine)]
    [InlineData("   0: 0100007F:01BB 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 563 1\n", Certainty.Warning)]
    [InlineData("", Certainty.Warning)]
    public async Task A_port_without_a_listener_is_warned_of(string sockets, Certainty certainty)
    {
        var host = new ScriptedHost().Says("grep -sh -e  0A  -e local_address /proc/net/tcp /proc/net/tcp6", SocketHead + sockets);

        (await LookAsync(host)).ShouldContain(new Assumption(certainty, Listener(certainty)));
    }

    [Fact]
    public async Task What_cannot_be_looked_at_is_assumed() =>
        (await LookAsync(new ScriptedHost())).ShouldAllBe(assumption => assumption.Certainty == Certainty.Assumed);

    [Fact]
    public async Task Programs_on_the_interface_are_warned_of()
    {
        var host = new ScriptedHost()
            .Says("ip -j link show dev eth0", """[{"ifindex":2,"ifname":"eth0","xdp":{"mode":1,"prog":{"id":12,"jited":1}}}]""")
            .Says("tc -j qdisc show dev eth0", """[{"kind":"clsact","handle":"ffff:","parent":"ffff:fff1","options":{}}]""")
            .Says("tc -j filter show dev eth0 ingress", """[{"protocol":"ip","pref":49152,"kind":"u32","chain":0}]""");

        (await LookAsync(host)).Where(assumption => assumption.Certainty == Certainty.Warning).Select(assumption => assumption.Text[..12]).ShouldBe(["an XDP progr", "tc filters w"]);
    }

    [Theory]
    [InlineData("1", "0", true, Certainty.Fine)]
    [InlineData("0", "1", false, Certainty.Warning)]
    [InlineData("2", "1", false, Certainty.Fine)]
    public async Task A_strict_reverse_path_filter_matters_away_from_the_default_route(string all, string own, bool isDefault, Certainty certainty)
    {
        var host = new ScriptedHost().Says(
            "grep -sH  /proc/sys/net/netfilter/nf_conntrack_count /proc/sys/net/netfilter/nf_conntrack_max /proc/net/ip_vs /proc/sys/net/ipv4/conf/all/rp_filter /proc/sys/net/ipv4/conf/eth0/rp_filter",
            $"/proc/sys/net/ipv4/conf/all/rp_filter:{all}\n/proc/sys/net/ipv4/conf/eth0/rp_filter:{own}\n", 2);

        (await LookAsync(host, isDefault)).ShouldContain(assumption => assumption.Certainty == certainty && assumption.Text.Contains("reverse path filter", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(100, Certainty.Fine)]
    [InlineData(262_000, Certainty.Warning)]
    public void A_connection_table_that_is_nearly_full_is_warned_of(long count, Certainty certainty) =>
        HostLook.Tracking(new HostSigns { Tracked = (count, 262_144) }).Certainty.ShouldBe(certainty);

    private static string Listener(Certainty certainty) => certainty == Certainty.Fine
        ? "something listens on port 443"
        : "nothing listens on port 443 outside of loopback: visitors see 521 even when every packet gets in; start the web server, or look where it listens (`ss -ltn`)";

    private static async Task<IReadOnlyList<Assumption>> LookAsync(ScriptedHost host, bool isDefault = true) =>
        await HostLook.LookAsync(host, "eth0", isDefault, [443], TestContext.Current.CancellationToken);
}
