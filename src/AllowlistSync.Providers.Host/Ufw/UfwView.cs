using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Providers.Host.Ufw;

/// <summary>A rule of ours in a file.</summary>
/// <param name="Rule">What it does.</param>
/// <param name="Lines">The numbers of the lines that are ours.</param>
/// <param name="IsWhole">True when below the tuple stands exactly the line that belongs to it.</param>
public sealed record UfwOwnEntry(UfwRule Rule, ImmutableArray<int> Lines, bool IsWhole);

/// <summary>
/// What belongs to whom in one family. A rule in the kernel carries no comment: one of the shape that we make, which no rule of others in the file explains, is taken
/// for ours as long as a file carries our mark (a run that was killed between file and kernel leaves such). Pure.
/// </summary>
public sealed record UfwView
{
    private UfwView(UfwFamily state) => State = state;

    /// <summary>What it is a view of.</summary>
    public UfwFamily State { get; }

    /// <summary>Our rules in the file.</summary>
    public ImmutableArray<UfwOwnEntry> Own { get; private init; } = [];

    /// <summary>The rules of others in the file.</summary>
    public ImmutableArray<UfwEntry> Others { get; private init; } = [];

    /// <summary>What rules of others allow in the shape that we make.</summary>
    public ImmutableHashSet<UfwRule> AllowedByOthers { get; private init; } = [];

    /// <summary>Rules of others that carry our comment.</summary>
    public ImmutableArray<UfwEntry> Accidental { get; private init; } = [];

    /// <summary>Our rules that are in force: in the kernel, or in the file while ufw has not loaded it.</summary>
    public ImmutableHashSet<UfwRule> InForce { get; private init; } = [];

    /// <summary>How many rules of the kernel's chain nobody wrote into the file.</summary>
    public int ByHand { get; private init; }

    /// <summary>How many rules of others in the file the kernel does not have.</summary>
    public int NotLoadedOfOthers { get; private init; }

    /// <summary>True when a rule of others that may block our traffic stands ahead of the last of ours.</summary>
    public bool IsTooLate { get; private init; }

    /// <summary>Our rules as the file has them.</summary>
    public ImmutableHashSet<UfwRule> Written => [.. Own.Where(own => own.IsWhole && !AllowedByOthers.Contains(own.Rule)).Select(own => own.Rule)];

    /// <summary>True when a rule of ours stands twice, or beside the same one of the operator.</summary>
    public bool IsDoubled => Own.DistinctBy(own => own.Rule).Count() < Own.Length || Own.Any(own => AllowedByOthers.Contains(own.Rule));

    /// <summary>How many rules of ours are in the file and not in the chain that ufw has loaded.</summary>
    public int NotLoaded => State.Chain is null ? 0 : Written.Except(InForce).Count;

    /// <summary>How many rules of ours are in that chain and not in the file.</summary>
    public int NotSaved => State.Chain is null ? 0 : InForce.Except(Written).Count;

    /// <summary>Both families of a state.</summary>
    public static ImmutableArray<UfwView> Of(UfwState state, UfwMark mark)
    {
        var views = state.Families.Select(family => OfFile(family, mark)).ToList();
        var isMarked = views.Exists(view => !view.Own.IsEmpty);
        return [.. views.Select(view => view.WithKernel(isMarked))];
    }

    private static UfwView OfFile(UfwFamily family, UfwMark mark)
    {
        if (family.File is not { } file)
        {
            return new UfwView(family);
        }

        var own = file.Entries.Select(entry => (Entry: entry, Own: OwnOf(file, entry, mark))).ToList();
        var others = own.Where(one => one.Own is null).Select(one => one.Entry).ToImmutableArray();
        var ours = own.Where(one => one.Own is not null).Select(one => one.Own!).ToImmutableArray();
        return new UfwView(family)
        {
            Own = ours,
            Others = others,
            AllowedByOthers = [.. others.Select(entry => entry.Tuple?.Allows(family.Family)).OfType<UfwRule>()],
            Accidental = [.. others.Where(entry => mark.Is(entry.Tuple?.Comment))],
            IsTooLate = IsBehindABlock(own, ours),
        };
    }

    private static UfwOwnEntry? OwnOf(UfwRulesFile file, UfwEntry entry, UfwMark mark)
    {
        if (entry.Tuple is not { Action: "allow" } tuple || !mark.Is(tuple.Comment) || tuple.Allows(file.Family) is not { } rule)
        {
            return null;
        }

        // Lines that somebody put below ours without a tuple of their own are his, unless they speak of our prefix.
        var below = entry.Lines.Where(at => file.Lines[at].StartsWith('-')).ToList();
        var address = rule.Source.ToString().Split('/')[0];
        var mine = below.Where(at => file.Lines[at].Contains(address, StringComparison.Ordinal)).ToList();
        return new UfwOwnEntry(rule, [.. entry.Lines.Except(below), .. mine], mine.Count == 1 && file.Lines[mine[0]].TrimEnd() == rule.Line());
    }

    private static bool IsBehindABlock(List<(UfwEntry Entry, UfwOwnEntry? Own)> entries, ImmutableArray<UfwOwnEntry> ours)
    {
        if (ours.IsEmpty)
        {
            return false;
        }

        var traffic = Traffic(ours.Select(own => own.Rule));
        return entries.Take(entries.FindLastIndex(one => one.Own is not null)).Any(one => one.Own is null && MayBlock(one.Entry, traffic));
    }

    private static bool MayBlock(UfwEntry entry, TrafficSet traffic) => !entry.Rules.IsEmpty
        && !entry.Rules.All(rule => rule.Contains(" -j ACCEPT", StringComparison.Ordinal))
        && (entry.Tuple is not { } tuple || tuple.MayBlock(traffic));

    private UfwView WithKernel(bool isMarked)
    {
        if (State.Chain is not { } chain)
        {
            return this with { InForce = Written };
        }

        var inForce = chain.Rules.Select(rule => rule.Rule).OfType<UfwRule>().Where(rule => !AllowedByOthers.Contains(rule) && (isMarked || Written.Contains(rule))).ToImmutableHashSet();
        var others = chain.Rules.Count(rule => rule.Rule is not { } one || !inForce.Contains(one));
        var written = Others.Sum(entry => entry.Rules.Length);

        // Rules of ours that somebody edited, or made beside the same of his own, are in the kernel too and are none of ours there.
        var spoiled = Own.Count(own => !own.IsWhole || AllowedByOthers.Contains(own.Rule));
        return this with { InForce = inForce, ByHand = Math.Max(0, others - written - spoiled), NotLoadedOfOthers = Math.Max(0, written - others) };
    }

    /// <summary>What rules let in.</summary>
    public static TrafficSet Traffic(IEnumerable<UfwRule> rules) => rules.GroupBy(rule => rule.Ports)
        .Aggregate(TrafficSet.Empty, (all, group) => all.Union(TrafficSet.Of(PrefixSet.Of(group.Select(rule => rule.Source)), group.Key)));
}
