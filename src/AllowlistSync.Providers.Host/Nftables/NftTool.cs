using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>The program <c>nft</c>: its arguments, and what its exit codes and messages mean (captured from nftables 1.0.6 under LC_ALL=C). The only place that looks at its English.</summary>
public sealed class NftTool(IHost host) : INftSource
{
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromMinutes(5);

    private const string ChangedUnderUs = "something else changed the rule set at the same moment: run again; if it stays, `nft list ruleset` shows who holds the name";

    // The first text that is in the message decides.
    private static readonly ImmutableArray<(string Text, FailureKind Kind, string Remedy)> Messages =
    [
        ("Operation not permitted", FailureKind.Permission, "run as root, or with the capability CAP_NET_ADMIN"),
        ("interval overlaps with an existing one", FailureKind.Conflict, ChangedUnderUs),
        ("conflicting intervals", FailureKind.Conflict, ChangedUnderUs),
        ("File exists", FailureKind.Conflict, ChangedUnderUs),
        ("element does not exist", FailureKind.Conflict, ChangedUnderUs),
        ("No such file or directory", FailureKind.Conflict, ChangedUnderUs),
        ("Device or resource busy", FailureKind.Conflict, "a rule of somebody else uses what is to be taken out: `nft list ruleset` shows it; take that rule out first"),
        ("Too many open files in system", FailureKind.Unsupported, "the set has a `size` that is too small: raise it in your rule set"),
        ("No buffer space available", FailureKind.Transient, "run again"),
        ("Cannot allocate memory", FailureKind.Transient, "run again"),
    ];

    /// <inheritdoc/>
    public async ValueTask<NftRuleset> ReadRulesetAsync(CancellationToken cancellationToken) =>
        NftablesReader.ReadRuleset(await ReadAsync(["-j", "-t", "list", "ruleset"], cancellationToken));

    /// <inheritdoc/>
    public async ValueTask<NftElements> ReadElementsAsync(NftSet set, CancellationToken cancellationToken) =>
        NftElementReader.Read((await ReadAsync(["-j", "list", "set", set.Table.Family, set.Table.Name, set.Name], cancellationToken)).Span, set);

    /// <inheritdoc/>
    public async ValueTask<bool> MergesAsync(NftSet set, CancellationToken cancellationToken) =>
        Encoding.UTF8.GetString((await ReadAsync(["-t", "list", "set", set.Table.Family, set.Table.Name, set.Name], cancellationToken)).Span)
            .Split('\n', StringSplitOptions.TrimEntries).Contains("auto-merge");

    /// <summary>Lets nft and the kernel check a script; nothing is changed.</summary>
    public ValueTask CheckAsync(string script, CancellationToken cancellationToken) => RunScriptAsync(["-c", "-f", "-"], script, Aftermath.Untouched, cancellationToken);

    /// <summary>Carries out a script as one transaction.</summary>
    public ValueTask ApplyAsync(string script, CancellationToken cancellationToken) => RunScriptAsync(["-f", "-"], script, Aftermath.Unknown, cancellationToken);

    private async ValueTask<ReadOnlyMemory<byte>> ReadAsync(ImmutableArray<string> arguments, CancellationToken cancellationToken)
    {
        var command = new HostCommand("nft", arguments) { Timeout = ReadTimeout, OnlyLooks = true };
        var result = await RunAsync(command, Aftermath.Untouched, cancellationToken);
        return result.ExitCode == 0 ? result.Output : throw Failure(command, result, Aftermath.Untouched);
    }

    private async ValueTask RunScriptAsync(ImmutableArray<string> arguments, string script, Aftermath whenLost, CancellationToken cancellationToken)
    {
        var command = new HostCommand("nft", arguments) { Input = Encoding.UTF8.GetBytes(script), InputIsIndivisible = true, Timeout = WriteTimeout };
        var result = await RunAsync(command, whenLost, cancellationToken);
        if (result.ExitCode != 0)
        {
            throw Failure(command, result, whenLost);
        }
    }

    private async ValueTask<CommandResult> RunAsync(HostCommand command, Aftermath afterTimeout, CancellationToken cancellationToken)
    {
        try
        {
            return await host.RunAsync(command, cancellationToken);
        }
        catch (HostException missing) when (missing.Failure == HostFailure.NotFound)
        {
            throw new ProviderException(FailureKind.Unavailable, Aftermath.Untouched, missing.Message, "install it (Debian: `apt install nftables`)", missing);
        }
        catch (HostException unable) when (unable.Failure == HostFailure.CannotStart)
        {
            throw new ProviderException(FailureKind.Unavailable, Aftermath.Untouched, unable.Message, "mend what the message names and run again; for a file: make room in its place, or set TMPDIR to a directory that can be written", unable);
        }
        catch (HostException slow)
        {
            throw new ProviderException(FailureKind.Transient, afterTimeout, slow.Message, "run again; the next run reads the rule set afresh", slow);
        }
    }

    // Every script is one transaction: when nft says why it failed, the kernel has changed nothing. When it was ended by a signal
    // (128 + its number), or could not take the kernel's answer (ENOBUFS), the kernel may have done it all.
    private static ProviderException Failure(HostCommand command, CommandResult result, Aftermath whenLost)
    {
        var error = result.Error;
        if (result.ExitCode > 128)
        {
            return new ProviderException(FailureKind.Transient, whenLost, $"`{command}` was ended by signal {result.ExitCode - 128}", "find out who ended it (out of memory?) and run again; the next run reads the rule set afresh");
        }

        var said = string.Join(" | ", error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(4));
        var (kind, remedy) = Meaning(error);
        return new ProviderException(kind, kind == FailureKind.Transient ? whenLost : Aftermath.Untouched, $"`{command}` failed: {said}", remedy);
    }

    private static (FailureKind Kind, string Remedy) Meaning(string error)
    {
        foreach (var (text, kind, remedy) in Messages)
        {
            if (error.Contains(text, StringComparison.Ordinal))
            {
                return (kind, remedy);
            }
        }

        return (FailureKind.Protocol, "this message of nft is not known to us: please report it together with `nft --version`");
    }
}
