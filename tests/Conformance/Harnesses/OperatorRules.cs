namespace AllowlistSync.Conformance.Harnesses;

/// <summary>
/// An operator's rules as iptables-save writes them, with what people have: other tables, chains of fail2ban, a set of bans, comments, limits, a policy of
/// drop, and SSH for an office. Loading one of them empties the tables that it names.
/// </summary>
public static class OperatorRules
{
    /// <summary>For iptables-restore.</summary>
    public static string IPv4 { get; } = Rules("icmp", "198.51.100.0/24", "203.0.113.99/32", "-A INPUT -m set --match-set bans src -j DROP\n");

    /// <summary>For ip6tables-restore.</summary>
    public static string IPv6 { get; } = Rules("ipv6-icmp", "2001:db8:1::/48", "2001:db8:bad::/48", "");

    private static string Rules(string icmp, string office, string banned, string bans) => $"""
        *mangle
        :PREROUTING ACCEPT [0:0]
        :INPUT ACCEPT [0:0]
        :FORWARD ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        :POSTROUTING ACCEPT [0:0]
        -A PREROUTING -i eth9 -m comment --comment "uplink two" -j MARK --set-xmark 0x2/0xffffffff
        COMMIT
        *nat
        :PREROUTING ACCEPT [0:0]
        :INPUT ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        :POSTROUTING ACCEPT [0:0]
        -A POSTROUTING -o eth9 -j MASQUERADE
        COMMIT
        *filter
        :INPUT DROP [0:0]
        :FORWARD DROP [0:0]
        :OUTPUT ACCEPT [0:0]
        :blocked - [0:0]
        :f2b-sshd - [0:0]
        -A INPUT -p tcp -m multiport --dports 22 -j f2b-sshd
        -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -m comment --comment "answers \"only\"" -j ACCEPT
        -A INPUT -i lo -j ACCEPT
        -A INPUT -m conntrack --ctstate INVALID -j DROP
        -A INPUT -p {icmp} -j ACCEPT
        -A INPUT -s {office} -p tcp -m tcp --dport 22 -m comment --comment office -j ACCEPT
        {bans}-A INPUT -j blocked
        -A INPUT -p tcp -m tcp --dport 8443 -m limit --limit 5/min -j LOG --log-prefix "knock "
        -A INPUT -p tcp -m tcp --dport 8443 -j DROP
        -A blocked -s {banned} -j DROP
        -A f2b-sshd -s {banned} -j REJECT
        -A f2b-sshd -j RETURN
        COMMIT

        """;
}
