using System.Collections.Immutable;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>What a dump of nf_tables says. Xt extensions are still in it as <see cref="XtStep"/>.</summary>
/// <param name="Tables">The tables, in the order of the dump.</param>
public sealed record NftReading(ImmutableArray<Table> Tables)
{
    /// <summary>What could not be placed: a chain with an unknown hook, a rule without its chain, a kind of object that is not known.</summary>
    public ImmutableArray<Gap> Gaps { get; init; } = [];

    /// <summary>
    /// Tables that have flags which the dump does not spell out: nft 1.0.6 prints memory that it has already given back in place of
    /// <c>dormant</c>. The text form says it.
    /// </summary>
    public ImmutableArray<NftTableName> UnclearFlags { get; init; } = [];

    /// <summary>The gaps that remain when no text form clears up the flags.</summary>
    public ImmutableArray<Gap> GapsWithoutText => Gaps.AddRange(UnclearFlags.Select(name => new Gap(
        Tables.First(table => table.Family == name.Family && table.Name == name.Name).Sees,
        $"table {name.Family} {name.Name} has flags that nft -j does not spell out, so it may be dormant; give the output of 'nft list ruleset' as well")));
}

/// <summary>The name of a table of nf_tables.</summary>
/// <param name="Family">As nft writes it: <c>ip</c>, <c>ip6</c>, <c>inet</c>, <c>netdev</c>, <c>arp</c>, <c>bridge</c>.</param>
/// <param name="Name">The name.</param>
public readonly record struct NftTableName(string Family, string Name);
