using static AllowlistSync.Reachability.Tests.Kernel.Semantics.Rules;

namespace AllowlistSync.Reachability.Tests.Kernel.Semantics;

/// <summary>In which order the chains of nft see a packet, and where.</summary>
internal static class NftPathCases
{
    private const string Open = "ct state established,related accept\n";
    private const string Dropped = "ip saddr 162.158.4.0/24 drop";

    private static readonly string Rewrite = Chain("n", "nat", "prerouting", -100, "tcp dport 443 redirect to :8443");

    public static IEnumerable<SemanticCase> All =>
    [
        Nft("accept ends its own chain only: a later one drops", Table(Chain("one", "filter", "input", 0, "tcp dport 443 accept") + Chain("two", "filter", "input", 10, Dropped)), "a 443 T, b 443 A"),
        Nft("a drop in an earlier chain is the end", Table(Chain("one", "filter", "input", 0, "accept") + Chain("two", "filter", "input", -10, Dropped)), "a 443 T, b 443 A"),
        Nft("the policy of one chain does not open another", Table(Chain("one", "filter", "input", -10, "", "accept") + Chain("two", "filter", "input", 0, Open + Dropped.Replace("drop", "accept", StringComparison.Ordinal), "drop")), "a 443 A, b 443 T"),
        Nft("two chains at one priority are both asked", Table(Chain("one", "filter", "input", 0, "accept") + Chain("two", "filter", "input", 0, Dropped)), "a 443 T, b 443 A"),
        Nft("two tables are both asked", Table(Chain("one", "filter", "input", 0, "accept")) + Table(Chain("two", "filter", "input", 0, Dropped), "ip"), "a 443 T, b 443 A"),
        Nft("a table of one family does not see the other", Table(Chain("i", "filter", "input", 0, "", "drop"), "ip6"), "a 443 A, a6 443 T"),
        Nft("return in a base chain means the policy", Table(Chain("i", "filter", "input", 0, "ip saddr 162.158.4.0/24 return\naccept", "drop")), "a 443 T, b 443 A"),
        Nft("a dormant table is not on the way", Table("flags dormant;\n" + Chain("i", "filter", "input", 0, "", "drop")), "a 443 A"),
        Nft("ingress comes before everything", Table(Chain("i", "filter", "ingress device \"eth0\"", 0, Dropped), "netdev"), "a 443 T, b 443 A"),
        Nft("ingress with a closed policy", Table(Chain("i", "filter", "ingress device \"eth0\"", 0, "ip saddr 162.158.4.0/24 accept\nip6 saddr 2a06:98c0::/29 accept", "drop"), "netdev"), "a 443 A, b 443 T, a6 443 A, x6 443 T"),
        Nft("ingress of an inet table", Table(Chain("i", "filter", "ingress device \"eth0\"", 0, Dropped)), "a 443 T, b 443 A"),
        Nft("ingress of another device is not on the way", Table(Chain("i", "filter", "ingress device \"eth1\"", 0, "", "drop"), "netdev"), "a 443 A"),
        Nft("ingress of several devices", Table("chain i {\n  type filter hook ingress devices = { eth1, eth0 } priority 0; policy accept;\n  ip saddr 162.158.4.0/24 drop\n}\n", "netdev"), "a 443 T, b 443 A"),
        Nft("egress drops the answer", Table(Chain("e", "filter", "egress device \"eth0\"", 0, "ip daddr 162.158.4.0/24 drop"), "netdev"), "a 443 N, b 443 A"),
        Nft("output drops the answer", Table(Chain("o", "filter", "output", 0, "ip daddr 162.158.4.0/24 drop")), "a 443 N, b 443 A"),
        Nft("a closed output that lets established connections out", Table(Chain("o", "filter", "output", 0, "ct state established accept", "drop")), "a 443 A"),
        Nft("a closed output that does not", Table(Chain("o", "filter", "output", 0, "ct state new accept\nip daddr 162.158.4.0/24 accept", "drop")), "a 443 A, b 443 N"),
        Nft("postrouting drops the answer", Table(Chain("o", "filter", "postrouting", 300, "ip daddr 162.158.4.0/24 oifname \"eth0\" tcp sport 443 drop")), "a 443 N, a 80 A, b 443 A"),
        Nft("a route chain at output drops the answer", Table(Chain("o", "route", "output", -150, "ip daddr 162.158.4.0/24 drop")), "a 443 N, b 443 A"),
        Nft("forward and nat output are not on the way", Table(Chain("f", "filter", "forward", 0, "", "drop") + Chain("n", "nat", "output", -100, "tcp dport 443 redirect to :9")), "a 443 A"),
        Nft("the third packet is lost without a rule for it", Table(Chain("i", "filter", "input", 0, "ct state new tcp dport 443 accept", "drop")), "a 443 H, a 80 T"),
        Nft("an early chain that lets only new connections pass", Table(Chain("p", "filter", "prerouting", -150, "ip saddr 162.158.4.0/24 ct state != new drop")), "a 443 H, b 443 A"),
        Nft("connection state as a map", Table(Chain("i", "filter", "input", 0, "ct state vmap { established : accept, related : accept, invalid : drop }\ntcp dport 443 ct state new accept", "drop")), "a 443 A, a 80 T"),
        Nft("before a translation chains see the old port, after it the new", Table(Chain("p", "filter", "prerouting", -150, "ip saddr 162.158.4.0/24 tcp dport 443 drop\ntcp dport 8443 ip saddr 162.158.200.0/24 drop") + Rewrite + Chain("q", "filter", "prerouting", -50, "ip saddr 198.51.100.0/24 tcp dport 8443 drop\ntcp dport 443 drop") + Chain("i", "filter", "input", 0, Open + "tcp dport 8443 accept", "drop")), "a 443 T, b 443 A, x 443 T, 9.9.9.9 443 A, b 8443 T, a 80 T"),
        .. new[] { (0, -50, "T"), (50, -99, "T"), (-150, -120, "A"), (0, -101, "A"), (-199, -150, "A") }.Select(at => Nft($"translation happens at -100, though its chain says {at.Item1}, as a chain at {at.Item2} sees", Table(Chain("n", "nat", "prerouting", at.Item1, "tcp dport 443 redirect to :8443") + Chain("q", "filter", "prerouting", at.Item2, "tcp dport 8443 drop")), $"a 443 {at.Item3}")),
        Nft("nat chains run in the order of their priorities, and the first that translates ends it", Table(Chain("late", "nat", "prerouting", -90, "tcp dport 443 redirect to :8443") + Chain("soon", "nat", "prerouting", -110, "ip saddr 162.158.4.0/24 tcp dport 443 redirect to :80\nip saddr 162.158.200.0/24 accept") + Chain("i", "filter", "input", 0, Open + "tcp dport 8443 accept", "drop")), "a 443 T, b 443 A, x 443 A"),
        Nft("a drop in a nat chain drops, once connections are tracked", Table(Chain("n", "nat", "prerouting", -100, Dropped) + Chain("i", "filter", "input", 0, "ct state invalid drop")), "a 443 T, b 443 A"),
        Nft("a closed nat chain drops, once connections are tracked", Table(Chain("n", "nat", "prerouting", -100, "ip saddr 162.158.200.0/24 accept", "drop") + Chain("i", "filter", "input", 0, "ct state invalid drop")), "a 443 T, b 443 A"),
        Nft("nat chains do nothing while nothing wants connections tracked", Table(Chain("n", "nat", "prerouting", -100, Dropped)), "a 443 A, b 443 A"),
        Nft("notrack alone does not track connections", Table(Chain("n", "nat", "prerouting", -100, Dropped) + Chain("p", "filter", "prerouting", -300, "ip saddr 198.51.100.0/24 notrack")), "a 443 A, x 443 A"),
        Nft("a rule about IPv6 connections does not track IPv4", Table(Chain("n", "nat", "prerouting", -100, Dropped)) + Table(Chain("i", "filter", "input", 0, "ct state invalid drop"), "ip6"), "a 443 A"),
        Nft("a nat chain at input drops, and translates no destination", Table(Chain("n", "nat", "input", 100, Dropped) + Chain("i", "filter", "input", 0, "ct state invalid drop")), "a 443 T, b 443 A"),
        Nft("nat at postrouting does not touch connections that come in", Table(Chain("n", "nat", "postrouting", 100, "masquerade")), "a 443 A"),
        Nft("a translation by a map", Table(Chain("n", "nat", "prerouting", -100, "meta l4proto tcp redirect to :tcp dport map { 443 : 8443, 80 : 443 }") + Chain("i", "filter", "input", 0, Open + "tcp dport 8443 accept", "drop")), "a 443 A, a 80 T, a 8443 A"),
        Nft("a translation of the address, by family", Table(Chain("n", "nat", "prerouting", -100, "tcp dport 443 dnat ip to 192.0.2.2:8443") + Chain("i", "filter", "input", 0, Open + "tcp dport 8443 accept", "drop")), "a 443 A, a6 443 T, a6 8443 A"),
        Nft("a translated connection is known by its original port and its status", Table(Rewrite + Chain("i", "filter", "input", 0, Open + "ip saddr 162.158.0.0/15 meta l4proto tcp ct original proto-dst 443 accept\nip saddr 198.51.100.0/24 ct status dnat accept", "drop")), "a 443 A, a 8443 T, x 443 A, x 8443 T"),
        Nft("behind a translation the answer comes from the new port until it leaves", Table(Rewrite + Chain("o", "filter", "output", 0, "tcp sport 443 drop\nip daddr 162.158.4.0/24 tcp sport 8443 drop")), "a 443 N, b 443 A"),
        Nft("what is not tracked is untracked, and neither new nor established", Table(Chain("p", "filter", "prerouting", -300, "ip saddr 162.158.0.0/16 tcp dport 443 notrack") + Chain("i", "filter", "input", 0, Open + "ip saddr 162.158.4.0/24 ct state untracked accept\nct state new tcp dport 443 accept", "drop")), "a 443 A, b 443 T, x 443 A"),
        Nft("what is not tracked is not translated", Table(Chain("p", "filter", "prerouting", -300, "ip saddr 162.158.4.0/24 notrack") + Rewrite + Chain("i", "filter", "input", 0, "tcp dport 8443 drop")), "a 443 A, b 443 T"),
        Nft("notrack after connection tracking is too late", Table(Chain("p", "filter", "prerouting", -150, "ip saddr 162.158.4.0/24 notrack") + Chain("i", "filter", "input", 0, Open + "ct state new tcp dport 443 accept", "drop")), "a 443 A, b 443 A"),
        Nft("before connection tracking every packet is invalid", Table(Chain("p", "filter", "prerouting", -300, "ip saddr 162.158.4.0/24 ct state invalid drop\nip saddr 162.158.200.0/24 ct state new drop\nip saddr 198.51.100.0/24 ct direction original drop")), "a 443 T, b 443 A, x 443 A"),
        Nft("after it, it is new", Table(Chain("p", "filter", "prerouting", -150, "ip saddr 162.158.4.0/24 ct state invalid drop\nip saddr 162.158.200.0/24 ct state new drop")), "a 443 A, b 443 T"),
        Nft("a mark set early is seen late", Table(Chain("p", "filter", "prerouting", -150, "ip saddr 162.158.4.0/24 meta mark set 0x7") + Chain("i", "filter", "input", 0, Open + "meta mark 0x7 accept", "drop")), "a 443 A, b 443 T"),
        Nft("a mark on the first packet is not on the third, unless the connection keeps it", Table(Chain("p", "filter", "prerouting", -150, "ct state new meta mark set 0x7\nip saddr 162.158.200.0/24 ct mark set 0x7\nct mark 0x7 meta mark set 0x7") + Chain("i", "filter", "input", 0, "meta mark 0x7 accept", "drop")), "a 443 H, b 443 A"),
        Nft("a refusal before routing", Table(Chain("p", "filter", "prerouting", -150, "ip saddr 162.158.4.0/24 reject with tcp reset")), "a 443 R, b 443 A"),
        Nft("a refusal that does not get out looks like silence", Table(Chain("i", "filter", "input", 0, "reject") + Chain("o", "filter", "output", 0, "ip daddr 162.158.4.0/24 drop")), "a 443 T, b 443 R"),
    ];
}
