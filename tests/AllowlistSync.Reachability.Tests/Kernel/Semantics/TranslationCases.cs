using static AllowlistSync.Reachability.Tests.Kernel.Semantics.Rules;

namespace AllowlistSync.Reachability.Tests.Kernel.Semantics;

/// <summary>Address translation, connection tracking, and the three packets of a handshake.</summary>
internal static class TranslationCases
{
    private const string Redirect = "-A PREROUTING -p tcp --dport 443 -j REDIRECT --to-ports 8443";

    public static IEnumerable<SemanticCase> All =>
    [
        .. Both("behind REDIRECT, filter sees the new port", "-A INPUT -p tcp --dport 443 -j ACCEPT", "a 443 T, x 443 A", more: Of("nat", "-A PREROUTING -s 162.158.0.0/16 -p tcp --dport 443 -j REDIRECT --to-ports 8443")),
        .. Both("REDIRECT reaches the new port", "-A INPUT -p tcp --dport 8443 -j ACCEPT", "a 443 A, a 80 T, a 8443 A", more: Of("nat", Redirect)),
        .. Both("mangle PREROUTING sees the old port, mangle INPUT the new", "-A INPUT -p tcp -j ACCEPT", "a 443 T, b 443 T, x 443 A", more: Of("nat", Redirect) + Of("mangle", "-A PREROUTING -s 162.158.4.0/24 -p tcp --dport 443 -j DROP\n-A PREROUTING -p tcp -s 198.51.100.0/24 --dport 8443 -j DROP\n-A INPUT -s 162.158.200.0/24 -p tcp --dport 8443 -j DROP")),
        .. Both("DNAT to an own address", "-A INPUT -d 192.0.2.2 -p tcp --dport 8443 -j ACCEPT", "a 443 A, x 443 T", more: Of("nat", "-A PREROUTING -s 162.158.0.0/16 -p tcp --dport 443 -j DNAT --to-destination 192.0.2.2:8443")),
        .. Six("DNAT to an own address", "-A INPUT -p tcp --dport 8443 -j ACCEPT", "a6 443 A, x6 443 T", more: Of("nat", "-A PREROUTING -s 2a06:98c0::/29 -p tcp --dport 443 -j DNAT --to-destination [2001:db8::2]:8443")),
        .. Both("the original port of a translated connection", "-A INPUT -p tcp -m conntrack --ctorigdstport 443 -j ACCEPT", "a 443 A, a 8443 T", more: Of("nat", Redirect)),
        .. Both("a translated connection is in state DNAT, others are not", "-A INPUT -p tcp -m conntrack --ctstate DNAT -j ACCEPT", "a 443 A, a 8443 T", more: Of("nat", Redirect)),
        .. Both("a translation to where the connection goes anyway is no DNAT", "-A INPUT -p tcp -m conntrack --ctstate DNAT -j ACCEPT", "a 443 A, a 8443 T", more: Of("nat", "-A PREROUTING -p tcp -j REDIRECT --to-ports 8443")),
        .. Both("ACCEPT and RETURN in nat leave a connection alone", "-A INPUT -p tcp --dport 443 -j ACCEPT", "a 443 A, b 443 A, x 443 T", more: Of("nat", "-A PREROUTING -s 162.158.4.0/24 -j ACCEPT\n-A PREROUTING -j one\n-A one -s 162.158.200.0/24 -j RETURN\n-A one -p tcp --dport 443 -j REDIRECT --to-ports 80", "one")),
        .. Both("of two translations, the first is done", "-A INPUT -p tcp --dport 8443 -j ACCEPT", "a 443 A, b 443 T", more: Of("nat", "-A PREROUTING -s 162.158.200.0/24 -p tcp -j REDIRECT --to-ports 80\n" + Redirect)),
        .. Both("translations of sources and of the host's own connections change nothing", "-A INPUT -p tcp --dport 443 -j ACCEPT", "a 443 A", more: Of("nat", "-A POSTROUTING -j MASQUERADE\n-A OUTPUT -p tcp -j REDIRECT --to-ports 9")),
        .. Both("what is not tracked is UNTRACKED, and not NEW", "-A INPUT -s 162.158.4.0/24 -p tcp -m conntrack --ctstate UNTRACKED -j ACCEPT\n-A INPUT -p tcp -m conntrack --ctstate NEW -j ACCEPT", "a 443 A, b 443 T, x 443 A", more: Of("raw", "-A PREROUTING -s 162.158.0.0/16 -p tcp -j CT --notrack")),
        .. Both("what is not tracked is not translated", "-A INPUT -p tcp --dport 443 -j ACCEPT", "a 443 A, x 443 T", more: Of("raw", "-A PREROUTING -s 162.158.0.0/16 -p tcp -j NOTRACK") + Of("nat", Redirect)),
        .. Both("a connection whose first packet was not tracked goes on when its third is translated to where it goes anyway", "-A INPUT -p tcp -j ACCEPT", "a 443 A, x 443 A",
            more: Of("raw", "-A PREROUTING -s 162.158.0.0/16 -p tcp --syn -j NOTRACK") + Of("nat", "-A PREROUTING -p tcp -j DNAT --to-destination 192.0.2.2:443")),
        .. Both("what is not tracked is never ESTABLISHED: a rule for new packets alone lets half of it in", "-A INPUT -p tcp --syn -j ACCEPT", "a 443 H, x 443 A", more: Of("raw", "-A PREROUTING -s 162.158.0.0/16 -p tcp -j CT --notrack")),
        .. Both("before connection tracking, every packet is INVALID", "-A INPUT -p tcp -j ACCEPT", "a 443 T, b 443 A", more: Of("raw", "-A PREROUTING -s 162.158.4.0/24 -p tcp -m conntrack --ctstate INVALID -j DROP\n-A PREROUTING -s 162.158.200.0/24 -m conntrack --ctstate NEW -j DROP")),
        .. Both("without a rule for ESTABLISHED the third packet is lost", "-A INPUT -p tcp --dport 443 -m conntrack --ctstate NEW -j ACCEPT", "a 443 H, a 80 T", established: false),
        .. Both("--syn alone lets the first packet in, not the third", "-A INPUT -p tcp --syn --dport 443 -j ACCEPT", "a 443 H", established: false),
        .. Both("a rule without state lets all three packets in", "-A INPUT -p tcp --dport 443 -j ACCEPT", "a 443 A", established: false),
        .. Both("a drop of established packets", "-A INPUT -s 162.158.4.0/24 -m conntrack --ctstate ESTABLISHED -j DROP\n-A INPUT -p tcp -j ACCEPT", "a 443 H, b 443 A", established: false),
        .. Both("a closed OUTPUT keeps the answer", "-A INPUT -p tcp -j ACCEPT", "a 443 N", output: "DROP"),
        .. Both("a closed OUTPUT that lets ESTABLISHED out", "-A INPUT -p tcp -j ACCEPT\n-A OUTPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT", "a 443 A", output: "DROP"),
        .. Both("a closed OUTPUT that lets new connections out only", "-A INPUT -p tcp -j ACCEPT\n-A OUTPUT -m conntrack --ctstate NEW -j ACCEPT", "a 443 N", output: "DROP"),
        .. Both("OUTPUT by the server's port and by interface", "-A INPUT -p tcp -j ACCEPT\n-A OUTPUT -o eth0 -p tcp --sport 443 -j ACCEPT\n-A OUTPUT -o eth1 -j ACCEPT", "a 443 A, a 80 N", output: "DROP"),
        .. Both("an address that may come in and may not be answered", "-A INPUT -p tcp --dport 443 -j ACCEPT\n-A OUTPUT -d 162.158.4.0/24 -j DROP", "a 443 N, b 443 A"),
        .. Both("a REJECT in OUTPUT keeps the answer as well", "-A INPUT -p tcp --dport 443 -j ACCEPT\n-A OUTPUT -d 162.158.4.0/24 -j REJECT", "a 443 N, b 443 A"),
        .. Both("the answer goes through raw and mangle OUTPUT, mangle POSTROUTING and security OUTPUT", "-A INPUT -p tcp -j ACCEPT", "162.158.1.1 443 N, 162.158.2.1 443 N, 162.158.3.1 443 N, a 443 N, b 443 A",
            more: Of("raw", "-A OUTPUT -d 162.158.1.0/24 -j DROP") + Of("mangle", "-A OUTPUT -d 162.158.2.0/24 -j DROP\n-A POSTROUTING -d 162.158.3.0/24 -j DROP") + Of("security", "-A OUTPUT -d 162.158.4.0/24 -j DROP")),
        .. Both("behind a translation, OUTPUT sees the answer come from the new port", "-A INPUT -p tcp --dport 8443 -j ACCEPT\n-A OUTPUT -p tcp --sport 443 -j DROP\n-A OUTPUT -d 162.158.4.0/24 -p tcp --sport 8443 -j DROP", "a 443 N, b 443 A", more: Of("nat", Redirect)),
        .. Both("a refusal that OUTPUT keeps looks like silence", "-A INPUT -p tcp -j REJECT\n-A OUTPUT -d 162.158.4.0/24 -j DROP", "a 443 T, b 443 R"),
        .. Both("the state of the answer is ESTABLISHED, in the direction of replies", "-A INPUT -p tcp -j ACCEPT\n-A OUTPUT -m conntrack --ctstate ESTABLISHED --ctdir REPLY -j ACCEPT", "a 443 A", output: "DROP"),
    ];
}
