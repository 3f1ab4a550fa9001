using System.Collections.Immutable;
using System.Globalization;
using AllowlistSync.Commands;
using AllowlistSync.Configuration;
using AllowlistSync.Core;
using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.State;
using AllowlistSync.Core.Verifying;
using AllowlistSync.Output;
using AllowlistSync.Reachability.Collecting;
using AllowlistSync.Reachability.Proving;

namespace AllowlistSync;

/// <summary>Whether a command can do without a configuration file.</summary>
internal enum ConfigNeed
{
    /// <summary>It changes things: a file must say which.</summary>
    Required,

    /// <summary>It only looks: without a file it looks at this machine with the defaults.</summary>
    MayBeImplied,

    /// <summary>It needs the ranges only: without a file they are Cloudflare's, and this machine's firewalls are not looked for.</summary>
    RangesMayBeImplied,

    /// <summary>It works with targets and state alone: a file must say which, and its secrets are not looked up, as they may be in variables of another process.</summary>
    WithoutSecrets,
}

/// <summary>One command with its configuration: what the commands work with.</summary>
internal sealed class Session : IAsyncDisposable
{
    private readonly GlobalArguments _arguments;
    private readonly string _configPath;

    private readonly HostTable _hosts;
    private readonly SshHosts _ssh;
    private readonly bool _ownsSsh;

    /// <summary>A session with a configuration that was read, for some of its targets. Starts nothing. Connections to hosts end with it, unless they are of somebody who keeps them.</summary>
    public Session(Shell shell, GlobalArguments arguments, AllowlistConfig config, string configPath, ImmutableArray<TargetConfig> targets, IStateStore state, SshHosts? kept = null)
    {
        var local = new Providers.Host.Hosts.LocalHost();
        (_ssh, _ownsSsh) = (kept ?? new SshHosts(local, config.Parallelism), kept is null);
        _hosts = new HostTable(local, _ssh);
        (_arguments, _configPath) = (arguments, configPath);
        Shell = shell;
        Config = config;
        Targets = targets;
        Progress = new ProgressLine(shell);
        State = state;
        Sources = new SourceDesk(config.Guard, state, Time);
        UndoGuard = new DetachedUndoGuard(new Providers.Host.Hosts.LocalHost(), configPath);
        RunId = string.Create(CultureInfo.InvariantCulture, $"{Time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}-{Environment.ProcessId}");
    }

    public Shell Shell { get; }

    public AllowlistConfig Config { get; }

    /// <summary>The targets that were named, or all.</summary>
    public ImmutableArray<TargetConfig> Targets { get; }

    public ProgressLine Progress { get; }

    public IStateStore State { get; }

    public SourceDesk Sources { get; }

    public IUndoGuard UndoGuard { get; }

    public TimeProvider Time { get; } = TimeProvider.System;

    public string RunId { get; init; }

    /// <summary>What kept an undo that is due from being made when the session began, by the names of the targets.</summary>
    public IReadOnlyDictionary<string, Finding> UndoProblems { get; private set; } = ImmutableDictionary<string, Finding>.Empty;

    public OutputFormat Format => _arguments.Format;

    /// <summary>Reads the configuration, carries out an undo that is due, and runs a command. A configuration that is wrong is exit code 78; a state that cannot be read or kept is 2, and so is an undo that is still due for a target of the session when the command has ended well.</summary>
    public static async Task<int> UseAsync(Shell shell, GlobalArguments arguments, ConfigNeed need, Func<Session, Task<int>> command, CancellationToken cancellationToken)
    {
        var (config, path, problems) = await ConfigSource.LoadAsync(shell, arguments, need, cancellationToken);
        if (config is null)
        {
            await shell.Error.WriteLineAsync(string.Join('\n', problems));
            return ExitCodes.Configuration;
        }

        if (ConfigSource.Misnamed(config, arguments, path) is { } misnamed)
        {
            await shell.Error.WriteLineAsync(misnamed);
            return ExitCodes.Usage;
        }

        var session = new Session(shell, arguments, config, path, [.. config.Targets.Where(target => arguments.Targets.Count == 0 || target.IsNamed(arguments.Targets))], StateOf(config));
        try
        {
            await session.CarryOutDueUndoAsync(cancellationToken);
            var exitCode = await command(session);
            return exitCode <= ExitCodes.Differences && await session.IsUndoOverdueAsync(cancellationToken) ? ExitCodes.Failed : exitCode;
        }
        catch (StateException failure)
        {
            session.Progress.Clear();
            await shell.Error.WriteLineAsync($"{failure.Message}; {failure.Remedy}");
            return ExitCodes.Failed;
        }
        finally
        {
            await session.DisposeAsync();
        }
    }

    /// <summary>Where the memory of a configuration is kept.</summary>
    public static IStateStore StateOf(AllowlistConfig config) => StateStores.Open(config, StateStores.DatabaseOf(config.State));

    /// <summary>The same session for some of its targets; it lives as long as this one.</summary>
    public Session For(ImmutableArray<TargetConfig> targets) => new(Shell, _arguments, Config, _configPath, targets, State, _ssh) { RunId = RunId, UndoProblems = UndoProblems };

    /// <summary>The provider of a target, which asks its host afresh each time.</summary>
    public async ValueTask<IFirewallProvider> ProviderOfAsync(TargetConfig target, CancellationToken cancellationToken) => ProviderOf(target, await _hosts.FreshAsync(target, cancellationToken));

    /// <summary>Carries out an undo that is due for a target of the configuration.</summary>
    public async ValueTask CarryOutDueUndoAsync(CancellationToken cancellationToken) => UndoProblems = await DueUndo.CarryOutAllAsync(this, cancellationToken);

    /// <summary>Asks the sources of some names, each once and side by side; a run that writes remembers what they say.</summary>
    public Task<ImmutableArray<SourceOutcome>> CollectAsync(IEnumerable<string> names, bool writes, CancellationToken cancellationToken)
    {
        var wanted = names.ToHashSet(StringComparer.Ordinal);
        var sources = Config.Sources.Where(source => wanted.Contains(source.Name)).ToList();
        Progress.Show($"fetching {string.Join(", ", sources.Select(source => source.Name))}");
        return writes ? Sources.FetchAsync(sources, RunId, cancellationToken) : Sources.LookAsync(sources, cancellationToken);
    }

    /// <summary>What is in a target now.</summary>
    public async ValueTask<ObservedState> ReadAsync(TargetConfig target, CancellationToken cancellationToken) =>
        await ProviderOf(target, await _hosts.OfAsync(target, cancellationToken)).ReadAsync(target.Target, cancellationToken);

    /// <summary>One target of a run, with all that it takes to run it.</summary>
    public async ValueTask<TargetRequest> RequestOfAsync(TargetConfig target, ImmutableArray<SourceOutcome> sources, RunOptions options, CancellationToken cancellationToken)
    {
        var host = await _hosts.OfAsync(target, cancellationToken);
        var provider = ProviderOf(target, host);
        IRuleSetReader rules = provider.Rehearsal?.SavedRules is { } file ? new SavedRuleSetReader(file) : new HostRuleSetReader(host);
        return new TargetRequest(target.Target, provider, sources, options) { Rules = rules };
    }

    /// <summary>Writes the report of a run to standard output.</summary>
    public Task WriteAsync(RunReport report)
    {
        Progress.Clear();
        switch (Format)
        {
            case OutputFormat.Json:
                JsonReport.Write(report, Shell.Out);
                break;
            case OutputFormat.Markdown:
                MarkdownReport.Write(report, Shell.Out);
                break;
            default:
                TextReport.Write(report, Shell.Out, Shell.Color ? Style.Ansi : Style.Plain);
                break;
        }

        if (Format == OutputFormat.Text && _arguments.ConfigPath is { } path && report.Targets.Any(target => target.ConfirmBy is not null || Approval.Offered(target) is not null))
        {
            Shell.Error.WriteLine($"(the command above needs `--config {path}` as well)");
        }

        return Shell.Out.FlushAsync();
    }

    /// <summary>Ends the connections to hosts.</summary>
    public ValueTask DisposeAsync() => _ownsSsh ? _ssh.DisposeAsync() : ValueTask.CompletedTask;

    /// <summary>Says why nothing was done.</summary>
    public Task ComplainAsync(Refusal refusal) =>
        Shell.Error.WriteLineAsync($"refused ({refusal.RuleId}): {refusal.Message}\nnothing was changed; {refusal.WayOut}");

    private async ValueTask<bool> IsUndoOverdueAsync(CancellationToken cancellationToken)
    {
        foreach (var target in Targets)
        {
            if (await DueUndo.StillAsync(this, target, cancellationToken) is not null)
            {
                return true;
            }
        }

        return false;
    }

    private static IFirewallProvider ProviderOf(TargetConfig target, IHost host) =>
        Composition.Providers.Single(line => line.Descriptor.Name == target.Target.Provider).Create(target.Settings, new ProviderPlace(host, new ChainModel()));
}
