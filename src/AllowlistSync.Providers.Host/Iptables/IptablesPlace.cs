using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Iptables;

/// <summary>The two packet filters of the kernel that iptables can work on. When both hold rules, a packet must pass both.</summary>
public enum IptablesEngine
{
    /// <summary>nf_tables, by <c>iptables-nft</c>.</summary>
    Nft,

    /// <summary>x_tables, by <c>iptables-legacy</c>.</summary>
    Legacy,
}

/// <summary>The filter table of one engine for one family. Pure.</summary>
/// <param name="Engine">The engine.</param>
/// <param name="Family">The family.</param>
public sealed record IptablesPlace(IptablesEngine Engine, IpFamily Family)
{
    /// <summary>The tool of the family: <c>iptables</c> or <c>ip6tables</c>.</summary>
    public string Tool => Family == IpFamily.IPv4 ? "iptables" : "ip6tables";

    /// <summary>The tool of family and engine, such as <c>ip6tables-legacy</c>; what its programs are called starts so.</summary>
    public string Name => Tool + (Engine == IptablesEngine.Nft ? "-nft" : "-legacy");

    /// <summary>The table, as the chain model names it.</summary>
    public string Table => Engine == IptablesEngine.Legacy ? $"{Name} filter" : Family == IpFamily.IPv4 ? "ip filter" : "ip6 filter";

    /// <summary>What its listing is.</summary>
    public ListingKind Listing => (Engine, Family) switch
    {
        (IptablesEngine.Nft, IpFamily.IPv4) => ListingKind.IptablesNft,
        (IptablesEngine.Nft, _) => ListingKind.Ip6tablesNft,
        (_, IpFamily.IPv4) => ListingKind.IptablesLegacy,
        _ => ListingKind.Ip6tablesLegacy,
    };

    /// <summary>The language of its changes.</summary>
    public ScriptLanguage Language => (Engine, Family) switch
    {
        (IptablesEngine.Nft, IpFamily.IPv4) => ScriptLanguage.IptablesNft,
        (IptablesEngine.Nft, _) => ScriptLanguage.Ip6tablesNft,
        (_, IpFamily.IPv4) => ScriptLanguage.IptablesLegacy,
        _ => ScriptLanguage.Ip6tablesLegacy,
    };

    /// <summary>The tool's name.</summary>
    public override string ToString() => Name;
}
