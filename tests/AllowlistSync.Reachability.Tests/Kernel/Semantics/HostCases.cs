using AllowlistSync.Reachability.Tests.Kernel.Generating;
using static AllowlistSync.Reachability.Tests.Kernel.Semantics.Rules;

namespace AllowlistSync.Reachability.Tests.Kernel.Semantics;

/// <summary>Whole hosts: containers behind translations, and several tools that write into the same kernel.</summary>
internal static class HostCases
{
    private const string Publish = "-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER\n-A DOCKER -i docker0 -j RETURN\n-A DOCKER ! -i docker0 -p tcp -m tcp --dport 443 -j DNAT --to-destination 172.17.0.2:8443";
    private const string Forward = "-A INPUT -j DROP\n-A FORWARD -j DOCKER-USER\n-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A FORWARD -o docker0 -j DOCKER\n-A FORWARD -i docker0 ! -o docker0 -j ACCEPT\n-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 8443 -j ACCEPT\n";

    public static IEnumerable<SemanticCase> All =>
    [
        .. Docker("INPUT is not on the way to a published port, DOCKER-USER is", Forward + "-A DOCKER-USER -s 162.158.4.0/24 -j DROP", "a 443 T, b 443 A, a 80 T"),
        .. Docker("DOCKER-USER sees the container's port and the original one", Forward + "-A DOCKER-USER -s 162.158.4.0/24 -p tcp --dport 443 -j DROP\n-A DOCKER-USER -s 162.158.200.0/24 -p tcp -m conntrack --ctorigdstport 443 --ctdir ORIGINAL -j DROP\n-A DOCKER-USER -s 198.51.100.0/24 -p tcp --dport 8443 -j DROP", "a 443 A, b 443 T, x 443 T"),
        .. Docker("RETURN in DOCKER-USER goes on", Forward + "-A DOCKER-USER -s 162.158.4.0/24 -j RETURN\n-A DOCKER-USER -i eth0 -j DROP", "a 443 A, b 443 T"),
        .. Docker("a closed FORWARD without rules", "-A INPUT -p tcp -j ACCEPT", "a 443 T"),
        .. Docker("the answer of a container goes through FORWARD", "-A FORWARD -s 172.17.0.2 -d 162.158.4.0/24 -j DROP\n-A FORWARD -j ACCEPT", "a 443 N, b 443 A"),
        .. Docker("the third packet goes through FORWARD", "-A FORWARD -s 162.158.4.0/24 -m conntrack --ctstate ESTABLISHED -j DROP\n-A FORWARD -j ACCEPT", "a 443 H, b 443 A"),
        .. Docker("raw sees the packet before it is translated", "-A FORWARD -j ACCEPT", "a 443 T, b 443 A", Of("raw", "-A PREROUTING -d 172.17.0.2/32 ! -i docker0 -j DROP\n-A PREROUTING -s 162.158.4.0/24 -p tcp --dport 443 -j DROP")),
        .. Docker("OUTPUT and mangle INPUT are not on the way, mangle FORWARD and POSTROUTING are", "-A FORWARD -j ACCEPT\n-A OUTPUT -j DROP", "a 443 T, b 443 T, x 443 A", Of("mangle", "-A INPUT -j DROP\n-A FORWARD -s 162.158.4.0/24 -j DROP\n-A POSTROUTING -s 162.158.200.0/24 -o docker0 -j DROP")),
        .. Docker("what is not published is refused by the host itself", "-A FORWARD -j ACCEPT\n-A INPUT -p tcp -j REJECT", "a 80 R, a 443 A"),
        Case("nft: a translation to a container leads through forward", "a 443 A, b 443 T, a 80 T", new Load(LoadKind.Nft,
            Table(Chain("n", "nat", "prerouting", -100, "tcp dport 443 dnat to 172.17.0.2:443") + Chain("i", "filter", "input", 0, "", "drop") + Chain("f", "filter", "forward", 0, "ct state established,related accept\nip saddr 162.158.4.0/24 ip daddr 172.17.0.2 oifname \"docker0\" tcp dport 443 ct status dnat accept", "drop"), "ip"))) with { HasContainer = true },

        Case("legacy ACCEPT does not protect from the engine of nft", "a 443 T, b 443 A", Legacy("-A INPUT -p tcp -j ACCEPT"), Managed("-A INPUT -s 162.158.4.0/24 -j DROP", "ACCEPT")),
        Case("an ACCEPT of nft does not protect from legacy", "a 443 T", Legacy(""), Managed("-A INPUT -p tcp -j ACCEPT")),
        Case("a closed native chain beside an open iptables", "a 443 A, b 443 T", Managed("-A INPUT -p tcp -j ACCEPT"), new Load(LoadKind.Nft, Table(Chain("i", "filter", "input", -5, "ct state established accept\nip saddr 162.158.4.0/24 accept", "drop")))),
        Case("a ban in a native table before an allowlist of iptables", "a 443 R, b 443 A, x 443 T", Managed("-A INPUT -s 162.158.0.0/15 -p tcp -m multiport --dports 80,443 -j ACCEPT"), new Load(LoadKind.Nft, Table("set bans { type ipv4_addr; flags interval,timeout; elements = { 162.158.4.0/24 timeout 1d }; }\n" + Chain("f2b", "filter", "input", -1, "ip saddr @bans reject"), name: "f2b"))),
        Case("a native rule among those of iptables-nft keeps its condition", "a 443 T, b 443 A, x 443 T", Managed("-A INPUT -s 162.158.0.0/15 -p tcp -m multiport --dports 80,443 -j ACCEPT"), Native("add set ip filter bans { type ipv4_addr; flags interval; elements = { 162.158.4.0/24 }; }\ninsert rule ip filter INPUT ip saddr @bans drop")),
        Case("native rules between those of iptables-nft do not shift their options", "a 443 T, a 80 A, b 443 A, b 80 T, x 443 T", Managed("-A INPUT -s 162.158.4.0/24 -p tcp -m multiport --dports 80,8443 -j ACCEPT\n-A INPUT -s 162.158.200.0/24 -p tcp -m multiport --dports 443,8443 -j ACCEPT"),
            Native("insert rule ip filter INPUT index 1 tcp dport { 1, 2 } drop\nadd rule ip filter INPUT index 2 ip saddr 9.9.9.9 drop\nadd rule ip filter INPUT ip saddr 198.51.100.0/24 tcp dport 80 accept")),
        Case("a native rule that iptables-nft-save cannot print leaves the options of the others unread", "a 443 T, b 443 A?, x 443 T?", Managed("-A INPUT -s 162.158.0.0/15 -p tcp -m multiport --dports 80,443 -j ACCEPT"), Native("insert rule ip filter INPUT ct state new ip saddr 162.158.4.0/24 drop")),
        Case("a native base chain inside a table of iptables-nft", "a 443 T, b 443 A", Managed("-A INPUT -p tcp -j ACCEPT"), Native("add chain ip filter extra { type filter hook input priority 5; policy accept; }\nadd rule ip filter extra ip saddr 162.158.4.0/24 drop")),
        Case("a jump by a native rule to a chain of iptables-nft", "a 443 T, b 443 A", new Load(LoadKind.IptablesNft, Filter("-A INPUT -p tcp -j ACCEPT\n-A one -s 162.158.4.0/24 -m comment --comment x -j DROP", chains: "one")), Native("insert rule ip filter INPUT tcp dport 443 jump one")),
        Case("both families of iptables side by side", "a 443 A, a6 443 T, a6 80 A", Managed("-A INPUT -p tcp --dport 443 -j ACCEPT"), new Load(LoadKind.Ip6tablesLegacy, Filter("-A INPUT -p tcp --dport 80 -j ACCEPT"))),
        Case("a translation by legacy is seen by nft", "a 443 T, b 443 A", new Load(LoadKind.IptablesLegacy, Of("nat", "-A PREROUTING -s 162.158.4.0/24 -p tcp --dport 443 -j REDIRECT --to-ports 8443")), new Load(LoadKind.Nft, Table(Chain("i", "filter", "input", 0, "tcp dport 8443 drop")))),
        Case("a mark by nft is seen by legacy", "a 443 T, b 443 A", new Load(LoadKind.Nft, Table(Chain("p", "filter", "prerouting", -150, "ip saddr 162.158.4.0/24 meta mark set 0x3"))), Legacy("-A INPUT -m mark --mark 0x3 -j DROP\n-A INPUT -p tcp -j ACCEPT")),
        Case("notrack by legacy raw is seen by nft", "a 443 T, b 443 A", new Load(LoadKind.IptablesLegacy, Of("raw", "-A PREROUTING -s 162.158.4.0/24 -j CT --notrack")), new Load(LoadKind.Nft, Table(Chain("i", "filter", "input", 0, "ct state untracked drop")))),
        Case("a chain of nft at a priority between the tables of legacy", "a 443 T, b 443 A", new Load(LoadKind.IptablesLegacy, Of("mangle", "-A PREROUTING -s 162.158.4.0/24 -j MARK --set-mark 1")), new Load(LoadKind.Nft, Table(Chain("p", "filter", "prerouting", -149, "meta mark 1 drop") + Chain("q", "filter", "prerouting", -151, "meta mark 1 drop\nip saddr 162.158.200.0/24 meta mark != 0 drop")))),
        Case("nothing at all lets everything in", "a 443 A, a6 80 A"),
    ];

    private static IEnumerable<SemanticCase> Docker(string claim, string rules, string answers, string more = "") =>
        new[] { LoadKind.IptablesLegacy, LoadKind.IptablesNft }.Select(kind => new SemanticCase($"Docker: {claim} ({(kind == LoadKind.IptablesLegacy ? "legacy" : "nft")})",
            [new Load(kind, more + Of("nat", Publish, "DOCKER") + Filter(rules, chains: "DOCKER DOCKER-USER", established: false, forward: "DROP"))], Prediction.Parse(answers))
        { HasContainer = true });

    private static Load Legacy(string rules) => new(LoadKind.IptablesLegacy, Filter(rules));

    private static Load Managed(string rules, string input = "DROP") => new(LoadKind.IptablesNft, Filter(rules, input));

    private static Load Native(string text) => new(LoadKind.Nft, text + "\n");
}
