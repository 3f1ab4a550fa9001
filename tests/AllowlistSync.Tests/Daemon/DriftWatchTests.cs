using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using AllowlistSync.Configuration;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.State;
using AllowlistSync.Daemon;
using AllowlistSync.Output;
using AllowlistSync.Providers.Host.Hosts;
using AllowlistSync.Tests.Notifying;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.Daemon;

public sealed class DriftWatchTests
{
    private const string Yaml = """
        version: 1
        sources:
          - { name: office, type: static, prefixes: [198.51.100.0/24] }
        targets:

        """;

    private const string Nftables = "  - { name: web, provider: nftables, allow: [office], settings: { table: inet filter, chain: input } }\n";
    private const string File = "  - { name: web, provider: file, allow: [office], settings: { path: /etc/nginx/office.conf, format: nginx-realip } }\n";

    private readonly StepTime _time = new();
    private readonly Told _log = new();

    [Fact]
    public async Task A_watch_that_fails_in_a_way_that_nobody_thought_of_begins_anew()
    {
        var moody = new Moody(beginsFirst: false, new IOException("the limit of inotify instances has been reached"));
        await LooksAsync(Nftables, moody);
        moody.Asked.ShouldBe(2);
    }

    [Fact]
    public async Task A_directory_that_was_there_and_is_gone_is_asked_for_again()
    {
        var moody = new Moody(beginsFirst: true, new HostException(HostFailure.NotFound, "/etc/nginx is not there"));
        await LooksAsync(File, moody, looks: 2);
        moody.Asked.ShouldBe(2);
    }

    [Fact]
    public async Task A_directory_that_was_never_there_is_not_asked_for_again()
    {
        var moody = new Moody(beginsFirst: false, new HostException(HostFailure.NotFound, "/etc/nginx is not there"));
        await LooksAsync(File, moody, looks: 1, tries: 100);
        moody.Asked.ShouldBe(1);
    }

    // A host without nft, or one that is down for a week, would fill the log.
    [Fact]
    public async Task The_same_failure_is_told_once_and_so_is_its_end()
    {
        var moody = new Moody(beginsFirst: false, new HostException(HostFailure.NotFound, "nft is not installed"), times: 6);
        await LooksAsync(Nftables, moody);
        moody.Asked.ShouldBe(7);
        _log.Lines.Where(line => line.StartsWith("`nft monitor`", StringComparison.Ordinal)).ShouldBe(
            ["`nft monitor` cannot be watched: nft is not installed; tried again in 1 s, then less and less often, and the schedule goes on", "`nft monitor` is watched again"]);
    }

    // Until it was looked at so often, or for some tries: a second of the clock is five.
    private async Task LooksAsync(string target, Moody watcher, int looks = 1, int tries = int.MaxValue)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var looked = 0;
        await using var hosts = new SshHosts(new LocalHost(), 1);
        var watching = new DriftWatch(Setup(target, hosts), watcher, _ =>
        {
            Interlocked.Increment(ref looked);
            return Task.CompletedTask;
        }).WatchAsync(stop.Token);

        for (var i = 0; i < tries && Volatile.Read(ref looked) < looks; i++)
        {
            watching.IsCompleted.ShouldBeFalse();
            _time.Advance(TimeSpan.FromMilliseconds(200));
            await Task.Delay(1, stop.Token);
        }

        await stop.CancelAsync();
        await watching;
    }

    private DaemonSetup Setup(string target, SshHosts hosts) => new()
    {
        Config = ConfigLoader.Load("c.yaml", Yaml + target, Composition.Providers).Config!,
        ConfigPath = "c.yaml",
        ConfigHash = "",
        State = new FileStateStore("/nonexistent", _time),
        Log = _log,
        Shell = new Shell(TextWriter.Null, TextWriter.Null, TextReader.Null, Color: false, ShowsProgress: false, CanAsk: false),
        Hosts = hosts,
        Time = _time,
    };

    // Fails at first; what a watch may throw is not known beforehand: .NET says by an exception of its own that a user has no more instances of inotify(7).
    private sealed class Moody(bool beginsFirst, Exception mood, int times = 1) : IHostWatcher
    {
        public int Asked { get; private set; }

        public async IAsyncEnumerable<string> WatchAsync(HostWatch watch, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var fails = Asked++ < times;
            if (!fails || beginsFirst)
            {
                yield return LocalWatcher.Begun;
            }

            if (fails)
            {
                await Task.Yield();
                throw mood;
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
    }

    private sealed class Told : ILogger
    {
        private readonly ConcurrentQueue<string> _lines = [];

        public IEnumerable<string> Lines => _lines;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _lines.Enqueue(formatter(state, exception));
    }
}
