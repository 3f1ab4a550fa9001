using System.Runtime.InteropServices;
using AllowlistSync.Configuration;
using AllowlistSync.Core.State;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AllowlistSync.Daemon;

/// <summary>
/// The life of the daemon: start, reload (SIGHUP), stop (SIGTERM, SIGINT), and what systemd wants to hear of it. A configuration that is wrong at a reload changes nothing; at the start it was refused before.
/// </summary>
internal sealed class DaemonService(DaemonFrame frame, AllowlistConfig first, ILoggerFactory logs) : IHostedLifecycleService, IDaemonBoard, IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly ILogger _log = logs.CreateLogger("allowlist-sync");
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly SdNotify _systemd = new();
    private readonly DateTimeOffset _startedAt = TimeProvider.System.GetUtcNow();
    private DaemonCore? _core;
    private DaemonParts? _parts;
    private DaemonSetup? _setup;
    private PosixSignalRegistration? _hangup;
    private ITimer? _watchdog;
    private string? _standstill;

    /// <inheritdoc/>
    public DaemonSnapshot Look() => _core?.Look()
        ?? new DaemonSnapshot { At = TimeProvider.System.GetUtcNow(), StartedAt = _startedAt, Version = ProgramVersion.Text, Node = NodeName.Own, ConfigHash = "", Standstill = _standstill };

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var setup = await frame.SetUpAsync(first, _log, cancellationToken);
        await BeginAsync(setup, RunTrigger.Start, cancellationToken);
        _hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            _ = ReloadAsync();
        });
        _log.Started(ProgramVersion.Text, setup.Node, setup.Config.Targets.Length, setup.ConfigPath, setup.ConfigHash);
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _systemd.Ready(Line());
        if (SdNotify.WatchdogInterval is { } interval)
        {
            _watchdog = TimeProvider.System.CreateTimer(_ => Beat(), null, TimeSpan.Zero, interval / 2);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _systemd.Stopping();
        _log.Stopping(_core?.Running ?? 0);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _hangup?.Dispose();
        await _stop.CancelAsync();
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            await EndAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        _log.Stopped();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watchdog?.Dispose();
        _hangup?.Dispose();
        _systemd.Dispose();
        _turn.Dispose();
        _stop.Dispose();
    }

    private async Task BeginAsync(DaemonSetup setup, RunTrigger trigger, CancellationToken cancellationToken)
    {
        try
        {
            _parts = await frame.OpenAsync(setup, this, logs, cancellationToken);
            _core = new DaemonCore(setup, frame.Watcher, _startedAt, _parts.Listeners);
            await _core.StartAsync(trigger, cancellationToken);
        }
        catch
        {
            await EndAsync();
            throw;
        }

        (_setup, _standstill) = (setup, null);
    }

    private async ValueTask EndAsync()
    {
        var (core, parts) = (_core, _parts);
        (_core, _parts) = (null, null);
        if (core is not null)
        {
            await core.DisposeAsync();
        }

        if (parts is not null)
        {
            await parts.DisposeAsync();
        }
    }

    private async Task ReloadAsync()
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            _systemd.Reloading();
            await ReloadAloneAsync();
        }
#pragma warning disable CA1031 // Nobody waits for a reload: what it meets must be told, and the daemon goes on as it was.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Refuse(failure.Message);
        }
        finally
        {
            // Whatever came of it, it is over: systemd waits for this word.
            _systemd.Ready(Line());
            _turn.Release();
        }
    }

    private async Task ReloadAloneAsync()
    {
        var (config, problems, _) = await frame.LoadAsync(CancellationToken.None);
        if (config is null)
        {
            Refuse(string.Join(" | ", problems));
            return;
        }

        var (old, setup) = (_setup!, await frame.SetUpAsync(config, _log, CancellationToken.None));
        try
        {
            await frame.Lock.TakeAsync(setup.State, CancellationToken.None);
        }
        catch (TargetLockedException locked)
        {
            Refuse($"another daemon keeps its state in {setup.State.Place}: {locked.Holder}");
            return;
        }

        try
        {
            await EndAsync();
            await BeginAsync(setup, RunTrigger.Reload, CancellationToken.None);
        }
        catch
        {
            // What the new one needs cannot be had (a state that cannot be read): the old one had it.
            await ReturnAsync(old);
            await frame.Lock.KeepOnlyAsync(old.State);
            throw;
        }

        await frame.Lock.KeepOnlyAsync(setup.State);

        _log.Reloaded(setup.ConfigPath, setup.ConfigHash, setup.Config.Targets.Length);
    }

    // What kept the new one from beginning may keep the old one from it too, such as a database that is away. A daemon that lives without runs would be the worst of all, so it goes on trying.
    private async Task ReturnAsync(DaemonSetup old)
    {
        for (var pause = FirstPause; ; pause = GrowingPause.After(pause, LongestPause))
        {
            try
            {
                await BeginAsync(DaemonFrame.Renew(old), RunTrigger.Reload, _stop.Token);
                return;
            }
#pragma warning disable CA1031 // Whatever it is: the next try may end better, and until then it is told.
            catch (Exception failure) when (!_stop.IsCancellationRequested)
#pragma warning restore CA1031
            {
                _standstill = failure.Message;
                _log.CannotReturn(failure.Message, (int)pause.TotalSeconds);
                await Task.Delay(pause, _stop.Token);
            }
        }
    }

    private void Refuse(string why)
    {
        _log.ReloadRefused(frame.ConfigPath, Look().ConfigHash, why);
        if (_core is { } core)
        {
            core.ConfigProblem = why;
        }
    }

    // A process whose thread pool or core hangs does not come here, or does not get an answer.
    private void Beat()
    {
        var line = Line();
        _systemd.Alive();
        _systemd.Status(line);
    }

    private string Line()
    {
        var now = Look();
        var good = now.Targets.Count(target => target.Last is { IsGood: true });
        return $"{good} of {now.Targets.Length} targets in sync{(now.ConfigProblem is null ? "" : "; the configuration file is wrong and an older one is in force")}";
    }
}
