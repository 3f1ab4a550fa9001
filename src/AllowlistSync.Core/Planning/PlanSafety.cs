using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Guards;

namespace AllowlistSync.Core.Planning;

/// <summary>What is known of a target from earlier applies.</summary>
/// <param name="EverApplied">True when an apply of this installation stands in it.</param>
/// <param name="LastResult">What it let in because of us after the last apply.</param>
/// <param name="WasUndone">True when the last apply was undone and nobody is there to try again.</param>
public sealed record TargetHistory(bool EverApplied, TrafficSet LastResult, bool WasUndone = false)
{
    /// <summary>A target that was never applied to.</summary>
    public static TargetHistory None { get; } = new(EverApplied: false, TrafficSet.Empty);
}

/// <summary>Reasons not to carry out a plan although the ranges are believed: mistakes in a configuration look like this. Pure.</summary>
public static class PlanSafety
{
    private const string Accept = "if this is what you want, approve it with `apply --accept FINGERPRINT`";

    /// <summary>All refusals of a plan.</summary>
    public static ImmutableArray<Refusal> Check(Plan plan, TargetHistory history, GuardPolicy policy) => plan.Changes.Desired.IsNothing
        ? [.. TakesOver(plan, history)]
        :
        [
            .. OverCapacity(plan),
            .. TakesOver(plan, history),
            .. WasUndone(history),
            .. Enum.GetValues<IpFamily>().SelectMany(family => RemovesTooMuch(plan, history, policy, family)),
        ];

    private static IEnumerable<Refusal> OverCapacity(Plan plan) =>
        from family in Enum.GetValues<IpFamily>()
        let capacity = plan.Changes.Observed.Capacity?[family]
        let wanted = plan.Changes.Result.Sources.PrefixCount(family)
        where capacity is not null && wanted > capacity
        select new Refusal("over-capacity", $"{wanted} {family} prefixes are wanted and the target holds at most {capacity}; nothing was written", "raise the target's limit, or let in fewer sources");

    // Where our entries carry no mark of ours, what was there before us is somebody's, until a person says otherwise.
    private static IEnumerable<Refusal> TakesOver(Plan plan, TargetHistory history)
    {
        var foreign = plan.Changes.Observed.Unmarked.Intersect(plan.Changes.Remove);
        if (!history.EverApplied && !foreign.IsEmpty)
        {
            var entries = foreign.Entries();
            yield return new Refusal(
                "takes-over",
                $"the target holds {entries.Length} entries that this installation did not put there and that would go: {string.Join(", ", entries.Take(5).Select(entry => entry.Prefix))}{(entries.Length > 5 ? " and more" : "")}",
                $"add what must stay as a source of type static, or hand the target over: {Accept}",
                CanBeAccepted: true);
        }
    }

    // A change that cut somebody off and was undone for it must not come back with the next timer, nor in a slightly different plan.
    private static IEnumerable<Refusal> WasUndone(TargetHistory history)
    {
        if (history.WasUndone)
        {
            yield return new Refusal(
                "was-undone",
                "the last apply was undone: nobody confirmed it, or somebody rolled it back; nothing more is changed unattended",
                $"find out why; then try it with `apply --confirm-within 60s` on the host itself, or {Accept}",
                CanBeAccepted: true);
        }
    }

    private static IEnumerable<Refusal> RemovesTooMuch(Plan plan, TargetHistory history, GuardPolicy policy, IpFamily family)
    {
        var before = history.LastResult.Sources.Only(family);
        if (before.IsEmpty)
        {
            yield break;
        }

        var gone = FamilyChange.Loss(before, plan.Changes.Result.Sources, family);
        if (gone.IsOver(policy.MaxRemovedPercent))
        {
            yield return new Refusal(
                "removes-too-much",
                $"{family} would lose {gone} that the last apply let in (guard.maxRemovedPercent = {policy.MaxRemovedPercent})",
                $"check `allow` and `sources` in the configuration; {Accept}",
                CanBeAccepted: true);
        }
    }
}
