using System.Collections.Immutable;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Iptables;

/// <summary>What goes wrong with the programs of iptables and ipset, as failures: the other half of <see cref="IptablesTool"/>.</summary>
internal static class IptablesErrors
{
    private const string ChangedUnderUs = "something else changed the rules at the same moment: run again; if it stays, `iptables-save` and `ipset list -n` show who holds the name";

    // The first text that is in the message decides.
    private static readonly ImmutableArray<(string Text, FailureKind Kind, string Remedy)> Messages =
    [
        ("holding the xtables lock", FailureKind.Transient, "another program changes the rules and holds /run/xtables.lock: run again when it is done (`fuser -v /run/xtables.lock` names it)"),
        ("can't open lock file", FailureKind.Unavailable, "make /run writable, so that /run/xtables.lock can be taken"),
        ("Permission denied", FailureKind.Permission, "run as root, or with the capabilities CAP_NET_ADMIN and CAP_NET_RAW"),
        ("Operation not permitted", FailureKind.Permission, "run as root, or with the capabilities CAP_NET_ADMIN and CAP_NET_RAW"),
        ("is incompatible, use 'nft' tool", FailureKind.Unsupported, "use a target with `provider: nftables` for this host"),
        ("in use by a kernel component", FailureKind.Conflict, "a rule of somebody else asks this set: take that rule out first (`iptables-save | grep match-set`)"),
        ("Hash is full", FailureKind.Conflict, ChangedUnderUs),
        ("type does not match", FailureKind.Conflict, "somebody else made a set with this name and another type or family: rename it, or give this target another name or owner"),
        ("set with the same name already exists", FailureKind.Conflict, ChangedUnderUs),
        ("The set with the given name does not exist", FailureKind.Conflict, ChangedUnderUs),
        ("doesn't exist", FailureKind.Conflict, ChangedUnderUs),
        ("does a matching rule exist in that chain", FailureKind.Conflict, ChangedUnderUs),
        ("No chain/target/match by that name", FailureKind.Conflict, ChangedUnderUs),
        ("Chain already exists", FailureKind.Conflict, ChangedUnderUs),
        ("does not exist", FailureKind.Conflict, ChangedUnderUs),
        ("Index of insertion too big", FailureKind.Conflict, ChangedUnderUs),
        ("Device or resource busy", FailureKind.Conflict, "a rule of somebody else leads to our chain: take that rule out first"),
        ("Couldn't load match `set'", FailureKind.Unsupported, "this iptables cannot ask sets: set `ipset: never`"),
        ("can't initialize", FailureKind.Unavailable, "the kernel has no such table (is IPv6 off, or a module missing?): run the named program by hand and look"),
        ("No buffer space available", FailureKind.Transient, "run again"),
        ("Cannot allocate memory", FailureKind.Transient, "run again"),

        // The legacy tools say no more than this of a rule that is gone, a chain that is there or a chain in use.
        ("tables-restore: line ", FailureKind.Conflict, ChangedUnderUs),
    ];

    /// <summary>A program that ended badly. Every restore is one transaction: when it says why it failed, it has changed nothing.</summary>
    public static ProviderException Of(HostCommand command, CommandResult result, Aftermath whenLost)
    {
        if (result.ExitCode > 128)
        {
            return new ProviderException(FailureKind.Transient, whenLost, $"`{command}` was ended by signal {result.ExitCode - 128}", "find out who ended it (out of memory?) and run again; the next run reads the rules afresh");
        }

        var lines = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var said = string.Join(" | ", lines.Where(line => !line.StartsWith("Try `", StringComparison.Ordinal)).Take(4));
        var (kind, remedy) = Meaning(result.Error);
        return new ProviderException(kind, Aftermath.Untouched, $"`{command}` failed: {(said.Length == 0 ? $"exit code {result.ExitCode}, and it said nothing" : said)}", remedy);
    }

    /// <summary>A program that could not be run to its end.</summary>
    public static ProviderException Of(HostException failure, Aftermath afterTimeout) => failure.Failure switch
    {
        HostFailure.NotFound => new(FailureKind.Unavailable, Aftermath.Untouched, failure.Message, "install it (Debian: `apt install iptables ipset`)", failure),
        HostFailure.CannotStart => new(FailureKind.Unavailable, Aftermath.Untouched, failure.Message, "mend what the message names and run again", failure),
        HostFailure.Denied => new(FailureKind.Permission, Aftermath.Untouched, failure.Message, "run as root", failure),
        HostFailure.FileFailed => new(FailureKind.Unavailable, afterTimeout, failure.Message, "mend what the message names and run again", failure),
        _ => new(FailureKind.Transient, afterTimeout, failure.Message, "run again; the next run reads the rules afresh", failure),
    };

    /// <summary>A program that said what nobody expects.</summary>
    public static ProviderException NotUnderstood(string command, string said) =>
        new(FailureKind.Protocol, Aftermath.Untouched, $"`{command}` printed `{(said.Length > 60 ? said[..60] : said).Trim()}`, which is not understood", "run it by hand and look; when it is right there, please report it");

    private static (FailureKind Kind, string Remedy) Meaning(string error)
    {
        foreach (var (text, kind, remedy) in Messages)
        {
            if (error.Contains(text, StringComparison.Ordinal))
            {
                return (kind, remedy);
            }
        }

        return (FailureKind.Protocol, "this message is not known to us: please report it together with `iptables --version` and `ipset --version`");
    }
}
