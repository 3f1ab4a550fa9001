using System.Collections.Immutable;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.Sources;
using AllowlistSync.Core.State;
using AllowlistSync.Postgres;

namespace AllowlistSync.Output;

/// <summary>What is remembered of the sources and targets.</summary>
internal sealed record Status(DateTimeOffset At, IReadOnlyList<SourceStatus> Sources, IReadOnlyList<TargetState> Targets)
{
    /// <summary>The daemon that works with the state: process id and since when; null when none does, and for a state in PostgreSQL, whose daemons are <see cref="Nodes"/>.</summary>
    public string? Daemon { get; init; }

    /// <summary>The daemons that share the state; none when it is kept in files.</summary>
    public IReadOnlyList<NodeRow> Nodes { get; init; } = [];
}

/// <summary>What is remembered of a source; memory is null before the first apply.</summary>
internal sealed record SourceStatus(string Name, SourceMemory? Memory, DateTimeOffset Now, TimeSpan MaxAge)
{
    /// <summary>How old the last good list is.</summary>
    public TimeSpan? Age => Now - Memory?.LastGood.FetchedAt;

    /// <summary>True when it is older than the configuration tolerates.</summary>
    public bool IsStale => Age > MaxAge;
}

/// <summary>What is remembered of a target; the receipt is null before the first apply.</summary>
internal sealed record TargetState(Target Target, Receipt? Receipt, ImmutableArray<JournalEntry> Journal)
{
    /// <summary>What keeps an undo that is due from being made or written down.</summary>
    public Finding? Problem { get; init; }

    /// <summary>The last run by a daemon; null when there was none.</summary>
    public RunRecord? LastRun { get; init; }

    /// <summary>Who is banned now of those that should get in; null for a target that holds no bans.</summary>
    public TargetBans? Bans { get; init; }
}
