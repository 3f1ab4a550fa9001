using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Iptables;

/// <summary>
/// The programs of iptables 1.8 (both engines) and ipset 7: their arguments, and what their exit codes and messages mean (captured from 1.8.9 and 7.17 under LC_ALL=C).
/// The only place that looks at their English.
/// </summary>
public sealed class IptablesTool(IHost host)
{
    private const string LegacyTablesPresent = "tables-legacy tables present";
    private const string NativeChains = "contains incompatible base-chains";
    private const string Incompatible = "is incompatible, use 'nft' tool";

    // How long a restore waits for the lock of x_tables. Without -w Debian's iptables-legacy waits for ever.
    private const string LockSeconds = "5";

    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromMinutes(5);

    /// <summary>The filter table of a place; null when its engine is not installed.</summary>
    /// <param name="place">Engine and family.</param>
    /// <param name="isFresh">True for a look that must not be answered from memory.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async ValueTask<IptablesListing?> ReadAsync(IptablesPlace place, bool isFresh, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(place);
        var programs = place.Name;
        var result = await TryLookAsync($"{programs}-save", [], isFresh, cancellationToken);
        if (result is null && await PlainEngineAsync(place.Family, cancellationToken) == place.Engine)
        {
            programs = place.Tool;
            result = await TryLookAsync($"{programs}-save", [], isFresh, cancellationToken);
        }

        return result is null ? null : Listing(place, programs, result);
    }

    /// <summary>What <c>ipset save</c> prints; null when ipset is not installed.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadSetsAsync(bool isFresh, CancellationToken cancellationToken) =>
        (await TryLookAsync("ipset", ["save"], isFresh, cancellationToken))?.Output;

    /// <summary>The engine of the tool under its plain name; null when there is no such tool.</summary>
    public async ValueTask<IptablesEngine?> PlainEngineAsync(IpFamily family, CancellationToken cancellationToken)
    {
        var tool = family == IpFamily.IPv4 ? "iptables" : "ip6tables";
        if (await TryLookAsync(tool, ["-V"], isFresh: false, cancellationToken) is not { } version)
        {
            return null;
        }

        // "iptables v1.8.9 (nf_tables)"; before 1.8 there was only the other engine, without a word of it.
        var text = Encoding.UTF8.GetString(version.Output.Span);
        return !text.StartsWith($"{tool} v", StringComparison.Ordinal) ? throw IptablesErrors.NotUnderstood($"{tool} -V", text)
            : text.Contains("(nf_tables)", StringComparison.Ordinal) ? IptablesEngine.Nft
            : IptablesEngine.Legacy;
    }

    /// <summary>Lets iptables-restore check a script; nothing is changed.</summary>
    public ValueTask TestAsync(string programs, string script, bool flushes, CancellationToken cancellationToken) =>
        RestoreAsync(programs, flushes ? ["--test", "-w", LockSeconds] : ["--test", "--noflush", "-w", LockSeconds], script, Aftermath.Untouched, cancellationToken);

    /// <summary>Carries out a script as one transaction of one family. A half script has no COMMIT and does nothing.</summary>
    public ValueTask RestoreAsync(string programs, string script, CancellationToken cancellationToken) =>
        RestoreAsync(programs, ["--noflush", "-w", LockSeconds], script, Aftermath.Unknown, cancellationToken);

    /// <summary>
    /// Carries out a script line by line: ipset stops at the first line that fails, and what it did before stays. Half a script makes at most a set that nothing asks.
    /// </summary>
    /// <returns>Null when all was done; else the failure, and the number of the line that failed, or null when that is not known.</returns>
    public async ValueTask<(ProviderException Failure, int? Line)?> TryChangeSetsAsync(string script, CancellationToken cancellationToken)
    {
        var command = new HostCommand("ipset", ["restore"]) { Input = Encoding.UTF8.GetBytes(script), Timeout = WriteTimeout };
        var result = await RunAsync(command, Aftermath.Unknown, cancellationToken);
        return result.ExitCode == 0 ? null : (IptablesErrors.Of(command, result, Aftermath.Unknown), FailedLine(result.Error));
    }

    private static IptablesListing Listing(IptablesPlace place, string programs, CommandResult result)
    {
        var head = Encoding.UTF8.GetString(result.Output.Span[..Math.Min(result.Output.Length, 1000)]);
        if (head.Contains(Incompatible, StringComparison.Ordinal))
        {
            throw new ProviderException(
                FailureKind.Unsupported,
                Aftermath.Untouched,
                $"table {place.Table} holds rules that nft made and iptables cannot show (`{programs}-save`: {head.Trim()})",
                "use a target with `provider: nftables` for this host, or take those rules out of the table");
        }

        return IptablesReader.Read(result.Output, $"{programs}-save") with
        {
            Programs = programs,
            HasLegacyTables = result.Error.Contains(LegacyTablesPresent, StringComparison.Ordinal),
            HasNativeChains = head.Contains(NativeChains, StringComparison.Ordinal),
        };
    }

    private async ValueTask<CommandResult?> TryLookAsync(string program, ImmutableArray<string> arguments, bool isFresh, CancellationToken cancellationToken)
    {
        var command = new HostCommand(program, arguments) { Timeout = ReadTimeout, OnlyLooks = !isFresh };
        CommandResult result;
        try
        {
            result = await host.RunAsync(command, cancellationToken);
        }
        catch (HostException missing) when (missing.Failure == HostFailure.NotFound)
        {
            return null;
        }
        catch (HostException failed)
        {
            throw IptablesErrors.Of(failed, Aftermath.Untouched);
        }

        return result.ExitCode == 0 ? result : throw IptablesErrors.Of(command, result, Aftermath.Untouched);
    }

    private async ValueTask RestoreAsync(string programs, ImmutableArray<string> arguments, string script, Aftermath whenLost, CancellationToken cancellationToken)
    {
        var command = new HostCommand($"{programs}-restore", arguments) { Input = Encoding.UTF8.GetBytes(script), Timeout = WriteTimeout };
        var result = await RunAsync(command, whenLost, cancellationToken);
        if (result.ExitCode != 0)
        {
            throw IptablesErrors.Of(command, result, whenLost);
        }
    }

    private async ValueTask<CommandResult> RunAsync(HostCommand command, Aftermath afterTimeout, CancellationToken cancellationToken)
    {
        try
        {
            return await host.RunAsync(command, cancellationToken);
        }
        catch (HostException failed)
        {
            throw IptablesErrors.Of(failed, afterTimeout);
        }
    }

    // "ipset v7.17: Error in line 4: Hash is full, cannot add more elements"
    private static int? FailedLine(string error)
    {
        const string Before = "Error in line ";
        var at = error.IndexOf(Before, StringComparison.Ordinal);
        var end = at < 0 ? -1 : error.IndexOf(':', at);
        return end > 0 && int.TryParse(error.AsSpan(at + Before.Length, end - at - Before.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var line) ? line : null;
    }
}
