using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Reporting;

namespace AllowlistSync.Daemon;

/// <summary>What the daemon knows of one target between two runs.</summary>
internal sealed class TargetLine(TimeProvider time) : IDisposable
{
    private TrafficSet? _held;
    private volatile bool _isExpected;

    /// <summary>Lets one run at a time at it.</summary>
    public SemaphoreSlim Gate { get; } = new(1);

    /// <summary>Tells a fight from repairs.</summary>
    public RepairLimit Limit { get; } = new(time);

    /// <summary>True while the run of a start is on its way: its list may be known a little before it begins.</summary>
    public bool IsExpected
    {
        get => _isExpected;
        set => _isExpected = value;
    }

    /// <summary>True while it is only looked at.</summary>
    public bool IsPaused => Limit.PausedUntil is not null;

    /// <summary>Whether what is wanted was there after an earlier run.</summary>
    public bool HasHeld(TargetReport report) => _held is { } held && held.Equals(WantedIn(report));

    /// <summary>Takes over what a run found. One that did not get as far as a plan says nothing of what was wanted.</summary>
    public void Remember(TargetReport report)
    {
        var wanted = WantedIn(report);
        _held = report.Status is TargetStatus.InSync or TargetStatus.Applied || wanted is null || wanted.Equals(_held) ? wanted ?? _held : null;
    }

    /// <inheritdoc/>
    public void Dispose() => Gate.Dispose();

    private static TrafficSet? WantedIn(TargetReport report) =>
        report.Plan is { } plan ? TrafficSet.Of(plan.Changes.Desired.Sources, plan.Changes.Desired.Ports) : null;
}
