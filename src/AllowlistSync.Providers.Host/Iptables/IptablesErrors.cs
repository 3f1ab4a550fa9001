using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Hosts;

namespace AllowlistSync.Providers.Host.Iptables;

/// <summary>What goes wrong with the programs of iptables and ipset, as failures: the other half of <see cref="IptablesTool"/>.</summary>
internal static class IptablesErrors
{
    private const string ChangedUnderUs = "something else changed the rules at the same moment: run again; if it stays, `iptables-save` and `ipset list -n` show who holds the name";

    private static readonly ProgramErrors Errors = new()
    {
        Messages =
        [
            new("holding the xtables lock", FailureKind.Transient, "another program changes the rules and holds /run/xtables.lock: run again when it is done (`fuser -v /run/xtables.lock` names it)"),
            new("can't open lock file", FailureKind.Unavailable, "make /run writable, so that /run/xtables.lock can be taken"),
            new("Permission denied", FailureKind.Permission, "run as root, or with the capabilities CAP_NET_ADMIN and CAP_NET_RAW"),
            new("Operation not permitted", FailureKind.Permission, "run as root, or with the capabilities CAP_NET_ADMIN and CAP_NET_RAW"),
            new("is incompatible, use 'nft' tool", FailureKind.Unsupported, "use a target with `provider: nftables` for this host"),
            new("in use by a kernel component", FailureKind.Conflict, "a rule of somebody else asks this set: take that rule out first (`iptables-save | grep match-set`)"),
            new("Hash is full", FailureKind.Conflict, ChangedUnderUs),
            new("type does not match", FailureKind.Conflict, "somebody else made a set with this name and another type or family: rename it, or give this target another name or owner"),
            new("set with the same name already exists", FailureKind.Conflict, ChangedUnderUs),
            new("The set with the given name does not exist", FailureKind.Conflict, ChangedUnderUs),
            new("doesn't exist", FailureKind.Conflict, ChangedUnderUs),
            new("does a matching rule exist in that chain", FailureKind.Conflict, ChangedUnderUs),
            new("No chain/target/match by that name", FailureKind.Conflict, ChangedUnderUs),
            new("Chain already exists", FailureKind.Conflict, ChangedUnderUs),
            new("does not exist", FailureKind.Conflict, ChangedUnderUs),
            new("Index of insertion too big", FailureKind.Conflict, ChangedUnderUs),
            new("Device or resource busy", FailureKind.Conflict, "a rule of somebody else leads to our chain: take that rule out first"),
            new("Couldn't load match `set'", FailureKind.Unsupported, "this iptables cannot ask sets: set `ipset: never`"),
            new("can't initialize", FailureKind.Unavailable, "the kernel has no such table (is IPv6 off, or a module missing?): run the named program by hand and look"),
            new("No buffer space available", FailureKind.Transient, "run again") { MayBeDone = true },
            new("Cannot allocate memory", FailureKind.Transient, "run again") { MayBeDone = true },

            // The legacy tools say no more than this of a rule that is gone, a chain that is there or a chain in use.
            new("tables-restore: line ", FailureKind.Conflict, ChangedUnderUs),
        ],
        Unknown = "this message is not known to us: please report it together with `iptables --version` and `ipset --version`",
        Install = "install it (Debian: `apt install iptables ipset`)",
        Afresh = "the next run reads the rules afresh",
    };

    /// <summary>A program that ended badly.</summary>
    public static ProviderException Of(HostCommand command, CommandResult result, Aftermath whenLost) => Errors.Of(command, result, whenLost);

    /// <summary>A program that could not be run to its end.</summary>
    public static ProviderException Of(HostException failure, Aftermath afterTimeout) => Errors.Of(failure, afterTimeout);

    /// <summary>A program that said what nobody expects.</summary>
    public static ProviderException NotUnderstood(string command, string said) =>
        new(FailureKind.Protocol, Aftermath.Untouched, $"`{command}` printed `{(said.Length > 60 ? said[..60] : said).Trim()}`, which is not understood", "run it by hand and look; when it is right there, please report it");
}
