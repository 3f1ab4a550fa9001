using System.Collections.Immutable;
using AllowlistSync.Configuration;
using AllowlistSync.Core.Hosts;

namespace AllowlistSync.Daemon;

/// <summary>
/// Runs targets when something on their host changed. Each thing is watched once, whatever the number of targets that it concerns; a watch that breaks begins anew, with pauses that grow, and
/// each beginning is a sign too. Between two signs nothing wakes up.
/// </summary>
internal sealed class DriftWatch(DaemonSetup setup, IHostWatcher watcher, Func<TargetConfig, Task> run)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
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

        var watches = _targets.SelectMany(target => target.Watches).Distinct();
        return Task.WhenAll(
        [
            .. watches.Select(watch => WatchAsync(watch, [.. _targets.Where(target => target.Watches.Contains(watch)).Select(target => target.Pace)], cancellationToken)),
            .. _targets.Where(target => !target.Watches.IsEmpty).Select(target => RunAsync(target, cancellationToken)),
        ]);
    }

    private static ImmutableArray<HostWatch> WatchesOf(TargetConfig target) => target.Target.Host == "local"
        ? Composition.Providers.Single(line => line.Descriptor.Name == target.Target.Provider).Watches(target.Settings)
        : [];

    private async Task WatchAsync(HostWatch watch, ImmutableArray<SignPace> paces, CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        while (!cancellationToken.IsCancellationRequested)
        {
            var began = setup.Time.GetTimestamp();
            try
            {
                await foreach (var sign in watcher.WatchAsync(watch, cancellationToken))
                {
                    setup.Log.Sign(watch.ToString(), sign);
                    foreach (var pace in paces)
                    {
                        pace.Sign();
                    }
                }
            }
            catch (HostException nothing) when (nothing.Failure == HostFailure.NotFound && watch is FileWatch)
            {
                setup.Log.NothingToWatch(watch.ToString());
                return;
            }
            catch (HostException broken)
            {
                pause = setup.Time.GetElapsedTime(began) > LongestPause ? FirstPause : pause;
                setup.Log.WatchBroke(watch.ToString(), broken.Message, (int)pause.TotalSeconds);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(pause, setup.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
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

    private sealed record Watched(TargetConfig Target, ImmutableArray<HostWatch> Watches, SignPace Pace);
}
