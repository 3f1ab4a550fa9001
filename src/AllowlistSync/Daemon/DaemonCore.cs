using System.Collections.Immutable;
using AllowlistSync.Configuration;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.State;
using Microsoft.Extensions.Logging;

namespace AllowlistSync.Daemon;

/// <summary>The daemon as long as one configuration is in force: schedule, watches, runs. Ends in order: nothing new, then what runs comes to its end.</summary>
internal sealed class DaemonCore : IDaemonBoard, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    private readonly DaemonSetup _setup;
    private readonly SharedSources _sources;
    private readonly Standings _standings;
    private readonly DaemonRuns _runs;
    private readonly DriftWatch _watch;
    private readonly DateTimeOffset _startedAt;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _cancel = new();
    private readonly NodeWatch? _nodes;
    private TargetSchedule? _schedule;
    private SharedSchedule? _shared;
    private Task _going = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;

    /// <summary>A daemon for a configuration; does nothing yet.</summary>
    public DaemonCore(DaemonSetup setup, IHostWatcher watcher, DateTimeOffset startedAt, ImmutableArray<IDaemonListener> listeners)
    {
        (_setup, _startedAt) = (setup, startedAt);
        var broadcast = new DaemonBroadcast(setup.State.History, listeners, setup.Log);
        _sources = new SharedSources(setup.Config, setup.State, setup.Time, broadcast.SourceAskedAsync);
        _standings = new Standings(setup.Config.Targets);
        _runs = new DaemonRuns(setup, _sources, _standings, broadcast, _stop.Token, _cancel.Token);
        _nodes = setup.Database is null ? null : new NodeWatch(setup, _standings, startedAt);
        _watch = new DriftWatch(setup, watcher, target => TryAsync(target, RunTrigger.Drift, null));
    }

    /// <summary>Why a newer configuration was not taken over.</summary>
    public string? ConfigProblem { get; set; }

    /// <summary>Reads what is remembered, starts schedule and watches, and runs every target once: at a start with what was believed before, at a reload with what is published now.</summary>
    public async Task StartAsync(RunTrigger trigger, CancellationToken cancellationToken)
    {
        await MendStateAsync(cancellationToken);
        await _sources.RecallAsync(cancellationToken);
        await _standings.RecallAsync(_setup.State.History, cancellationToken);
        _schedule = await TargetSchedule.StartAsync(_setup, (target, due) => TryAsync(target, RunTrigger.Schedule, due), cancellationToken);
        var due = trigger == RunTrigger.Start ? (DateTimeOffset?)null : _setup.Time.GetUtcNow();
        await JoinAsync(trigger, cancellationToken);
        _runs.Expect(_setup.Own, trigger);
        _going = Task.WhenAll([_watch.WatchAsync(_stop.Token), .. _setup.Own.Select(target => TryAsync(target, trigger, due))]);
    }

    /// <summary>How many runs go on or wait for their turn.</summary>
    public int Running => _runs.Running;

    /// <inheritdoc/>
    public DaemonSnapshot Look() => new()
    {
        At = _setup.Time.GetUtcNow(),
        StartedAt = _startedAt,
        Version = ProgramVersion.Text,
        Node = _setup.Node,
        ConfigHash = _setup.ConfigHash,
        ConfigProblem = ConfigProblem,
        Targets = [.. _standings.All.Select(Complete)],
        Sources = _sources.Standings,
        Nodes = _nodes?.Known ?? [],
    };

    /// <summary>Ends: what runs has some seconds to come to its end, and is cancelled then, which leaves old or new.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_shared is not null)
        {
            await _shared.DisposeAsync();
        }

        if (_schedule is not null)
        {
            await _schedule.DisposeAsync();
        }

        var start = _setup.Time.GetTimestamp();
        while (_runs.Running > 0 && _setup.Time.GetElapsedTime(start) < Patience)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), _setup.Time);
        }

        if (_runs.Running > 0)
        {
            _setup.Log.Cancelled((int)Patience.TotalSeconds);
        }

        await _cancel.CancelAsync();
        await Task.WhenAll(_going, _watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (_runs.Running > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), _setup.Time);
        }

        await (_nodes?.LeaveAsync() ?? Task.CompletedTask);
        _runs.Dispose();
        _sources.Dispose();
        await _setup.Hosts.DisposeAsync();
        _stop.Dispose();
        _cancel.Dispose();
    }

    // A file that a failing disk damaged must not keep a daemon from its work for good: the next run is a first run for it.
    private async Task MendStateAsync(CancellationToken cancellationToken)
    {
        foreach (var mended in await _setup.State.SetAsideDamagedAsync(cancellationToken))
        {
            _setup.Log.StateMended(mended);
        }
    }

    // What all nodes share is run at a start only when it is new to all of them: what was missed is made up for by the schedule that they keep together.
    private async Task JoinAsync(RunTrigger trigger, CancellationToken cancellationToken)
    {
        if (_nodes is null)
        {
            return;
        }

        await _nodes.BeginAsync(cancellationToken);
        _watching = _nodes.WatchAsync(_stop.Token);
        if (_setup.Shared.IsEmpty)
        {
            return;
        }

        _shared = await SharedSchedule.StartAsync(_setup, RunSharedAsync, _nodes.AgreeAsync, cancellationToken);
        if (trigger != RunTrigger.Start)
        {
            await _shared.AskAsync(trigger, cancellationToken);
        }
    }

    // A run that was not begun is not done: it is thrown, so that another node does it.
    private async Task RunSharedAsync(TargetConfig target, RunTrigger trigger, DateTimeOffset due)
    {
        await TryAsync(target, trigger, trigger == RunTrigger.Start ? null : due);
        _stop.Token.ThrowIfCancellationRequested();
    }

    private TargetStanding Complete(TargetStanding standing) => standing with
    {
        NextRun = _schedule?.NextOf(standing.Target.Name) ?? _shared?.Next,
        Watches = _watch.Describe(standing.Target.Name),
        PausedUntil = _runs.PausedUntil(standing.Target.Name),
    };

    // Nobody waits for these runs, so what they throw ends here: a cancellation is the end of the daemon, and anything else must not end it.
    private async Task TryAsync(TargetConfig target, RunTrigger trigger, DateTimeOffset? due)
    {
        try
        {
            await _runs.RunAsync(target, trigger, due);
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (StateException failure)
        {
            var why = $"{failure.Message}; {failure.Remedy}";
            _setup.Log.RunBad(LogLevel.Error, target.Target.Name, "failed", why, RunWords.NameOf(trigger), "none");
        }
#pragma warning disable CA1031 // One target with a bug of ours in its way must not stop the others.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            _setup.Log.Bug(target.Target.Name, bug);
        }
    }
}
