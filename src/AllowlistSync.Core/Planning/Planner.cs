using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Guards;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Sources;

namespace AllowlistSync.Core.Planning;

/// <summary>Compares a wish with an observation. Pure, and the only diff of the program: providers do not plan.</summary>
public static class Planner
{
    /// <summary>Makes the plan for a target.</summary>
    /// <param name="preparation">The wish as the target can hold it.</param>
    /// <param name="observed">What is there.</param>
    /// <param name="accepted">The ranges behind the wish, for their pending removals.</param>
    public static Plan Plan(Preparation preparation, ObservedState observed, ImmutableArray<AcceptedRanges> accepted)
    {
        var desired = Held(preparation.Desired, observed);
        var surplus = observed.Allowed.Except(desired.Traffic);
        var keeps = desired.Target.Policy == TargetPolicy.AddOnly && !desired.IsNothing;
        var result = desired.Traffic.Except(observed.AllowedByOthers.Except(observed.Allowed));
        var changes = new ChangeSet(
            desired,
            observed,
            Result: keeps ? result.Union(surplus) : result,
            Add: result.Except(observed.Allowed),
            Remove: keeps ? TrafficSet.Empty : surplus,
            desired.IsNothing ? Leftovers(observed) : observed.Defects)
        {
            Lift = Bans.ToLift(desired, observed),
        };
        return new Plan
        {
            Changes = changes,
            Kept = keeps ? surplus : TrafficSet.Empty,
            Pending = Pending(accepted, desired.Sources),
            Findings = [.. Bans.Judge(desired, observed), .. preparation.Findings, .. observed.Findings, .. observed.Foreign, .. KeptByPolicy(keeps ? surplus : TrafficSet.Empty)],
        };
    }

    private static DesiredState Held(DesiredState desired, ObservedState observed) => observed.Families.Length == Enum.GetValues<IpFamily>().Length
        ? desired
        : desired.Narrow(observed.Families.Aggregate(PrefixSet.Empty, (all, family) => all.Union(desired.Sources.Only(family))));

    // Taking ourselves out also takes what lets nobody in: empty sets, a chain, a jump.
    private static ImmutableArray<Defect> Leftovers(ObservedState observed) => observed.Existence == Existence.Absent || !observed.Unmarked.IsEmpty
        ? []
        : [new Defect("ours-present", "what allowlist-sync made in this target is taken out")];

    // A prefix that another source still lists is not about to leave.
    private static ImmutableArray<PendingRemoval> Pending(ImmutableArray<AcceptedRanges> accepted, PrefixSet held)
    {
        var staying = accepted.Aggregate(PrefixSet.Empty, (all, ranges) => all.Union(ranges.Ranges.Except(Leaving(ranges))));
        return
        [
            .. accepted.SelectMany(ranges => ranges.Pending)
                .Where(removal => held.Covers(removal.Prefix) && !staying.Covers(removal.Prefix))
                .OrderBy(removal => removal.Prefix),
        ];
    }

    private static PrefixSet Leaving(AcceptedRanges ranges) => PrefixSet.Of(ranges.Pending.Select(removal => removal.Prefix));

    private static IEnumerable<Finding> KeptByPolicy(TrafficSet kept)
    {
        if (!kept.IsEmpty)
        {
            yield return new Finding(
                "kept-by-policy",
                Severity.Warning,
                $"{kept.Entries().Length} entries are not wanted any more and stay, because the target's policy is addOnly: {string.Join(", ", kept.Entries().Take(5).Select(entry => entry.Prefix))}",
                "a range that Cloudflare gave up may be handed to strangers: set policy: sync, or take the entries out by hand");
        }
    }
}
