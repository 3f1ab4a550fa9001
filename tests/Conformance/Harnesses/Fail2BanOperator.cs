namespace AllowlistSync.Conformance.Harnesses;

/// <summary>What the operator of a fail2ban has: a firewall, two jails, lists of his own of what they ignore, and bans.</summary>
public static class Fail2BanOperator
{
    /// <summary>His firewall: the web for everybody, SSH for the office.</summary>
    public const string Rules = """
        table inet filter {
          chain input {
            type filter hook input priority filter
            policy drop
            ct state established,related accept
            tcp dport { 80, 443 } accept
            ip saddr 198.51.100.0/24 tcp dport 22 accept
            ip6 saddr 2001:db8:1::/48 tcp dport 22 accept
            meta l4proto ipv6-icmp accept
          }
        }

        """;

    /// <summary>What counts as a failure.</summary>
    public const string Filter = """
        [Definition]
        failregex = ^\s*bad login from <HOST>$
        datepattern = ^%%Y-%%m-%%d %%H:%%M:%%S

        """;

    /// <summary>His jail.local. The jail `two` has a list of its own, and `later` is defined and not enabled.</summary>
    public const string Jails = """
        [DEFAULT]
        ignoreip = 127.0.0.1/8 ::1 104.24.0.0/14
        banaction = nftables-multiport
        banaction_allports = nftables-allports
        backend = polling
        filter = webtest
        port = http,https
        maxretry = 2
        bantime = -1

        [webtest]
        enabled = true
        logpath = /var/log/web.log

        [two]
        enabled = true
        logpath = /var/log/two.log
        ignoreip = 192.0.2.1

        [later]
        enabled = false
        logpath = /var/log/later.log

        """;

    /// <summary>What he lists himself, some of which we list too.</summary>
    public static readonly string[] Ignored = ["webtest ignores 104.24.0.0/14"];
}
