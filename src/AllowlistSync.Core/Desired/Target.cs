using System.Collections.Immutable;

namespace AllowlistSync.Core.Desired;

/// <summary>What may be done to a target.</summary>
public enum TargetMode
{
    /// <summary>Differences are applied by <c>apply</c>.</summary>
    Apply,

    /// <summary>Differences become a pull request; <c>apply</c> leaves the target alone.</summary>
    Propose,

    /// <summary>Differences are only reported.</summary>
    Report,
}

/// <summary>Which differences are acted upon.</summary>
public enum TargetPolicy
{
    /// <summary>Additions and removals.</summary>
    Sync,

    /// <summary>Additions only; what should go is reported.</summary>
    AddOnly,
}

/// <summary>What a run does when a proof finds wanted traffic blocked.</summary>
public enum BlockedPolicy
{
    /// <summary>The run fails and names the rule; the change stays.</summary>
    Fail,

    /// <summary>The run fails, names the rule, and undoes its change.</summary>
    Rollback,

    /// <summary>The rule is named; the run does not fail for it.</summary>
    Report,

    /// <summary>Nothing is proved.</summary>
    Ignore,
}

/// <summary>One firewall of the configuration.</summary>
public sealed record Target
{
    /// <summary>Unique in the configuration: <c>web</c> (see <see cref="Owner.IsValidName"/>), or <c>web@host</c> for one host of a group.</summary>
    public required string Name { get; init; }

    /// <summary>The name inside the firewall: without the host, so that it stays the same whatever hosts a group has, and fits where names are short.</summary>
    public string Mark => Name.Split('@')[0];

    /// <summary>The name of the provider, for example <c>nftables</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>The machine that a host provider works on: <c>local</c> or <c>ssh://user@host</c>.</summary>
    public string Host { get; init; } = "local";

    /// <summary>The names of the sources whose ranges are let in.</summary>
    public required ImmutableArray<string> Allow { get; init; }

    /// <summary>The ports that are opened for them.</summary>
    public required PortSet Ports { get; init; }

    /// <summary>What may be done.</summary>
    public TargetMode Mode { get; init; } = TargetMode.Apply;

    /// <summary>Which differences are acted upon.</summary>
    public TargetPolicy Policy { get; init; } = TargetPolicy.Sync;

    /// <summary>What to do when wanted traffic is blocked in spite of everything.</summary>
    public BlockedPolicy OnBlocked { get; init; } = BlockedPolicy.Fail;

    /// <summary>Whether bans inside of what is wanted are lifted; null for a kind of target that bans nobody.</summary>
    public bool? LiftBans { get; init; }

    /// <summary>
    /// Which firewall object this is: host, provider and settings as one text. A receipt of another place says nothing about this one,
    /// whatever the target's name.
    /// </summary>
    public string Place { get; init; } = "";

    /// <summary>Who marks what we make.</summary>
    public Owner Owner { get; init; } = Owner.Default;
}
