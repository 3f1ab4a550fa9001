using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>Turns what is in the kernel into what it means. Pure.</summary>
internal static class NftObservation
{
    public static ObservedState OfSets(NftState state)
    {
        var allowed = TrafficSet.Of(Union(state.Sets.Select(set => set.Plain)), PortSet.Any);
        return new ObservedState
        {
            Existence = allowed.IsEmpty && state.Elsewhere.IsEmpty ? Existence.Absent : Existence.Present,
            Allowed = allowed,
            AllowedByOthers = TrafficSet.Of(Union(state.Sets.Select(set => set.Tagged)), PortSet.Any),
            Unmarked = allowed,
            Foreign = OperatorSet.Foreign(state),
            Defects = Strays.Defects(state),
            Capacity = new PerFamilyCapacity(Size(state, IpFamily.IPv4), Size(state, IpFamily.IPv6)),
            Revision = NftRevision.Of(state, []),
            Native = state,
        };
    }

    public static ObservedState OfRules(NftablesOptions options, NftMark mark, NftState state, NftRuleset ruleset)
    {
        var exists = state.ChainExists || state.Sets.Any(set => set.Info is not null);
        return new ObservedState
        {
            Existence = exists || !state.Elsewhere.IsEmpty ? Existence.Present : Existence.Absent,
            Allowed = Traffic(state, set => set.Plain),
            AllowedByOthers = Traffic(state, set => set.Tagged),
            Foreign = [.. ForeignRules(mark, state), .. OperatorSet.Foreign(state)],
            Defects = [.. exists ? Defects(options, mark, state) : [], .. Strays.Defects(state)],
            Revision = NftRevision.Of(state, ruleset.RulesOf(options.Table!, options.Chain!)),
            Native = state,
        };
    }

    // What somebody tagged in a set of ours is his: it is neither wanted nor surplus.
    private static TrafficSet Traffic(NftState state, Func<FilledSet, PrefixSet> part) => state.Rules.Select(rule => rule.Rule).OfType<OwnRule>()
        .Aggregate(TrafficSet.Empty, (all, rule) => all.Union(TrafficSet.Of(Union(state.Sets.Where(set => set.Family == rule.Family).Select(part)), rule.Ports)));

    private static ImmutableArray<Defect> Defects(NftablesOptions options, NftMark mark, NftState state)
    {
        var defects = ImmutableArray.CreateBuilder<Defect>();
        var place = $"{options.Table} {options.Chain}";
        if (!state.Jump!.IsEffective)
        {
            defects.Add(!state.Jump.IsWhole
                ? new Defect("jump-missing", $"chain {place} does not jump to {mark.Chain} with every packet; the jump is put back")
                : new Defect("jump-too-late", $"in chain {place} a rule that may block stands before the jump to {mark.Chain}; the jump is moved ahead of it"));
        }

        if (state.Rules.Any(rule => rule.Rule is null))
        {
            defects.Add(new Defect("rule-edited", $"a rule of ours in chain {mark.Chain} was changed into something else; it is replaced"));
        }

        if (state.Rules.Where(rule => rule.Rule is not null).GroupBy(rule => rule.Rule).Any(group => group.Count() > 1))
        {
            defects.Add(new Defect("rule-doubled", $"a rule of ours stands twice in chain {mark.Chain}; one is taken out"));
        }

        return defects.ToImmutable();
    }

    private static ImmutableArray<Finding> ForeignRules(NftMark mark, NftState state) => state.ForeignRules == 0
        ? []
        : [new Finding("foreign-rules", Severity.Warning, $"chain {mark.Chain} holds {state.ForeignRules} rules that we did not make; they are left alone", "move them into a chain of your own")];

    private static PrefixSet Union(IEnumerable<PrefixSet> sets) => sets.Aggregate(PrefixSet.Empty, (all, set) => all.Union(set));

    private static long? Size(NftState state, IpFamily family) => state.Sets.Where(set => set.Family == family).Select(set => set.Info?.Size - set.Elements.Tagged.Length).FirstOrDefault();
}
