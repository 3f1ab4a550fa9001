namespace AllowlistSync.Tests.EndToEnd;

/// <summary>Rule sets of operators.</summary>
internal static class Firewalls
{
    /// <summary>Nothing comes in but ssh; beside it what other tools have made.</summary>
    public const string Drop = """
        table ip docker {
          chain forward { type filter hook forward priority filter; policy accept; }
        }
        table inet filter {
          set bans { type ipv4_addr; elements = { 198.51.100.9, 198.51.100.10 } }
          chain input {
            type filter hook input priority filter; policy drop;
            ct state established,related accept
            ct state invalid drop
            iifname "lo" accept
            tcp dport 22 accept comment "ssh"
            meta l4proto ipv6-icmp accept
            counter
          }
        }
        """;

    /// <summary>The operator's own sets, empty, and rules that use them.</summary>
    public const string Sets = """
        table inet filter {
          set cf4 { type ipv4_addr; flags interval; }
          set cf6 { type ipv6_addr; flags interval; }
          chain input {
            type filter hook input priority filter; policy drop;
            ct state established,related accept
            iifname "lo" accept
            tcp dport 22 accept comment "ssh"
            meta l4proto ipv6-icmp accept
            ip saddr @cf4 tcp dport { 80, 443 } accept
            ip6 saddr @cf6 tcp dport { 80, 443 } accept
          }
        }
        """;

    /// <summary>The same sets with content from before.</summary>
    public const string FilledSets = Sets + "\n" + """
        add element inet filter cf4 { 198.51.100.0/24, 104.16.0.0/13 }
        add element inet filter cf6 { 2001:db8:1::/48 }
        """;
}
