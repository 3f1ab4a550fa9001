using static AllowlistSync.Reachability.Tests.Kernel.Semantics.Rules;

namespace AllowlistSync.Reachability.Tests.Kernel.Semantics;

/// <summary>How a packet goes through the chains of iptables, and through its tables.</summary>
internal static class ChainCases
{
    public static IEnumerable<SemanticCase> All =>
    [
        .. Both("of two rules that match, the first decides", "-A INPUT -s 162.158.0.0/16 -j DROP\n-A INPUT -s 162.158.0.0/15 -p tcp -j ACCEPT\n-A INPUT -s 162.158.0.0/15 -j DROP", "a 443 T, 162.159.0.1 443 A, x 443 T"),
        .. Both("what no rule matches gets the policy", "-A INPUT -s 162.158.0.0/16 -j DROP", "a 443 T, x 443 A", input: "ACCEPT"),
        .. Both("RETURN in a built-in chain means the policy, and the rules behind are skipped", "-A INPUT -s 162.158.4.0/24 -j RETURN\n-A INPUT -p tcp -j ACCEPT", "a 443 T, b 443 A"),
        .. Both("RETURN in an open built-in chain lets in", "-A INPUT -s 162.158.4.0/24 -j RETURN\n-A INPUT -p tcp -j DROP", "a 443 A, b 443 T", input: "ACCEPT"),
        .. Both("RETURN in a chain goes on behind the jump", "-A INPUT -j one\n-A INPUT -p tcp --dport 443 -j ACCEPT\n-A one -s 162.158.4.0/24 -j RETURN\n-A one -j DROP", "a 443 A, a 80 T, b 443 T", chains: "one"),
        .. Both("the end of a chain goes on behind the jump", "-A INPUT -s 162.158.0.0/16 -j one\n-A INPUT -p tcp --dport 443 -j ACCEPT\n-A one -s 162.158.4.0/24 -j DROP", "a 443 T, b 443 A, b 80 T", chains: "one"),
        .. Both("ACCEPT in a chain that was jumped to ends the table", "-A INPUT -j one\n-A INPUT -j DROP\n-A one -s 162.158.4.0/24 -j ACCEPT", "a 443 A, b 443 T", chains: "one"),
        .. Both("from the end of a chain that a built-in chain goes to, the policy follows", "-A INPUT -s 162.158.4.0/24 -g one\n-A INPUT -p tcp -j ACCEPT\n-A one -p tcp --dport 80 -j ACCEPT", "a 80 A, a 443 T, b 443 A", chains: "one"),
        .. Both("a goto inside a called chain returns to that chain's caller", "-A INPUT -j one\n-A INPUT -p tcp --dport 443 -j ACCEPT\n-A one -s 162.158.4.0/24 -g two\n-A one -j DROP\n-A two -p tcp --dport 80 -j DROP", "a 443 A, a 80 T, b 443 T", chains: "one two"),
        .. Both("RETURN behind a goto returns to the caller's caller", "-A INPUT -j one\n-A INPUT -p tcp -j ACCEPT\n-A one -g two\n-A one -j DROP\n-A two -s 162.158.4.0/24 -j RETURN\n-A two -j DROP", "a 443 A, b 443 T", chains: "one two"),
        .. Both("jumps nest", "-A INPUT -j one\n-A INPUT -p tcp --dport 443 -j ACCEPT\n-A one -j two\n-A one -s 162.158.4.0/24 -j DROP\n-A two -j three\n-A two -s 162.158.200.0/24 -p tcp -j ACCEPT\n-A three -s 198.51.100.0/24 -j RETURN", "a 443 T, b 80 A, x 443 A, x 80 T", chains: "one two three"),
        .. Both("a chain that nobody calls does nothing", "-A INPUT -p tcp -j ACCEPT\n-A one -j DROP", "a 443 A", chains: "one"),
        .. Both("a rule without a target goes on", "-A INPUT -s 162.158.0.0/16\n-A INPUT -p tcp --dport 443 -j ACCEPT", "a 443 A, a 80 T"),
        .. Both("LOG and NFLOG go on", "-A INPUT -j LOG --log-prefix \"-j DROP \"\n-A INPUT -j NFLOG --nflog-group 1\n-A INPUT -p tcp --dport 443 -j ACCEPT", "a 443 A, a 80 T"),
        .. Both("REJECT refuses, with a reset or an ICMP error", "-A INPUT -s 162.158.4.0/24 -j REJECT\n-A INPUT -s 162.158.200.0/24 -p tcp -j REJECT --reject-with tcp-reset\n-A INPUT -s 198.51.100.0/24 -j REJECT --reject-with icmp-admin-prohibited", "a 443 R, b 443 R, x 443 R"),
        .. Both("FORWARD is not on the way to the host itself", "-A FORWARD -j DROP\n-A INPUT -p tcp -j ACCEPT", "a 443 A"),
        .. Both("raw PREROUTING comes before filter", "-A INPUT -p tcp -j ACCEPT", "a 443 T, x 443 A", more: Of("raw", "-A PREROUTING -s 162.158.0.0/16 -j DROP")),
        .. Both("ACCEPT in raw ends raw and nothing else", "-A INPUT -s 198.51.100.0/24 -j ACCEPT", "a 443 T, x 443 A", more: Of("raw", "-A PREROUTING -s 162.158.0.0/16 -j ACCEPT\n-A PREROUTING -s 162.158.0.0/16 -j DROP")),
        .. Both("mangle PREROUTING drops", "-A INPUT -p tcp -j ACCEPT", "a 443 T, x 443 A", more: Of("mangle", "-A PREROUTING -s 162.158.0.0/16 -j DROP")),
        .. Both("mangle INPUT drops", "-A INPUT -p tcp -j ACCEPT", "a 443 T, x 443 A", more: Of("mangle", "-A INPUT -s 162.158.0.0/16 -j DROP")),
        .. Both("security INPUT drops what filter accepted", "-A INPUT -p tcp -j ACCEPT", "a 443 T, x 443 A", more: Of("security", "-A INPUT -s 162.158.0.0/16 -j DROP")),
        .. Both("mangle FORWARD and POSTROUTING do not see what comes in", "-A INPUT -p tcp -j ACCEPT", "a 443 A", more: Of("mangle", "-A FORWARD -j DROP\n-A POSTROUTING -p tcp --dport 443 -j DROP")),
        .. Both("a mark that mangle sets is seen in filter", "-A INPUT -p tcp -m mark --mark 0x10/0xf0 -j ACCEPT", "a 443 A, b 443 T, x 443 T", more: Of("mangle", "-A PREROUTING -s 162.158.0.0/16 -j MARK --set-xmark 0x15/0xffffffff\n-A PREROUTING -s 162.158.200.0/24 -j MARK --set-xmark 0x20/0xf0")),
        .. Both("--set-mark with a mask keeps the other bits and sets, --set-xmark flips", "-A INPUT -p tcp --dport 443 -m mark --mark 0x3 -j ACCEPT\n-A INPUT -p tcp --dport 80 -m mark --mark 0x2 -j ACCEPT", "a 443 A, a 80 T, b 80 A, b 443 T", more: Of("mangle", "-A PREROUTING -j MARK --set-xmark 0x1/0xffffffff\n-A PREROUTING -s 162.158.4.0/24 -j MARK --set-mark 0x2/0x2\n-A PREROUTING -s 162.158.200.0/24 -j MARK --set-xmark 0x2/0x3")),
        .. Both("or, and, xor of marks", "-A INPUT -p tcp -m mark --mark 0x6 -j ACCEPT", "a 443 A", more: Of("mangle", "-A PREROUTING -j MARK --set-mark 0x1\n-A PREROUTING -j MARK --or-mark 0x12\n-A PREROUTING -j MARK --and-mark 0xf\n-A PREROUTING -j MARK --xor-mark 0x5")),
        .. Both("the mark of a connection can be saved and restored", "-A INPUT -p tcp -m connmark --mark 0x9 -m mark --mark 0x9 -j ACCEPT", "a 443 A, x 443 T", more: Of("mangle", "-A PREROUTING -s 162.158.0.0/16 -j MARK --set-mark 0x9\n-A PREROUTING -j CONNMARK --save-mark\n-A PREROUTING -j MARK --set-mark 0\n-A PREROUTING -j CONNMARK --restore-mark")),
        .. Both("targets that change other things go on", "-A INPUT -p tcp --dport 443 -j ACCEPT", "a 443 A, a 80 T", more: Of("mangle", "-A PREROUTING -j TOS --set-tos 0x10/0x3f\n-A PREROUTING -j DSCP --set-dscp 0x0a\n-A PREROUTING -p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1000\n-A PREROUTING -j TTL --ttl-set 60")),
    ];
}
