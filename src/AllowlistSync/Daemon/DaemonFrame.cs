using System.Collections.Immutable;
using AllowlistSync.Commands;
using AllowlistSync.Configuration;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.State;
using AllowlistSync.Daemon.Web;
using AllowlistSync.Notifying;
using AllowlistSync.Output;
using AllowlistSync.Postgres.Connecting;
using Microsoft.Extensions.Logging;

namespace AllowlistSync.Daemon;

/// <summary>What stays the same for the whole life of a daemon, and how a configuration becomes something to work with.</summary>
internal sealed class DaemonFrame(Shell shell, GlobalArguments arguments) : IAsyncDisposable
{
    // One for the life of the daemon, so that a reload opens no second set of connections.
    private readonly Dictionary<string, PostgresDatabase> _databases = new(StringComparer.Ordinal);
    private DaemonWeb? _web;

    /// <summary>The file of the configuration.</summary>
    public string ConfigPath { get; } = Path.GetFullPath(arguments.ConfigPath ?? GlobalOptions.DefaultConfigPath);

    /// <summary>Keeps other daemons out.</summary>
    public DaemonLock Lock { get; } = new();

    /// <summary>Watches this machine.</summary>
    public IHostWatcher Watcher { get; } = new Providers.Host.Hosts.LocalWatcher(new Providers.Host.Hosts.LocalHost(), new Providers.Host.Hosts.SystemBus());

    /// <summary>Reads the configuration; null with what is wrong with it, and the exit code that says so.</summary>
    public async Task<(AllowlistConfig? Config, ImmutableArray<string> Problems, int ExitCode)> LoadAsync(CancellationToken cancellationToken)
    {
        var (config, path, problems) = await ConfigSource.LoadAsync(shell, arguments, ConfigNeed.Required, cancellationToken);
        if (config is null)
        {
            return (null, problems, ExitCodes.Configuration);
        }

        if (ConfigSource.Misnamed(config, arguments, path) is { } misnamed)
        {
            return (null, [misnamed], ExitCodes.Usage);
        }

        return config.Targets.IsEmpty
            ? (null, [$"{path} has no targets, so a daemon has nothing to keep; proposals are made by `allowlist-sync propose`, in a pipeline or by a timer"], ExitCodes.Configuration)
            : (Named(config), [], ExitCodes.Ok);
    }

    /// <summary>What a daemon works with under a configuration.</summary>
    public async Task<DaemonSetup> SetUpAsync(AllowlistConfig config, ILogger log, CancellationToken cancellationToken) => new()
    {
        Config = config,
        ConfigPath = ConfigPath,
        ConfigHash = DaemonSetup.HashOf(await File.ReadAllBytesAsync(ConfigPath, cancellationToken)),
        State = OpenState(config),
        Database = DatabaseOf(config),
        Log = log,
        Shell = shell,
        Hosts = HostsOf(config),
    };

    /// <summary>The same once more, after what belongs to it was ended: its hosts are signed in to anew.</summary>
    public static DaemonSetup Renew(DaemonSetup ended) => ended with { Hosts = HostsOf(ended.Config) };

    /// <summary>Starts what lives beside the runs: who is told, and what is served.</summary>
    public async Task<DaemonParts> OpenAsync(DaemonSetup setup, IDaemonBoard board, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        // Numbers go on over a reload, and who reads them is not cut off.
        _web ??= new DaemonWeb(board, setup.Log);
        await _web.ServeAsync(setup.Config.Listen, cancellationToken);
        var notices = NoticeListener.Create(setup.Config, setup.State.Notices, setup.Node, CourierLimits.Daemon, setup.Time, logs);
        return new DaemonParts([_web.Metrics, notices], [notices]);
    }

    /// <summary>Where the memory of a configuration is kept.</summary>
    public IStateStore OpenState(AllowlistConfig config) => StateStores.Open(config, DatabaseOf(config));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await (_web?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Lock.DisposeAsync();
        foreach (var database in _databases.Values)
        {
            await database.DisposeAsync();
        }
    }

    private static SshHosts HostsOf(AllowlistConfig config) => new(new Providers.Host.Hosts.LocalHost(), config.Parallelism);

    private PostgresDatabase? DatabaseOf(AllowlistConfig config)
    {
        if (StateStores.ConnectionOf(config.State) is not { } connection)
        {
            return null;
        }

        return _databases.TryGetValue(connection, out var known) ? known : _databases[connection] = StateStores.DatabaseOf(config.State)!;
    }

    // Only the targets that were named on the command line.
    private AllowlistConfig Named(AllowlistConfig config) => arguments.Targets.Count == 0
        ? config
        : config with { Targets = [.. config.Targets.Where(target => target.IsNamed(arguments.Targets))] };
}

/// <summary>What lives beside the runs of a daemon as long as a configuration is in force.</summary>
/// <param name="Listeners">Who is told.</param>
/// <param name="Owned">What is ended with it, in this order.</param>
internal sealed record DaemonParts(ImmutableArray<IDaemonListener> Listeners, ImmutableArray<IAsyncDisposable> Owned) : IAsyncDisposable
{
    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var part in Owned)
        {
            await part.DisposeAsync();
        }
    }
}
