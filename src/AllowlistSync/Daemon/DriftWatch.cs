using System.Collections.Immutable;
using AllowlistSync.Configuration;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Providers.Host.Hosts.Ssh;
using Microsoft.Extensions.Logging;

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
        var (pause, voice) = (first, new Voice(setup.Log, name));
        while (!cancellationToken.IsCancellationRequested)
        {
            var began = setup.Time.GetTimestamp();
            try
            {
                await HearAsync(watch, targets, voice, cancellationToken);
            }
            catch (HostException nothing) when (nothing.Failure == HostFailure.NotFound && watch is FileWatch && !voice.HasBegun)
            {
                setup.Log.NothingToWatch(name);
                return;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Nobody waits for a watch: what ended one without a word would leave a host that is said to be watched and is not.
            catch (Exception broken)
#pragma warning restore CA1031
            {
                pause = setup.Time.GetElapsedTime(began) > LongestPause ? first : pause;
                voice.Broke(broken.Message, pause);
            }

            await Task.Delay(pause, setup.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = GrowingPause.After(pause, LongestPause);
        }
    }

    private async Task HearAsync(HostWatch watch, ImmutableArray<Watched> targets, Voice voice, CancellationToken cancellationToken)
    {
        await foreach (var sign in (await WatcherOfAsync(targets[0].Target, cancellationToken)).WatchAsync(watch, cancellationToken))
        {
            voice.Heard(sign);
            foreach (var watched in targets)
            {
                watched.Pace.Sign();
            }
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

    /// <summary>Says what becomes of a watch: a failure once, and its end once, however often it was tried meanwhile.</summary>
    private sealed class Voice(ILogger log, string name)
    {
        private string? _told;

        /// <summary>Whether there was ever a sign.</summary>
        public bool HasBegun { get; private set; }

        public void Heard(string sign)
        {
            HasBegun = true;
            if (_told is not null)
            {
                log.WatchedAgain(name);
                _told = null;
            }

            log.Sign(name, sign);
        }

        public void Broke(string message, TimeSpan pause)
        {
            if (_told != message)
            {
                log.WatchBroke(name, message, (int)pause.TotalSeconds);
                _told = message;
            }
        }
    }

    private sealed record Watched(TargetConfig Target, ImmutableArray<HostWatch> Watches, SignPace Pace)
    {
        public (string, SshOptions) Place => (Target.Target.Host, Target.Ssh);
    }
}
