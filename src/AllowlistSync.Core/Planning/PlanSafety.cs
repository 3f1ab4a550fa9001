using System.Collections.Immutable;
using System.Globalization;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Guards;

namespace AllowlistSync.Core.Planning;

/// <summary>What is known of a target from earlier applies.</summary>
/// <param name="EverApplied">True when this installation has applied to it before.</param>
/// <param name="LastResult">What it let in because of us after the last apply.</param>
public sealed record TargetHistory(bool EverApplied, TrafficSet LastResult)
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

    private static IEnumerable<Refusal> RemovesTooMuch(Plan plan, TargetHistory history, GuardPolicy policy, IpFamily family)
    {
        var before = history.LastResult.Sources.Only(family);
        if (before.IsEmpty)
        {
            yield break;
        }

        var gone = before.Except(plan.Changes.Result.Sources);
        var prefixes = 100.0 * gone.PrefixCount(family) / before.PrefixCount(family);
        var addresses = 100.0 * (double)gone.AddressCount(family) / (double)before.AddressCount(family);
        if (prefixes > policy.MaxRemovedPercent || addresses > policy.MaxRemovedPercent)
        {
            yield return new Refusal(
                "removes-too-much",
                string.Create(CultureInfo.InvariantCulture, $"{gone.PrefixCount(family)} of {before.PrefixCount(family)} {family} prefixes ({addresses:0.#} % of the addresses) that the last apply let in would go (guard.maxRemovedPercent = {policy.MaxRemovedPercent})"),
                $"check `allow` and `sources` in the configuration; {Accept}",
                CanBeAccepted: true);
        }
    }
}
