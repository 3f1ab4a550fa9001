using System.Collections.Immutable;
using System.Globalization;
using AllowlistSync.Configuration;
using AllowlistSync.Core;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.State;

namespace AllowlistSync.Daemon;

/// <summary>Runs targets for the daemon: one run of a target at a time, some targets side by side, and everybody told who wants to know.</summary>
internal sealed class DaemonRuns : IDisposable
{
    // Another run has the target: it is not far from its end.
    private const int MostTriesWhenLocked = 5;
    private static readonly TimeSpan LockedPause = TimeSpan.FromSeconds(1);

    private readonly DaemonSetup _setup;
    private readonly SharedSources _sources;
    private readonly Standings _standings;
    private readonly DaemonBroadcast _broadcast;
    private readonly SemaphoreSlim _room;
    private readonly ImmutableDictionary<string, Line> _lines;
    private readonly CancellationToken _stop;
    private readonly CancellationToken _cancel;
    private int _count;
    private int _running;

    /// <summary>Runs the targets of a configuration.</summary>
    /// <param name="setup">The configuration and what goes with it.</param>
    /// <param name="sources">The lists.</param>
    /// <param name="standings">Where it is kept how targets stand.</param>
    /// <param name="broadcast">Who is told.</param>
    /// <param name="stop">Nothing is begun any more; what runs goes on.</param>
    /// <param name="cancel">What runs ends as well: old or new, never between.</param>
    public DaemonRuns(DaemonSetup setup, SharedSources sources, Standings standings, DaemonBroadcast broadcast, CancellationToken stop, CancellationToken cancel)
    {
        (_stop, _cancel) = (stop, cancel);
        (_setup, _sources, _standings, _broadcast) = (setup, sources, standings, broadcast);
        _room = new SemaphoreSlim(setup.Config.Parallelism);
        _lines = setup.Config.Targets.ToImmutableDictionary(target => target.Target.Name, _ => new Line(setup.Time), StringComparer.Ordinal);
    }

    /// <summary>How many runs go on or wait for their turn.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Until when a target is only looked at, because something else undoes each repair; null when it is repaired.</summary>
    public DateTimeOffset? PausedUntil(string target) => _lines[target].Limit.PausedUntil;

    /// <summary>Runs a target; returns when the run has ended and is kept. What goes wrong is in its record.</summary>
    /// <param name="target">The target.</param>
    /// <param name="trigger">Why.</param>
    /// <param name="due">A list that was asked for since then will do; null for what is known.</param>
    public async Task RunAsync(TargetConfig target, RunTrigger trigger, DateTimeOffset? due)
    {
        var line = _lines[target.Target.Name];
        Interlocked.Increment(ref _running);
        try
        {
            await line.Gate.WaitAsync(_stop);
            try
            {
                await RunAloneAsync(line, target, trigger, due);
            }
            finally
            {
                line.Gate.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _room.Dispose();
        foreach (var line in _lines.Values)
        {
            line.Gate.Dispose();
        }
    }

    private async Task RunAloneAsync(Line line, TargetConfig target, RunTrigger trigger, DateTimeOffset? due)
    {
        var runId = string.Create(CultureInfo.InvariantCulture, $"{_setup.Time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}");
        var jitter = trigger == RunTrigger.Schedule ? _setup.Config.Schedule.Jitter : TimeSpan.Zero;
        var outcomes = await _sources.GetAsync(target.Target.Allow, due, jitter, runId, _stop);
        var (at, start) = (_setup.Time.GetUtcNow(), _setup.Time.GetTimestamp());
        var report = await ReportAsync(line.IsPaused ? OnlyReported(target) : target, outcomes, runId);
        var frame = new RunFrame(runId, _setup.Node, trigger, at, _setup.Time.GetElapsedTime(start), line.HasHeld(report)) { Due = trigger == RunTrigger.Schedule ? due : null };
        await EndAsync(line, RunRecords.Of(frame, report), report);
    }

    private async Task<TargetReport> ReportAsync(TargetConfig target, ImmutableArray<SourceOutcome> outcomes, string runId)
    {
        for (var tries = 1; ; tries++)
        {
            var report = await ReportOnceAsync(target, outcomes, runId);
            if (report.Status != TargetStatus.Locked || tries == MostTriesWhenLocked)
            {
                return report;
            }

            await Task.Delay(LockedPause, _setup.Time, _stop);
        }
    }

    private async Task<TargetReport> ReportOnceAsync(TargetConfig target, ImmutableArray<SourceOutcome> outcomes, string runId)
    {
        // Nobody waits in a room for a host that may be dead. What is in the way is in the report, as the run meets it at once.
        _ = HostTable.IsLocal(target) || await _setup.Hosts.TryOpenAnewAsync(target, _stop);
        await _room.WaitAsync(_stop);
        try
        {
            await using var session = await _setup.OpenAsync(target, runId, _cancel);
            var report = await new Runner(session).RunAsync("daemon", new RunOptions { RunId = runId, Purpose = RunPurpose.Apply }, outcomes, _cancel);
            return report.Targets.Single();
        }
        finally
        {
            _room.Release();
        }
    }

    private async Task EndAsync(Line line, RunRecord run, TargetReport report)
    {
        // A look that followed our own change, or one that changed nothing that matters to us.
        var isEcho = run is { Trigger: RunTrigger.Drift, Status: "inSync" } && _standings[run.Target].Last is { IsGood: true };
        line.Remember(report);
        if (isEcho)
        {
            return;
        }

        _standings.Add(run);
        RunLog.Write(_setup.Log, run);
        if (run.IsRepair && line.Limit.Count())
        {
            _setup.Log.Fight(run.Target, RepairLimit.Most, (int)RepairLimit.Window.TotalMinutes, line.Limit.PausedUntil!.Value);
        }

        await _broadcast.RunEndedAsync(run, _cancel);
    }

    private static TargetConfig OnlyReported(TargetConfig target) => target with { Target = target.Target with { Mode = TargetMode.Report } };

    /// <summary>What the daemon knows of one target between two runs.</summary>
    private sealed class Line(TimeProvider time)
    {
        private TrafficSet? _held;

        public SemaphoreSlim Gate { get; } = new(1);

        public RepairLimit Limit { get; } = new(time);

        public bool IsPaused => Limit.PausedUntil is not null;

        /// <summary>Whether what is wanted was there after an earlier run.</summary>
        public bool HasHeld(TargetReport report) => _held is { } held && held.Equals(WantedIn(report));

        // A run that did not get as far as a plan says nothing of what was wanted.
        public void Remember(TargetReport report)
        {
            var wanted = WantedIn(report);
            _held = report.Status is TargetStatus.InSync or TargetStatus.Applied || wanted is null || wanted.Equals(_held) ? wanted ?? _held : null;
        }

        private static TrafficSet? WantedIn(TargetReport report) =>
            report.Plan is { } plan ? TrafficSet.Of(plan.Changes.Desired.Sources, plan.Changes.Desired.Ports) : null;
    }
}
