using System.Collections.Immutable;
using System.Text.Json;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>A table: <c>inet filter</c>.</summary>
/// <param name="Family">The table's family: inet, ip, ip6, arp, bridge, netdev.</param>
/// <param name="Name">Its name.</param>
public sealed record NftTable(string Family, string Name)
{
    /// <summary>As nft writes it.</summary>
    public override string ToString() => $"{Family} {Name}";
}

/// <summary>A named set, without its elements.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">The element type; a concatenation is written with dots.</param>
/// <param name="Comment">Its comment.</param>
/// <param name="Flags">Its flags.</param>
/// <param name="Timeout">The default timeout in seconds, when it has one.</param>
/// <param name="Size">The most elements, when it has a limit.</param>
public sealed record NftSet(NftTable Table, string Name, string Type, string? Comment, ImmutableArray<string> Flags, long? Timeout, long? Size)
{
    /// <summary>As nft writes it.</summary>
    public override string ToString() => $"{Table} {Name}";
}

/// <summary>A chain; a base chain has a hook.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">filter, nat or route; null for a regular chain.</param>
/// <param name="Hook">The hook; null for a regular chain.</param>
/// <param name="Policy">The policy; null for a regular chain.</param>
public sealed record NftChain(NftTable Table, string Name, string? Type, string? Hook, string? Policy)
{
    /// <summary>As nft writes it.</summary>
    public override string ToString() => $"{Table} {Name}";
}

/// <summary>A rule.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Chain">The name of its chain.</param>
/// <param name="Handle">Its handle, unique in the table. Not used again while the table lives; after a <c>flush ruleset</c> and a reload, other rules have the same numbers.</param>
/// <param name="Comment">Its comment.</param>
/// <param name="Expressions">Its statements, as nft's JSON has them.</param>
public sealed record NftRule(NftTable Table, string Chain, long Handle, string? Comment, ImmutableArray<JsonElement> Expressions);

/// <summary>The rule set of a host, without the elements of named sets.</summary>
/// <param name="Tables">All tables.</param>
/// <param name="Sets">All named sets.</param>
/// <param name="Chains">All chains.</param>
/// <param name="Rules">All rules, in the order in which a packet meets them within a chain.</param>
public sealed record NftRuleset(
    ImmutableArray<NftTable> Tables, ImmutableArray<NftSet> Sets, ImmutableArray<NftChain> Chains, ImmutableArray<NftRule> Rules)
{
    /// <summary>The listing that it was read from.</summary>
    public ReadOnlyMemory<byte> Listing { get; init; }

    /// <summary>The rules of a chain.</summary>
    public IEnumerable<NftRule> RulesOf(NftTable table, string chain) => Rules.Where(rule => rule.Table == table && rule.Chain == chain);

    /// <summary>A chain by its name, or null.</summary>
    public NftChain? Chain(NftTable table, string name) => Chains.FirstOrDefault(chain => chain.Table == table && chain.Name == name);

    /// <summary>A set by its name, or null.</summary>
    public NftSet? Set(NftTable table, string name) => Sets.FirstOrDefault(set => set.Table == table && set.Name == name);
}

/// <summary>The elements of a named set.</summary>
/// <param name="Plain">Elements without anything of their own, as the kernel keeps them (merged ones as a range).</param>
/// <param name="Tagged">Elements with a comment or a timeout of their own: somebody put that there on purpose.</param>
/// <param name="Unread">The text of elements that are no address, prefix or range.</param>
public sealed record NftElements(ImmutableArray<IpRange> Plain, ImmutableArray<IpRange> Tagged, ImmutableArray<string> Unread)
{
    /// <summary>No element.</summary>
    public static NftElements None { get; } = new([], [], []);
}
