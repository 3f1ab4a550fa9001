using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Hosts;

namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>The program <c>nft</c>: its arguments, and what its exit codes and messages mean (captured from nftables 1.0.6 under LC_ALL=C). The only place that looks at its English.</summary>
public sealed class NftTool(IHost host) : INftSource
{
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromMinutes(5);

    private const string ChangedUnderUs = "something else changed the rule set at the same moment: run again; if it stays, `nft list ruleset` shows who holds the name";

    private static readonly ProgramErrors Errors = new()
    {
        Messages =
        [
            new("Operation not permitted", FailureKind.Permission, "run as root, or with the capability CAP_NET_ADMIN"),
            new("interval overlaps with an existing one", FailureKind.Conflict, ChangedUnderUs),
            new("conflicting intervals", FailureKind.Conflict, ChangedUnderUs),
            new("File exists", FailureKind.Conflict, ChangedUnderUs),
            new("element does not exist", FailureKind.Conflict, ChangedUnderUs),
            new("No such file or directory", FailureKind.Conflict, ChangedUnderUs),
            new("Device or resource busy", FailureKind.Conflict, "a rule of somebody else uses what is to be taken out: `nft list ruleset` shows it; take that rule out first"),
            new("Too many open files in system", FailureKind.Unsupported, "the set has a `size` that is too small: raise it in your rule set"),
            new("No buffer space available", FailureKind.Transient, "run again") { MayBeDone = true },
            new("Cannot allocate memory", FailureKind.Transient, "run again") { MayBeDone = true },
        ],
        Unknown = "this message of nft is not known to us: please report it together with `nft --version`",
        Install = "install it (Debian: `apt install nftables`)",
        Afresh = "the next run reads the rule set afresh",
        CannotStart = "mend what the message names and run again; for a file: make room in its place, or set TMPDIR to a directory that can be written",
    };

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
        var result = await Errors.RunAsync(host, command, Aftermath.Untouched, cancellationToken);
        return result.ExitCode == 0 ? result.Output : throw Errors.Of(command, result, Aftermath.Untouched);
    }

    private async ValueTask RunScriptAsync(ImmutableArray<string> arguments, string script, Aftermath whenLost, CancellationToken cancellationToken)
    {
        var command = new HostCommand("nft", arguments) { Input = Encoding.UTF8.GetBytes(script), InputIsIndivisible = true, Timeout = WriteTimeout };
        var result = await Errors.RunAsync(host, command, whenLost, cancellationToken);
        if (result.ExitCode != 0)
        {
            throw Errors.Of(command, result, whenLost);
        }
    }
}
