using System.Collections.Immutable;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Core.Providers;

/// <summary>Says what a chain does to connections, so that a provider can tell where an accept must stand to have an effect. Pure.</summary>
public interface IChainModel
{
    /// <summary>The first rule of the chain at which a new connection from anywhere to one of the ports is blocked, or may be; null when the chain lets all of them reach its end or accepts them, and when it is not listed.</summary>
    RulePlace? FirstThatMayBlock(ChainQuestion question);
}

/// <summary>A chain, and the ports that matter.</summary>
/// <param name="Listings">What tools printed of the rules: all that is needed to read the chain and what it leads to. A set whose elements are not listed counts as not known.</param>
/// <param name="Table">The table: family and name in nf_tables, such as <c>inet filter</c> or <c>ip filter</c>; <c>iptables-legacy filter</c> and <c>ip6tables-legacy filter</c> in x_tables.</param>
/// <param name="Chain">The chain's name.</param>
/// <param name="Ports">The ports.</param>
public sealed record ChainQuestion(ImmutableArray<RuleListing> Listings, string Table, string Chain, PortSet Ports);

/// <summary>What a tool printed.</summary>
/// <param name="Kind">The tool.</param>
/// <param name="Content">The bytes as they came.</param>
public sealed record RuleListing(ListingKind Kind, ReadOnlyMemory<byte> Content);

/// <summary>The tools whose listings are understood.</summary>
public enum ListingKind
{
    /// <summary><c>nft -j -t list ruleset</c>: rules, and sets without their elements.</summary>
    NftTerseJson,

    /// <summary><c>iptables-legacy-save</c>.</summary>
    IptablesLegacy,

    /// <summary><c>iptables-nft-save</c>.</summary>
    IptablesNft,

    /// <summary><c>ip6tables-legacy-save</c>.</summary>
    Ip6tablesLegacy,

    /// <summary><c>ip6tables-nft-save</c>.</summary>
    Ip6tablesNft,

    /// <summary><c>ipset save</c>.</summary>
    Ipset,
}

/// <summary>A rule in its chain.</summary>
/// <param name="Number">Its place, from 1, as <c>iptables -I CHAIN NUMBER</c> counts: in a chain of iptables-nft with all rules that nft put there. An accept that is inserted at it stands right before this rule.</param>
/// <param name="Handle">Its handle in nf_tables; null in x_tables.</param>
public sealed record RulePlace(int Number, long? Handle);
