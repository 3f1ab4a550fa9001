using static AllowlistSync.Reachability.Tests.Kernel.Semantics.Rules;

namespace AllowlistSync.Reachability.Tests.Kernel.Semantics;

/// <summary>Which packets an ipset holds.</summary>
internal static class IpsetCases
{
    public static IEnumerable<SemanticCase> All =>
    [
        .. Set("hash:ip holds addresses", "create s hash:ip\nadd s 162.158.4.5\nadd s 198.51.100.4/30", "src", "a 443 A, 162.158.4.6 443 T, x 443 A, 198.51.100.8 443 T"),
        .. Set("hash:ip with a netmask holds networks", "create s hash:ip netmask 24\nadd s 162.158.4.77", "src", "a 443 A, b 443 T"),
        .. Set("hash:net: what is not excluded", "create s hash:net\nadd s 162.158.0.0/15\nadd s 162.158.4.0/24 nomatch", "src", "a 443 T, b 443 A, x 443 T"),
        .. Set("hash:net: the most specific network decides", "create s hash:net\nadd s 162.158.0.0/15\nadd s 162.158.0.0/16 nomatch\nadd s 162.158.4.0/24", "src", "a 443 A, b 443 T, 162.159.0.1 443 A"),
        .. Set("a set may be negated", "create s hash:net\nadd s 162.158.0.0/15\nadd s 162.158.4.0/24 nomatch", "src", "a 443 A, b 443 T, x 443 A", "! "),
        .. Set("an empty set holds nothing", "create s hash:net", "src", "a 443 T"),
        .. Set("negated, an empty set holds all", "create s hash:ip", "src", "a 443 A", "! "),
        .. Set("elements with a lifetime hold while they live", "create s hash:ip timeout 600\nadd s 162.158.4.5\nadd s 162.158.200.5 timeout 3600\nadd s 198.51.100.7 timeout 0", "src", "a 443 A, b 443 A, x 443 A"),
        .. Set("comments, counters and skbinfo change nothing", "create s hash:net comment counters skbinfo\nadd s 162.158.4.0/24 comment \"add s 0.0.0.0/1\" skbmark 0x1", "src", "a 443 A, b 443 T"),
        .. Set("destination instead of source", "create s hash:ip\nadd s 192.0.2.2", "dst", "a 443 A"),
        .. Set("hash:ip,port holds both, with the protocol", "create s hash:ip,port\nadd s 162.158.4.5,tcp:443\nadd s 162.158.4.5,udp:80\nadd s 162.158.200.5,80-90", "src,dst", "a 443 A, a 80 T, b 80 A, b 443 T"),
        .. Set("hash:net,port", "create s hash:net,port\nadd s 162.158.0.0/16,443\nadd s 162.158.4.0/24,tcp:443 nomatch\nadd s 162.158.4.0/24,80", "src,dst", "a 443 T, a 80 A, b 443 A, b 80 T"),
        .. Set("hash:ip,port,ip", "create s hash:ip,port,ip\nadd s 192.0.2.2,tcp:443,162.158.4.5", "dst,dst,src", "a 443 A, a 80 T, b 443 T"),
        .. Set("hash:ip,port,net", "create s hash:ip,port,net\nadd s 192.0.2.2,tcp:443,162.158.0.0/16", "dst,dst,src", "a 443 A, a 80 T, x 443 T"),
        .. Set("hash:net,iface", "create s hash:net,iface\nadd s 162.158.4.0/24,eth0\nadd s 162.158.200.0/24,eth1", "src,src", "a 443 A, b 443 T"),
        .. Set("hash:net,iface: the most specific network decides, even when it names another interface", "create s hash:net,iface\nadd s 162.158.0.0/16,eth0\nadd s 162.158.4.0/24,eth1", "src,src", "a 443 T, b 443 A"),
        .. Set("bitmap:port", "create s bitmap:port range 0-1024\nadd s 443\nadd s 22-25", "dst", "a 443 A, a 80 T, a 8443 T"),
        .. Set("bitmap:ip", "create s bitmap:ip range 162.158.4.0/24\nadd s 162.158.4.0-162.158.4.7", "src", "a 443 A, 162.158.4.8 443 T, b 443 T"),
        .. Set("list:set holds what one of its members holds", "create n hash:net\nadd n 162.158.4.0/24\ncreate i hash:ip\nadd i 198.51.100.7\ncreate s list:set\nadd s n\nadd s i", "src", "a 443 A, x 443 A, b 443 T"),
        .. Set("a network is held by all its addresses", "create s hash:net\nadd s 162.158.4.5\nadd s 0.0.0.0/1", "src", "a 443 A, b 443 T, 9.9.9.9 443 A"),
        .. Six("hash:net", "-A INPUT -p tcp -m set --match-set s src -j ACCEPT", "a6 443 A, x6 443 T, 2a06:98c1::1 443 T", sets: "create s hash:net family inet6\nadd s 2a06:98c0::/29\nadd s 2a06:98c1::/32 nomatch"),
        .. Six("hash:ip,port", "-A INPUT -m set --match-set s src,dst -j ACCEPT", "a6 443 A, a6 80 T", sets: "create s hash:ip,port family inet6\nadd s 2a06:98c0:1::5,tcp:443"),
        .. Both("a ban above the allowlist", "-A INPUT -m set --match-set bans src -j DROP\n-A INPUT -m set --match-set cloudflare src -p tcp -m multiport --dports 80,443 -j ACCEPT", "a 443 T, b 443 A, b 8443 T, x 443 T", sets: "create bans hash:ip timeout 86400\nadd bans 162.158.4.5\ncreate cloudflare hash:net\nadd cloudflare 162.158.0.0/15"),
        .. Both("two sets in one rule must both hold", "-A INPUT -m set --match-set one src -m set ! --match-set two src -p tcp -j ACCEPT", "a 443 T, b 443 A", sets: "create one hash:net\nadd one 162.158.0.0/15\ncreate two hash:ip\nadd two 162.158.4.5"),
    ];

    private static IEnumerable<SemanticCase> Set(string claim, string set, string flags, string answers, string not = "") =>
        Both("ipset: " + claim, $"-A INPUT -p tcp -m set {not}--match-set s {flags} -j ACCEPT", answers, sets: set);
}
