using System.Collections.Immutable;
using System.Globalization;
using AllowlistSync.Configuration;
using AllowlistSync.Core;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
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
    private readonly ImmutableDictionary<string, TargetLine> _lines;
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
        _lines = setup.Config.Targets.ToImmutableDictionary(target => target.Target.Name, _ => new TargetLine(setup.Time), StringComparer.Ordinal);
    }

    /// <summary>How many runs go on or wait for their turn.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Until when a target is only looked at, because something else undoes each repair; null when it is repaired.</summary>
    public DateTimeOffset? PausedUntil(string target) => _lines[target].Limit.PausedUntil;

    /// <summary>
    /// The run of a start or a reload is on its way to targets, and takes in whatever happened before it begins. After a reload drift of what is known is put back all the same: that run may wait for a list.
    /// </summary>
    public void Expect(IEnumerable<TargetConfig> targets, RunTrigger trigger)
    {
        foreach (var target in targets.Where(target => trigger == RunTrigger.Start || !_sources.AreKnown(target.Target.Allow)))
        {
            _lines[target.Target.Name].IsExpected = true;
        }
    }

    /// <summary>
    /// Runs a target; returns when the run has ended and is kept. What goes wrong is in its record. Drift is nothing before a first list, nor before the run of a start has begun: what was never put in has
    /// not drifted, and a source without an answer is not asked at each change of a firewall.
    /// </summary>
    /// <param name="target">The target.</param>
    /// <param name="trigger">Why.</param>
    /// <param name="due">A list that was asked for since then will do; null for what is known.</param>
    public async Task RunAsync(TargetConfig target, RunTrigger trigger, DateTimeOffset? due)
    {
        var line = _lines[target.Target.Name];
        if (trigger == RunTrigger.Drift && (line.IsExpected || !_sources.AreKnown(target.Target.Allow)))
        {
            return;
        }

        var runId = string.Create(CultureInfo.InvariantCulture, $"{_setup.Time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}");
        Interlocked.Increment(ref _running);
        try
        {
            // Not in the target's turn: what drifts meanwhile is put back at once.
            var unasked = await AskAsync(target, trigger, due, runId);
            await line.Gate.WaitAsync(_stop);
            line.IsExpected = false;
            try
            {
                await RunAloneAsync(line, target, trigger, due, runId, unasked);
            }
            finally
            {
                line.Gate.Release();
            }
        }
        finally
        {
            line.IsExpected = false;
            Interlocked.Decrement(ref _running);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _room.Dispose();
        foreach (var line in _lines.Values)
        {
            line.Dispose();
        }
    }

    // A list that cannot be remembered is not worked with. That is how the run ends, and whoever looks at the board or waits for a message must hear of it.
    private async Task<StateException?> AskAsync(TargetConfig target, RunTrigger trigger, DateTimeOffset? due, string runId)
    {
        try
        {
            await _sources.AskAsync(target.Target.Allow, due, trigger == RunTrigger.Schedule ? _setup.Config.Schedule.Jitter : TimeSpan.Zero, runId, _stop);
            return null;
        }
        catch (StateException failure)
        {
            return failure;
        }
    }

    private async Task RunAloneAsync(TargetLine line, TargetConfig target, RunTrigger trigger, DateTimeOffset? due, string runId, StateException? unasked)
    {
        var (at, start) = (_setup.Time.GetUtcNow(), _setup.Time.GetTimestamp());
        var report = unasked is null ? await ReportOrFailAsync(line.IsPaused ? OnlyReported(target) : target, runId) : Failed(target, unasked);
        var frame = new RunFrame(runId, _setup.Node, trigger, at, _setup.Time.GetElapsedTime(start), line.HasHeld(report)) { Due = trigger == RunTrigger.Schedule ? due : null };
        await EndAsync(line, RunRecords.Of(frame, report), report);
    }

    private async Task<TargetReport> ReportOrFailAsync(TargetConfig target, string runId)
    {
        try
        {
            return await ReportAsync(target, _sources.Newest(target.Target.Allow), runId);
        }
        catch (StateException failure)
        {
            return Failed(target, failure);
        }
    }

    private static TargetReport Failed(TargetConfig target, StateException failure) =>
        new() { Target = target.Target, Status = TargetStatus.Failed, Error = new TargetError(FailureKind.Unavailable, Aftermath.Untouched, failure.Message, failure.Remedy) };

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

    private async Task EndAsync(TargetLine line, RunRecord run, TargetReport report)
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
}
