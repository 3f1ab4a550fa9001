using System.Collections.Immutable;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Hosts;
using AllowlistSync.Providers.Host.Iptables;

namespace AllowlistSync.Providers.Host.BtPanel;

/// <summary>The programs and files of the panel's host. The panel runs iptables under its plain name, so we do.</summary>
internal sealed class BtPanelTool(IHost host)
{
    // The panel's installer writes here where it is ("/www").
    private const string RootFile = "/var/bt_setupPath.conf";
    private const string UsualRoot = "/www";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly ProgramErrors Saving = new()
    {
        Messages = [new("", FailureKind.Unavailable, "run the panel's `BT-FirewallServices.py save` by hand and see what it says")],
        Unknown = "",
        Install = "mend the panel's installation",
        Afresh = "the next run compares again",
    };

    private readonly IptablesTool _iptables = new(host);

    /// <summary>All that concerns a target.</summary>
    /// <param name="mark">Its mark.</param>
    /// <param name="isFresh">True for a look that must not be answered from memory.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async ValueTask<BtPanelState> ReadAsync(BtPanelMark mark, bool isFresh, CancellationToken cancellationToken)
    {
        var rules = await LookAsync("iptables-save", ["-t", "filter"], isFresh, cancellationToken);
        var sets = await LookAsync("ipset", ["save"], isFresh, cancellationToken);
        var saved = await ReadSavedAsync(mark, cancellationToken);
        return BtPanelReader.Read(rules, sets.Span, mark, saved);
    }

    /// <summary>Lets iptables-restore check a change of rules; nothing is changed. A set that is not there yet cannot be asked, so it is left out.</summary>
    public ValueTask TestAsync(string rules, string set, CancellationToken cancellationToken) =>
        _iptables.TestAsync("iptables", rules.Replace($"-m set --match-set {set} src ", "", StringComparison.Ordinal), flushes: false, cancellationToken);

    /// <summary>Changes rules in one transaction.</summary>
    public ValueTask ChangeRulesAsync(string script, CancellationToken cancellationToken) => _iptables.RestoreAsync("iptables", script, cancellationToken);

    /// <summary>Changes sets line by line; what was made before a line that failed stays.</summary>
    public async ValueTask ChangeSetsAsync(string script, CancellationToken cancellationToken)
    {
        if (await _iptables.TryChangeSetsAsync(script, cancellationToken) is var (failure, line))
        {
            throw new ProviderException(failure.Kind, failure.Aftermath == Aftermath.Untouched && line == 1 ? Aftermath.Untouched : Aftermath.Unknown, failure.Message, failure.Remedy, failure);
        }
    }

    /// <summary>Lets the panel save sets and rules for the next boot, as it does itself after each change.</summary>
    public async ValueTask SaveAsync(BtPanelSaved saved, CancellationToken cancellationToken)
    {
        var command = new HostCommand(saved.Python, [saved.Script, "save"]) { Timeout = Patience };
        var result = await Saving.RunAsync(host, command, Aftermath.Unknown, cancellationToken);
        if (result.ExitCode != 0)
        {
            throw Saving.Of(command, result, Aftermath.Unknown);
        }
    }

    private async ValueTask<BtPanelSaved?> ReadSavedAsync(BtPanelMark mark, CancellationToken cancellationToken)
    {
        var panel = $"{(await ReadAsync(RootFile, cancellationToken))?.Trim() ?? UsualRoot}/server/panel";
        var script = $"{panel}/script/BT-FirewallServices.py";
        return await ReadAsync(script, cancellationToken) is null
            ? null
            : BtPanelReader.ReadSaved(script, $"{panel}/pyenv/bin/python3", await ReadAsync($"{panel}/data/ipsetdata", cancellationToken), await ReadAsync($"{panel}/data/iptablesdata", cancellationToken), mark);
    }

    private async ValueTask<string?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return (await host.Files.ReadAsync(path, cancellationToken))?.Text;
        }
        catch (HostException failed)
        {
            throw IptablesErrors.Of(failed, Aftermath.Untouched);
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>> LookAsync(string program, ImmutableArray<string> arguments, bool isFresh, CancellationToken cancellationToken)
    {
        var command = new HostCommand(program, arguments) { OnlyLooks = !isFresh };
        try
        {
            var result = await host.RunAsync(command, cancellationToken);
            return result.ExitCode == 0 ? result.Output : throw IptablesErrors.Of(command, result, Aftermath.Untouched);
        }
        catch (HostException failed)
        {
            throw IptablesErrors.Of(failed, Aftermath.Untouched);
        }
    }
}
