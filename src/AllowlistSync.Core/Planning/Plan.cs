using System.Collections.Immutable;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Sources;

namespace AllowlistSync.Core.Planning;

/// <summary>The difference between what a target should let in and what it does: data that can be printed, stored, compared and named by its fingerprint.</summary>
public sealed record Plan
{
    /// <summary>Makes a plan of its parts.</summary>
    public Plan()
    {
    }

    // Written out so that a copy with other content does not keep the old name.
    private Plan(Plan original)
    {
        Changes = original.Changes;
        Kept = original.Kept;
        Pending = original.Pending;
        Findings = original.Findings;
    }

    /// <summary>The changes, with what they were planned from.</summary>
    public required ChangeSet Changes { get; init; }

    /// <summary>What would go if the policy were <c>sync</c>; empty with that policy.</summary>
    public required TrafficSet Kept { get; init; }

    /// <summary>Prefixes that are still allowed and will leave at the given time.</summary>
    public required ImmutableArray<PendingRemoval> Pending { get; init; }

    /// <summary>What the operator should know.</summary>
    public required ImmutableArray<Finding> Findings { get; init; }

    /// <summary>The target.</summary>
    public Target Target => Changes.Desired.Target;

    /// <summary>Names this plan: the SHA-256 of its canonical JSON, in lower-case hex.</summary>
    public string Fingerprint => field ??= PlanFingerprint.Of(this);

    /// <summary>True when the target is as it should be.</summary>
    public bool IsEmpty => Changes.IsEmpty;
}
