using System.Collections.Immutable;
using AllowlistSync.Configuration;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Providers.Host.Hosts.Ssh;

namespace AllowlistSync.Daemon;

/// <summary>
/// Runs targets when something on their host changed. Each thing is watched once, whatever the number of targets that it concerns; a watch that breaks begins anew, with pauses that grow, and
/// each beginning is a sign too. Between two signs nothing wakes up.
/// </summary>
internal sealed class DriftWatch(DaemonSetup setup, IHostWatcher watcher, Func<TargetConfig, Task> run)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPauseOverSsh = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly ImmutableArray<Watched> _targets = [.. setup.Config.Targets.Select(target => new Watched(target, WatchesOf(target), new SignPace(setup.Time)))];

    private readonly ImmutableDictionary<string, string> _words = setup.Config.Targets.Where(target => !WatchesOf(target).IsEmpty)
        .ToImmutableDictionary(target => target.Target.Name, target => string.Join(", ", WatchesOf(target)), StringComparer.Ordinal);

    /// <summary>What is watched for a target, for people; null when nothing is.</summary>
    public string? Describe(string target) => _words.GetValueOrDefault(target);

    /// <summary>Watches until cancelled.</summary>
    public Task WatchAsync(CancellationToken cancellationToken)
    {
        foreach (var target in _targets.Where(target => !target.Watches.IsEmpty))
        {
            setup.Log.Watching(target.Target.Target.Name, _words[target.Target.Target.Name]);
        }

        var watches = _targets.SelectMany(target => target.Watches.Select(watch => (target.Place, Watch: watch))).Distinct();
        return Task.WhenAll(
        [
            .. watches.Select(thing => WatchAsync(thing.Watch, [.. _targets.Where(target => target.Place == thing.Place && target.Watches.Contains(thing.Watch))], cancellationToken)),
            .. _targets.Where(target => !target.Watches.IsEmpty).Select(target => RunAsync(target, cancellationToken)),
        ]);
    }

    // Over ssh only what is one more channel; the rest is found by the schedule.
    private static ImmutableArray<HostWatch> WatchesOf(TargetConfig target) =>
        [.. Composition.Providers.Single(line => line.Descriptor.Name == target.Target.Provider).Watches(target.Settings).Where(watch => HostTable.IsLocal(target) || watch is ProgramWatch)];

    private async Task WatchAsync(HostWatch watch, ImmutableArray<Watched> targets, CancellationToken cancellationToken)
    {
        var target = targets[0].Target;
        var (first, name) = HostTable.IsLocal(target) ? (FirstPause, $"{watch}") : (FirstPauseOverSsh, $"{watch} on {target.Target.Host}");
        var pause = first;
        while (!cancellationToken.IsCancellationRequested)
        {
            var began = setup.Time.GetTimestamp();
            try
            {
                await foreach (var sign in (await WatcherOfAsync(target, cancellationToken)).WatchAsync(watch, cancellationToken))
                {
                    setup.Log.Sign(name, sign);
                    foreach (var watched in targets)
                    {
                        watched.Pace.Sign();
                    }
                }
            }
            catch (HostException nothing) when (nothing.Failure == HostFailure.NotFound && watch is FileWatch)
            {
                setup.Log.NothingToWatch(name);
                return;
            }
            catch (HostException broken)
            {
                pause = setup.Time.GetElapsedTime(began) > LongestPause ? first : pause;
                setup.Log.WatchBroke(name, broken.Message, (int)pause.TotalSeconds);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(pause, setup.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async ValueTask<IHostWatcher> WatcherOfAsync(TargetConfig target, CancellationToken cancellationToken)
    {
        if (HostTable.IsLocal(target))
        {
            return watcher;
        }

        await setup.Hosts.TryOpenAnewAsync(target, cancellationToken);
        return setup.Hosts.Of(target).Watcher;
    }

    private async Task RunAsync(Watched target, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await target.Pace.WaitAsync(cancellationToken);
                await run(target.Target);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
    }

    private sealed record Watched(TargetConfig Target, ImmutableArray<HostWatch> Watches, SignPace Pace)
    {
        public (string, SshOptions) Place => (Target.Target.Host, Target.Ssh);
    }
}
