using static AllowlistSync.Reachability.Tests.Kernel.Semantics.Rules;

namespace AllowlistSync.Reachability.Tests.Kernel.Semantics;

/// <summary>What the matches of iptables say of the first packet of a connection.</summary>
internal static class MatchCases
{
    public static IEnumerable<SemanticCase> All =>
    [
        .. Both("a negated source", "-A INPUT ! -s 162.158.4.0/24 -p tcp -j ACCEPT", "a 443 T, b 443 A"),
        .. Both("a list of sources is several rules", "-A INPUT -s 162.158.4.0/24,198.51.100.7 -p tcp -j ACCEPT", "a 443 A, x 443 A, b 443 T"),
        .. Both("a range of sources, and its negation", "-A INPUT -m iprange --src-range 162.158.4.5-162.158.4.9 -p tcp --dport 443 -j ACCEPT\n-A INPUT -m iprange ! --src-range 1.0.0.0-162.158.200.4 -p tcp --dport 80 -j ACCEPT", "a 443 A, 162.158.4.4 443 T, 162.158.4.9 443 A, 162.158.4.10 443 T, b 80 A, a 80 T"),
        .. Both("destination addresses", "-A INPUT -d 192.0.2.2 -p tcp --dport 443 -j ACCEPT\n-A INPUT ! -d 192.0.2.0/24 -p tcp -j ACCEPT\n-A INPUT -m iprange --dst-range 192.0.2.0-192.0.2.2 -p tcp --dport 80 -j ACCEPT", "a 443 A, a 80 A, a 8443 T"),
        .. Both("interfaces: exact, the start of a name, negated", "-A INPUT -i eth1 -j ACCEPT\n-A INPUT -i et -j ACCEPT\n-A INPUT ! -i eth+ -j ACCEPT\n-A INPUT -i e+ -p tcp --dport 443 -j ACCEPT\n-A INPUT -i eth0 -p tcp --dport 80 -j ACCEPT", "a 443 A, a 80 A, a 8443 T"),
        .. Both("protocols by name, number, negated, all", "-A INPUT -p udp -j ACCEPT\n-A INPUT -p icmp -j ACCEPT\n-A INPUT ! -p tcp -j ACCEPT\n-A INPUT -p 6 -s 162.158.4.0/24 -j ACCEPT\n-A INPUT ! -p udp -s 162.158.200.0/24 -j ACCEPT\n-A INPUT -p all -s 198.51.100.7 -j ACCEPT", "a 443 A, b 443 A, x 443 A, 198.51.100.8 443 T"),
        .. Both("a port of another protocol never matches", "-A INPUT -p udp -m udp --dport 443 -j ACCEPT\n-A INPUT -p udp -m udp ! --dport 443 -j ACCEPT", "a 443 T, a 80 T"),
        .. Both("destination ports: one, ranges, open ranges, negated", "-A INPUT -p tcp --dport 442:443 -s 162.158.4.0/24 -j ACCEPT\n-A INPUT -p tcp --dport :80 -s 162.158.200.0/24 -j ACCEPT\n-A INPUT -p tcp --dport 444: -s 162.158.200.0/24 -j ACCEPT\n-A INPUT -p tcp ! --dport 443 -s 198.51.100.0/24 -j ACCEPT", "a 443 A, a 80 T, b 80 A, b 443 T, b 8443 A, x 80 A, x 443 T"),
        .. Both("multiport: several, ranges, negated", "-A INPUT -p tcp -m multiport --dports 22,442:443 -s 162.158.4.0/24 -j ACCEPT\n-A INPUT -p tcp -m multiport ! --dports 80,443 -s 162.158.200.0/24 -j ACCEPT", "a 443 A, a 80 T, b 443 T, b 8443 A"),
        .. Both("multiport --ports asks for either port", "-A INPUT -p tcp -m multiport --ports 80,443 -j ACCEPT", "a 443 A, a 8443 T"),
        .. Both("multiport --ports with high ports may be the visitor's own", "-A INPUT -p tcp -m multiport --ports 32768:60999 -j ACCEPT", "a 443 A?"),
        .. Both("source ports of visitors are 1024 and above", "-A INPUT -p tcp --sport 1024:65535 --dport 443 -j ACCEPT\n-A INPUT -p tcp --sport 1:1023 -j ACCEPT\n-A INPUT -p tcp ! --sport 1024: -j ACCEPT", "a 443 A, a 80 T"),
        .. Both("a part of the source ports cannot be known", "-A INPUT -p tcp --sport 32768:60999 -j ACCEPT", "a 443 A?"),
        .. Both("TCP flags", "-A INPUT -p tcp --tcp-flags FIN,SYN,RST,ACK SYN -s 162.158.4.0/24 -j ACCEPT\n-A INPUT -p tcp --tcp-flags SYN,ACK ACK -j ACCEPT\n-A INPUT -p tcp --tcp-flags ALL NONE -j ACCEPT\n-A INPUT -p tcp ! --tcp-flags SYN SYN -j ACCEPT\n-A INPUT -p tcp --syn -s 162.158.200.0/24 -j ACCEPT\n-A INPUT -p tcp ! --syn -j ACCEPT", "a 443 A, b 443 A, x 443 T"),
        .. Both("a whole packet is no fragment", "-A INPUT -f -j ACCEPT\n-A INPUT ! -f -p tcp --dport 443 -j ACCEPT", "a 443 A, a 80 T"),
        .. Both("a new connection is NEW and nothing else", "-A INPUT -m conntrack --ctstate INVALID,RELATED,UNTRACKED,ESTABLISHED,DNAT,SNAT -j DROP\n-A INPUT -m conntrack --ctstate NEW,INVALID -s 162.158.4.0/24 -j ACCEPT\n-A INPUT -m state --state NEW -s 162.158.200.0/24 -j ACCEPT", "a 443 A, b 443 A, x 443 T"),
        .. Both("negated states", "-A INPUT -m conntrack ! --ctstate NEW -j ACCEPT\n-A INPUT -m conntrack ! --ctstate INVALID,ESTABLISHED -p tcp --dport 443 -j ACCEPT", "a 443 A, a 80 T"),
        .. Both("status NONE is a mask without bits: it never matches", "-A INPUT -p tcp -m conntrack --ctstatus NONE -j ACCEPT\n-A INPUT -s 162.158.4.0/24 -p tcp -m conntrack ! --ctstatus NONE -j ACCEPT", "a 443 A, b 443 T"),
        .. Both("a new connection has not been answered, nor assured", "-A INPUT -m conntrack --ctstatus SEEN_REPLY,ASSURED -j ACCEPT\n-A INPUT -m conntrack ! --ctstatus ASSURED -p tcp --dport 443 -j ACCEPT", "a 443 A, a 80 T"),
        .. Both("direction, protocol and original addresses of a connection", "-A INPUT -m conntrack --ctdir REPLY -j ACCEPT\n-A INPUT -m conntrack --ctproto udp -j ACCEPT\n-A INPUT -m conntrack --ctdir ORIGINAL --ctproto tcp --ctorigsrc 162.158.4.0/24 --ctorigdst 192.0.2.2 --ctorigdstport 443 -j ACCEPT", "a 443 A, a 80 T, b 443 T"),
        .. Both("mark and connection mark begin as 0", "-A INPUT -m mark ! --mark 0x0 -j ACCEPT\n-A INPUT -m connmark --mark 0x1 -j ACCEPT\n-A INPUT -p tcp --dport 443 -m mark --mark 0x0/0xff -m connmark --mark 0x0 -j ACCEPT", "a 443 A, a 80 T"),
        .. Both("an own address is LOCAL and not UNICAST", "-A INPUT -m addrtype --dst-type UNICAST -j ACCEPT\n-A INPUT -m addrtype ! --dst-type LOCAL -j ACCEPT\n-A INPUT -m addrtype --dst-type BROADCAST,MULTICAST -j ACCEPT\n-A INPUT -m addrtype --dst-type LOCAL -p tcp --dport 443 -j ACCEPT", "a 443 A, a 80 T"),
        .. Both("of several address types, one is enough", "-A INPUT -m addrtype --dst-type LOCAL,UNICAST -p tcp --dport 443 -j ACCEPT", "a 443 A"),
        .. Both("a stranger's address is UNICAST", "-A INPUT -m addrtype --src-type LOCAL -j ACCEPT\n-A INPUT -m addrtype --src-type UNICAST --dst-type LOCAL -p tcp --dport 443 -j ACCEPT", "a 443 A, a 80 T"),
        .. Six("an own address is UNICAST as well as LOCAL", "-A INPUT -m addrtype --dst-type UNICAST -p tcp --dport 443 -j ACCEPT", "a6 443 A, a6 80 T"),
        .. Six("several address types must all hold", "-A INPUT -p tcp -m addrtype --src-type LOCAL,UNICAST -j ACCEPT\n-A INPUT -p tcp -m addrtype --dst-type LOCAL,UNICAST --dport 443 -j ACCEPT", "a6 443 A, a6 80 T"),
        .. Six("the basics", "-A INPUT -s 2a06:98c0::/29 -p tcp --dport 443 -j ACCEPT\n-A INPUT -p ipv6-icmp -j ACCEPT\n-A INPUT ! -s 2a06:98c0::/29 -d 2001:db8::2 -p tcp -m multiport --dports 80 -j ACCEPT", "a6 443 A, a6 80 T, x6 443 T, x6 80 A, a 443 A"),
        .. Six("headers that a plain packet lacks", "-A INPUT -m frag --fragid 1 -j ACCEPT\n-A INPUT -m rt --rt-type 0 -j ACCEPT\n-A INPUT -p tcp --dport 443 -j ACCEPT", "a6 443 A, a6 80 T"),
        .. Both("a hardware address decides when the gateway's is known", "-A INPUT -m mac --mac-source 02:00:00:00:00:01 -p tcp --dport 443 -j ACCEPT\n-A INPUT -m mac ! --mac-source 02:00:00:00:00:01 -j ACCEPT", "a 443 A, a 80 T"),
        .. Both("packets come as unicast", "-A INPUT -m pkttype --pkt-type broadcast -j ACCEPT\n-A INPUT -m pkttype ! --pkt-type unicast -j ACCEPT\n-A INPUT -m pkttype --pkt-type unicast -p tcp --dport 443 -j ACCEPT", "a 443 A, a 80 T"),
        .. Both("comments change nothing, whatever they say", "-A INPUT -s 162.158.4.0/24 -p tcp -m comment --comment \"-j DROP ! -s \\\"x\\\"\" -j ACCEPT", "a 443 A, b 443 T"),
        .. Both("matches of protocols that TCP is not", "-A INPUT -p esp -m esp --espspi 1 -j ACCEPT\n-A INPUT -p sctp -m sctp --dport 443 -j ACCEPT\n-A INPUT -p icmp -m icmp --icmp-type 8 -j ACCEPT\n-A INPUT -p tcp --dport 443 -j ACCEPT", "a 443 A, a 80 T"),
        .. Both("a rate cannot be known, and a drop behind it leaves no doubt", "-A INPUT -p tcp --dport 443 -m limit --limit 5/min -j ACCEPT\n-A INPUT -s 198.51.100.0/24 -m limit --limit 5/min -j DROP", "a 443 A?, x 80 T, a 80 T"),
        .. Both("doubt about a rule that only logs is no doubt", "-A INPUT -m limit --limit 1/hour -j LOG\n-A INPUT -p tcp --dport 443 -j ACCEPT", "a 443 A, a 80 T"),
        .. Both("an unknown ACCEPT before a sure one is no doubt", "-A INPUT -p tcp -m statistic --mode random --probability 0.5 -j ACCEPT\n-A INPUT -p tcp --dport 443 -j ACCEPT", "a 443 A"),
        .. Both("recent --set matches and remembers", "-A INPUT -p tcp --dport 443 -m recent --set --name seen -j ACCEPT", "a 443 A, a 80 T"),
        .. Both("what depends on the visitor's packet cannot be known", "-A INPUT -p tcp --dport 443 -m length --length 40:80 -j ACCEPT\n-A INPUT -p tcp --dport 80 -m ttl --ttl-gt 10 -j ACCEPT\n-A INPUT -p tcp --dport 8443 -m tcpmss --mss 500:1500 -j ACCEPT", "a 443 A?, a 80 A?, a 8443 A?"),
        .. Both("an option that fits no packet for one reason needs no other", "-A INPUT -s 198.51.100.0/24 -m limit --limit 1/hour -j DROP\n-A INPUT -p tcp -j ACCEPT", "a 443 A, x 443 T?"),
        .. Both("-p tcp with several matches needs all", "-A INPUT -s 162.158.0.0/15 -i eth0 -p tcp -m tcp --dport 443 -m conntrack --ctstate NEW -m comment --comment web -m mark --mark 0x0 -m multiport --sports 1024:65535 -j ACCEPT", "a 443 A, x 443 T, a 80 T"),
    ];
}
