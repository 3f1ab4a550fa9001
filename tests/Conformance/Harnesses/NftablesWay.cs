using System.Text.Json.Nodes;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Conformance.Harnesses;

/// <summary>What differs between the ways of the nftables provider.</summary>
public abstract class NftablesWay
{
    /// <summary>What all names of ours hold.</summary>
    public const string Owner = "als-test";

    /// <summary>The settings of a target.</summary>
    public abstract ProviderSettings Settings { get; }

    /// <summary>The settings of a target that cannot hold IPv6.</summary>
    public abstract ProviderSettings IPv4Only { get; }

    /// <summary>The operator's rule set.</summary>
    public abstract string Ruleset { get; }

    /// <summary>A foreign change as a script of nft.</summary>
    public abstract string Script(ForeignChange change);

    /// <summary>A dump (one object of JSON a line) without what is ours.</summary>
    public abstract string WithoutOurs(string objects);

    /// <summary>The elements of a set that carry something of their own.</summary>
    protected static JsonArray Tagged(JsonNode set) => set["elem"] is JsonArray elements
        ? new([.. elements.Where(element => element is JsonObject wrapper && wrapper.ContainsKey("elem")).Select(element => element!.DeepClone())])
        : [];

    /// <summary>Settings of texts.</summary>
    protected static ProviderSettings Of(params ReadOnlySpan<(string Key, string Value)> pairs)
    {
        var values = ProviderSettings.None.Values;
        foreach (var (key, value) in pairs)
        {
            values = values.Add(key, value);
        }

        return new ProviderSettings { Values = values };
    }

    /// <summary>
    /// An operator's rule set with what people have: tables of other families, a block list with lifetimes, concatenations, maps,
    /// comments, counters, limits, and SSH for an office.
    /// </summary>
    /// <param name="sets">Further sets of table inet filter.</param>
    /// <param name="open">Rules ahead of the final ones.</param>
    protected static string Host(string sets, string open) => $$"""
        flush ruleset
        table ip6 filter {
          chain input {
            type filter hook input priority 10
            policy accept
          }
        }
        table ip filter {
          chain input {
            type filter hook input priority 10
            policy accept
            ip saddr 203.0.113.99 counter drop
          }
        }
        table inet filter {
          set bans {
            type ipv4_addr
            flags timeout
            elements = { 198.51.100.9 timeout 1h comment "scanner" }
          }
          set pairs {
            type ipv4_addr . inet_service
            flags interval
            elements = { 10.0.0.0/8 . 8000-8100, 192.168.0.0/16 . 22 }
          }
          map marks {
            type ipv4_addr : mark
            elements = { 10.1.1.1 : 0x00000007 }
          }
          {{sets}}
          chain forward {
            type filter hook forward priority filter
            policy drop
          }
          chain input {
            type filter hook input priority filter
            policy drop
            ct state vmap { established : accept, related : accept, invalid : drop }
            iif lo accept
            meta l4proto ipv6-icmp accept
            ip saddr 198.51.100.0/24 tcp dport 22 counter accept comment "office"
            ip6 saddr 2001:db8:1::/48 tcp dport 22 counter accept comment "office"
            {{open}}
            ip saddr @bans counter drop
            ip saddr . tcp dport @pairs accept
            tcp dport 8443 limit rate 5/second log prefix "knock "
            tcp dport 8443 counter drop
          }
        }

        """;
}
