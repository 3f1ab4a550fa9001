using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Core.Providers;

/// <summary>Whether anything of ours is in a target.</summary>
public enum Existence
{
    /// <summary>Nothing of ours is there: a fresh target.</summary>
    Absent,

    /// <summary>Something of ours is there.</summary>
    Present,
}

/// <summary>Something worth telling; not a reason to stop.</summary>
/// <param name="Id">A stable kebab-case id.</param>
/// <param name="Severity">How bad.</param>
/// <param name="Message">What was found.</param>
/// <param name="Remedy">What a person can do; empty when nothing needs doing.</param>
public sealed record Finding(string Id, Severity Severity, string Message, string Remedy);

/// <summary>How bad a finding is.</summary>
public enum Severity
{
    /// <summary>Good to know.</summary>
    Info,

    /// <summary>Should be looked at.</summary>
    Warning,

    /// <summary>Visitors are or will be hurt.</summary>
    Problem,
}

/// <summary>A flaw in our own structure in the target that the provider mends when it applies: a missing jump, a rule of ours that was edited.</summary>
/// <param name="Id">A stable kebab-case id.</param>
/// <param name="Message">What is wrong and what mending it does.</param>
public sealed record Defect(string Id, string Message);

/// <summary>A wish as a target can hold it.</summary>
/// <param name="Desired">The canonical wish.</param>
/// <param name="Findings">What cannot be held, and anything that the operator must know about this target; nothing is dropped silently.</param>
public sealed record Preparation(DesiredState Desired, ImmutableArray<Finding> Findings);

/// <summary>What only the provider understands of an observation; it gets it back in a <see cref="ChangeSet"/>.</summary>
public abstract record NativeState;

/// <summary>What is in a target now.</summary>
public sealed record ObservedState
{
    /// <summary>Whether anything of ours is there.</summary>
    public required Existence Existence { get; init; }

    /// <summary>What our own entries let in.</summary>
    public required TrafficSet Allowed { get; init; }

    /// <summary>What entries of others in our places let in: never removed, and what they let in already need not be added.</summary>
    public TrafficSet AllowedByOthers { get; init; } = TrafficSet.Empty;

    /// <summary>The part of <see cref="Allowed"/> that carries no mark of ours, in targets whose entries cannot be marked.</summary>
    public TrafficSet Unmarked { get; init; } = TrafficSet.Empty;

    /// <summary>The families that the target holds, where only reading tells: what is wanted of another is left out of the plan, and a finding says why.</summary>
    public ImmutableArray<IpFamily> Families { get; init; } = [IpFamily.IPv4, IpFamily.IPv6];

    /// <summary>Entries of others in our places, or entries that cannot be read: kept, reported, never edited.</summary>
    public ImmutableArray<Finding> Foreign { get; init; } = [];

    /// <summary>Flaws of our own structure.</summary>
    public ImmutableArray<Defect> Defects { get; init; } = [];

    /// <summary>Anything else worth telling.</summary>
    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>All whom the target keeps out, wanted or not. Not part of <see cref="Revision"/>: strangers are banned all the time.</summary>
    public ImmutableArray<Ban> Bans { get; init; } = [];

    /// <summary>The most entries that fit, when the target itself says so; null when it does not.</summary>
    public PerFamilyCapacity? Capacity { get; init; }

    /// <summary>A digest of all that a plan depends on; a plan made for one revision is not applied to another.</summary>
    public required string Revision { get; init; }

    /// <summary>The provider's own view.</summary>
    public NativeState? Native { get; init; }
}

/// <summary>How many prefixes a target takes, for each family; null means no limit is known.</summary>
/// <param name="IPv4">For IPv4.</param>
/// <param name="IPv6">For IPv6.</param>
public sealed record PerFamilyCapacity(long? IPv4, long? IPv6)
{
    /// <summary>The number of one family.</summary>
    public long? this[IpFamily family] => family == IpFamily.IPv4 ? IPv4 : IPv6;
}

/// <summary>Exactly what is to be changed. Made by the planner.</summary>
/// <param name="Desired">The wish, prepared.</param>
/// <param name="Observed">What was there when it was planned.</param>
/// <param name="Result">What our entries shall let in afterwards.</param>
/// <param name="Add">What is new.</param>
/// <param name="Remove">What goes.</param>
/// <param name="Repairs">Flaws to mend.</param>
public sealed record ChangeSet(
    DesiredState Desired, ObservedState Observed, TrafficSet Result, TrafficSet Add, TrafficSet Remove, ImmutableArray<Defect> Repairs)
{
    /// <summary>Bans to lift; all of them lie inside of what is wanted. They are lifted after the additions, so that they do not come back at once.</summary>
    public ImmutableArray<Ban> Lift { get; init; } = [];

    /// <summary>True when there is nothing to do.</summary>
    public bool IsEmpty => Add.IsEmpty && Remove.IsEmpty && Repairs.IsEmpty && Lift.IsEmpty;
}

/// <summary>What an apply did.</summary>
/// <param name="Actions">For people: one line for each thing done.</param>
public sealed record ApplyReceipt(ImmutableArray<string> Actions);

/// <summary>A picture of what is ours in a target.</summary>
/// <param name="Provider">The provider that took it.</param>
/// <param name="Format">The version of its content.</param>
/// <param name="Target">The target's name.</param>
/// <param name="Content">The provider's own JSON.</param>
public sealed record TargetSnapshot(string Provider, int Format, string Target, string Content)
{
    /// <summary>Throws unless it is a picture of a target that a provider took in a format that it still reads.</summary>
    public void Require(string provider, int format, string target)
    {
        if (Provider != provider || Format != format || Target != target)
        {
            throw new ProviderException(FailureKind.InvalidInput, Aftermath.Untouched, $"this is a picture of target {Target} by {Provider} (format {Format}), not one of {target} that this version can put back", "use `remove`, or apply again");
        }
    }
}
