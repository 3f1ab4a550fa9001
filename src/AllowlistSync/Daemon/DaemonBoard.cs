using System.Collections.Immutable;
using AllowlistSync.Core;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Sources;
using AllowlistSync.Core.State;

namespace AllowlistSync.Daemon;

/// <summary>What the daemon knows at one moment: what health, metrics and the status page are made of.</summary>
internal sealed record DaemonSnapshot
{
    /// <summary>When this was true.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When the daemon started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>The name of this node.</summary>
    public required string Node { get; init; }

    /// <summary>The configuration in force: the first 12 hex digits of its SHA-256.</summary>
    public required string ConfigHash { get; init; }

    /// <summary>Why a newer configuration was not taken over; null when the file is in force.</summary>
    public string? ConfigProblem { get; init; }

    /// <summary>Why nothing is run at all; null while a configuration is in force.</summary>
    public string? Standstill { get; init; }

    /// <summary>The targets, in the order of the configuration.</summary>
    public ImmutableArray<TargetStanding> Targets { get; init; } = [];

    /// <summary>The sources, in the order of the configuration.</summary>
    public ImmutableArray<SourceStanding> Sources { get; init; } = [];

    /// <summary>The nodes that share the state, this one too; none for a node of its own.</summary>
    public ImmutableArray<NodeStanding> Nodes { get; init; } = [];
}

/// <summary>How a target stands.</summary>
/// <param name="Target">The target.</param>
internal sealed record TargetStanding(Target Target)
{
    /// <summary>The last run; null before the first.</summary>
    public RunRecord? Last { get; init; }

    /// <summary>The last run that changed it; null when none is remembered.</summary>
    public RunRecord? LastChange { get; init; }

    /// <summary>Since when every run found or left it good; null when the last one did not.</summary>
    public DateTimeOffset? GoodSince { get; init; }

    /// <summary>The next run by the schedule.</summary>
    public DateTimeOffset? NextRun { get; init; }

    /// <summary>What is watched between two runs, for people; null when nothing is.</summary>
    public string? Watches { get; init; }

    /// <summary>Until when it is not repaired, because something else undoes each repair; null when it is.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>The newest runs, oldest first.</summary>
    public ImmutableArray<RunRecord> Recent { get; init; } = [];
}

/// <summary>How a source stands.</summary>
/// <param name="Name">The source.</param>
internal sealed record SourceStanding(string Name)
{
    /// <summary>What is remembered of it: last good list, ranges in force, pending removals; null before the first list.</summary>
    public SourceMemory? Memory { get; init; }

    /// <summary>When it was last asked.</summary>
    public DateTimeOffset? AskedAt { get; init; }

    /// <summary>False when it did not answer then.</summary>
    public bool Answered { get; init; } = true;

    /// <summary>Why its answer was not believed.</summary>
    public ImmutableArray<Refusal> Refusals { get; init; } = [];

    /// <summary>How old the last good list is; null before the first.</summary>
    public TimeSpan? Age { get; init; }

    /// <summary>True when that is older than <c>guard.maxAge</c>.</summary>
    public bool IsStale { get; init; }

    /// <summary>The lists that there were, oldest first.</summary>
    public ImmutableArray<ListRecord> Lists { get; init; } = [];
}

/// <summary>Shows what the daemon knows.</summary>
internal interface IDaemonBoard
{
    /// <summary>What it knows now; cheap, and asks nobody.</summary>
    DaemonSnapshot Look();
}

/// <summary>Is told what happens in the daemon: one after the other for each target and source. What it throws is logged and stops nobody.</summary>
internal interface IDaemonListener
{
    /// <summary>A run of a target ended.</summary>
    ValueTask RunEndedAsync(RunRecord run, CancellationToken cancellationToken);

    /// <summary>A source was asked; <paramref name="changed"/> is set when its list became another one.</summary>
    ValueTask SourceAskedAsync(SourceStanding source, ListRecord? changed, CancellationToken cancellationToken);
}
