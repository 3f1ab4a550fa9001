using System.Collections.Immutable;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Core.Tests.Fixtures;

/// <summary>
/// A firewall in memory that interprets what it is told. Per entry it removes before it adds, which is the worst order that a
/// provider may choose; every state that a packet could have met is kept in <see cref="Moments"/>.
/// </summary>
internal sealed class FakeProvider(Atomicity atomicity = Atomicity.Transaction) : IFirewallProvider, ISnapshotCapability
{
    private int _changes;

    public ProviderDescriptor Descriptor { get; } = new()
    {
        Name = "fake",
        Summary = "A firewall in memory.",
        Atomicity = atomicity,
        Features = [],
        Limits = [],
        Settings = [],
    };

    public TrafficSet Allowed { get; set; } = TrafficSet.Empty;

    public TrafficSet Unmarked { get; set; } = TrafficSet.Empty;

    public ImmutableArray<Defect> Defects { get; set; } = [];

    public ImmutableArray<Ban> Bans { get; set; } = [];

    /// <summary>Bans that are back as soon as they are lifted.</summary>
    public bool BansAgain { get; set; }

    public PerFamilyCapacity? Capacity { get; set; }

    public bool CanRestore { get; init; } = true;

    /// <summary>Throws instead of reading.</summary>
    public ProviderException? ReadFailure { get; set; }

    /// <summary>Throws at this elementary change, counted from 1.</summary>
    public (int Step, FailureKind Kind, Aftermath Aftermath)? FailAt { get; set; }

    /// <summary>Changes that are said to be made and are not.</summary>
    public bool Forgets { get; set; }

    public List<TrafficSet> Moments { get; } = [];

    public int Applies { get; private set; }

    public ISnapshotCapability? Snapshots => CanRestore ? this : null;

    public IPreflightCapability? Preflight => null;

    public ValueTask<Preparation> PrepareAsync(DesiredState desired, CancellationToken cancellationToken) => ValueTask.FromResult(new Preparation(desired, []));

    public ValueTask<ObservedState> ReadAsync(Target target, CancellationToken cancellationToken) => ReadFailure is { } failure
        ? throw failure
        : ValueTask.FromResult(new ObservedState
        {
            Existence = Allowed.IsEmpty ? Existence.Absent : Existence.Present,
            Allowed = Allowed,
            Unmarked = Unmarked,
            Defects = Defects,
            Bans = Bans,
            Capacity = Capacity,
            Revision = Revision(),
        });

    public ValueTask<ApplyReceipt> ApplyAsync(ChangeSet changes, CancellationToken cancellationToken)
    {
        Applies++;
        if (Forgets)
        {
            return ValueTask.FromResult(new ApplyReceipt(["wrote nothing"]));
        }

        if (Descriptor.Atomicity == Atomicity.Transaction)
        {
            Step(Allowed.Except(changes.Remove).Union(changes.Add));
        }
        else
        {
            ApplyEntryByEntry(changes);
        }

        Defects = Defects.RemoveRange(changes.Repairs);
        Bans = BansAgain ? Bans : Bans.RemoveRange(changes.Lift);
        return ValueTask.FromResult(new ApplyReceipt([$"added {changes.Add.Entries().Length}, removed {changes.Remove.Entries().Length}"]));
    }

    public TargetSnapshot Capture(Target target, ObservedState observed) =>
        new("fake", 1, "web", string.Join(' ', observed.Allowed.Slices.SelectMany(slice => slice.Sources.Prefixes().Select(prefix => $"{slice.Ports}|{prefix}"))));

    public ValueTask RestoreAsync(Target target, TargetSnapshot snapshot, CancellationToken cancellationToken)
    {
        Allowed = snapshot.Content.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(entry => entry.Split('|'))
            .Aggregate(TrafficSet.Empty, (all, parts) => all.Union(TrafficSet.Of(Lists.Set(parts[1]), PortSet.Of(Port(parts[0])))));
        return ValueTask.CompletedTask;
    }

    private static PortRange Port(string text) => PortRange.TryParse(text, out var range) ? range : PortRange.Any;

    private string Revision() => string.Join(',', Allowed.Entries().Select(entry => $"{entry.Prefix}:{entry.Ports}")) + string.Join(',', Defects.Select(defect => defect.Id));

    private void ApplyEntryByEntry(ChangeSet changes)
    {
        foreach (var entry in changes.Remove.Entries())
        {
            Step(Allowed.Except(TrafficSet.Of(AllowlistSync.Core.Addresses.PrefixSet.Of(entry.Prefix), entry.Ports)));
        }

        foreach (var entry in changes.Add.Entries())
        {
            Step(Allowed.Union(TrafficSet.Of(AllowlistSync.Core.Addresses.PrefixSet.Of(entry.Prefix), entry.Ports)));
        }
    }

    private void Step(TrafficSet next)
    {
        _changes++;
        if (FailAt is { } failure && failure.Step == _changes)
        {
            throw new ProviderException(failure.Kind, failure.Aftermath, $"the firewall refused change {_changes}", "look at the firewall's log");
        }

        Allowed = next;
        Moments.Add(next);
    }
}
