using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>A rule with our mark outside of the configured place.</summary>
/// <param name="Chain">The name of its chain.</param>
/// <param name="Handle">Its handle.</param>
/// <param name="Rule">What it opens; null for a jump, or a rule that somebody edited.</param>
public sealed record StrayRule(string Chain, long Handle, OwnRule? Rule);

/// <summary>A table in which something of ours stands outside of the configured place: what an earlier configuration of the target made.</summary>
/// <param name="Table">The table.</param>
/// <param name="Rules">The rules with our mark: jumps, and those of our chain.</param>
/// <param name="Chain">Our chain, when it is there.</param>
/// <param name="InTheWay">Why our chain cannot be taken out: what others have in it or lead to it; null when nothing is.</param>
/// <param name="Sets">The sets with our mark.</param>
public sealed record StrayPlace(NftTable Table, ImmutableArray<StrayRule> Rules, string? Chain, string? InTheWay, ImmutableArray<FilledSet> Sets)
{
    /// <summary>For messages: the table, and what stands in it.</summary>
    public override string ToString() => Table + ": " + string.Join(
        " and ",
        new[] { ("chain", Rules.Select(rule => rule.Chain).Distinct(StringComparer.Ordinal).ToList()), ("set", [.. Sets.Select(set => set.Name.Name)]) }
            .Where(part => part.Item2.Count > 0).Select(part => $"{part.Item1} {string.Join(", ", part.Item2)}"));
}

/// <summary>
/// Finds by our mark what stands outside of the configured place, and takes it out. When <c>table</c> or <c>chain</c> of a target changes,
/// the old rules would else stay open for ever, and nobody would know of them. Pure.
/// </summary>
internal static class Strays
{
    /// <summary>The tables with strays, their sets still without elements.</summary>
    /// <param name="ruleset">The whole rule set.</param>
    /// <param name="mark">Our names and mark.</param>
    /// <param name="options">The configured place.</param>
    public static ImmutableArray<StrayPlace> Find(NftRuleset ruleset, NftMark mark, NftablesOptions options) =>
        [.. ruleset.Tables.Where(IsWritable).Select(table => In(table, ruleset, mark, options)).Where(place => !place.Rules.IsEmpty || !place.Sets.IsEmpty)];

    /// <summary>The defect that a plan mends.</summary>
    public static ImmutableArray<Defect> Defects(NftState state) => state.Elsewhere.IsEmpty
        ? []
        : [new Defect("ours-elsewhere", $"what an earlier configuration of this target made still lets traffic in elsewhere ({string.Join("; ", state.Elsewhere)}); it is taken out")];

    /// <summary>Writes the statements that take them out: rules first, then what they use.</summary>
    public static void WriteRemoval(StringBuilder script, ImmutableArray<StrayPlace> places)
    {
        foreach (var place in places)
        {
            if (place is { Chain: not null, InTheWay: { } what })
            {
                throw InUse.Chain($"{place.Table} {place.Chain}", what);
            }

            InUse.RequireNoForeignElements(place.Sets);
            foreach (var rule in place.Rules)
            {
                script.Append(CultureInfo.InvariantCulture, $"delete rule {place.Table} {rule.Chain} handle {rule.Handle}\n");
            }

            script.Append(place.Chain is null ? "" : $"delete chain {place.Table} {place.Chain}\n");
            foreach (var set in place.Sets)
            {
                script.Append(CultureInfo.InvariantCulture, $"delete set {set.Name}\n");
            }
        }
    }

    private static StrayPlace In(NftTable table, NftRuleset ruleset, NftMark mark, NftablesOptions options)
    {
        var isConfigured = table == options.Table;
        var rules = ruleset.Rules.Where(rule => rule.Table == table && !(isConfigured && (rule.Chain == options.Chain || rule.Chain == mark.Chain))).ToList();
        var ours = rules.Where(rule => rule.Comment == mark.Comment && NftablesOptions.IsName(rule.Chain)).ToList();
        var sets = isConfigured ? [] : ruleset.Sets.Where(set => set.Table == table && set.Comment == mark.Comment && NftablesOptions.IsName(set.Name)).Select(Named).Where(set => !IsKept(set.Name, options)).ToImmutableArray();
        var hasChain = !isConfigured && (ours.Count > 0 || !sets.IsEmpty) && ruleset.Chain(table, mark.Chain) is not null;
        return new StrayPlace(
            table,
            [.. ours.Select(rule => new StrayRule(rule.Chain, rule.Handle, OwnRule.Read(rule.Expressions, mark)))],
            hasChain ? mark.Chain : null,
            hasChain ? InTheWay(rules.Except(ours).ToList(), mark) : null,
            sets);
    }

    private static string? InTheWay(List<NftRule> others, NftMark mark) =>
        others.Count(rule => rule.Chain == mark.Chain) is > 0 and var inside ? $"{inside} rules of others stand in it"
        : others.Find(rule => Leading.LeadsTo(rule, mark.Chain)) is { } leading ? $"a rule of {leading.Table} {leading.Chain} that is not ours leads to it"
        : null;

    private static FilledSet Named(NftSet set) =>
        new(new NftSetName(set.Table, set.Name), set.Type == "ipv6_addr" ? IpFamily.IPv6 : IpFamily.IPv4, set, NftElements.None);

    private static bool IsKept(NftSetName set, NftablesOptions options) => set == options.IPv4Set || set == options.IPv6Set;

    // Names that nft itself could not read back are none that we gave.
    private static bool IsWritable(NftTable table) => NftablesOptions.IsName(table.Name);
}
