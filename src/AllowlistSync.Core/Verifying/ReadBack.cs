using System.Collections.Immutable;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Core.Verifying;

/// <summary>What a target holds after a change, against what it should hold.</summary>
/// <param name="Missing">What should be let in and is not.</param>
/// <param name="Surplus">What our entries let in and should not.</param>
/// <param name="Observed">The observation.</param>
public sealed record ReadBackResult(TrafficSet Missing, TrafficSet Surplus, ObservedState Observed)
{
    /// <summary>True when the target holds what was planned.</summary>
    public bool Agrees => Missing.IsEmpty && Surplus.IsEmpty && Observed.Defects.IsEmpty && BannedAgain.IsEmpty;

    /// <summary>Bans that were lifted and are there all the same: somebody banned again in the meantime, or the tool did not do it.</summary>
    public ImmutableArray<Ban> BannedAgain { get; init; } = [];

    /// <summary>What differs, for a message.</summary>
    public string Difference =>
        $"{Missing.Entries().Length} entries are missing, {Surplus.Entries().Length} are too many"
        + string.Concat(Observed.Defects.Select(defect => $"; {defect.Message}"))
        + (BannedAgain.IsEmpty ? "" : $"; banned again as soon as they were lifted: {Ban.Describe(BannedAgain)}");
}

/// <summary>Applied is not enough: the target is read again and compared by meaning.</summary>
public static class ReadBack
{
    /// <summary>Compares an expectation with an observation. Pure.</summary>
    public static ReadBackResult Compare(ChangeSet made, ObservedState observed)
    {
        ArgumentNullException.ThrowIfNull(made);
        ArgumentNullException.ThrowIfNull(observed);
        return new(made.Result.Except(observed.Allowed), observed.Allowed.Except(made.Result), observed) { BannedAgain = [.. made.Lift.Intersect(observed.Bans)] };
    }
}
