using System.Collections.Immutable;

namespace AllowlistSync.Core.Providers;

/// <summary>How a target takes a change.</summary>
public enum Atomicity
{
    /// <summary>All or nothing, and no packet sees a state between.</summary>
    Transaction,

    /// <summary>All or nothing for each address family, one after the other; no packet sees a state between of its own family.</summary>
    TransactionPerFamily,

    /// <summary>One entry at a time: what is new is added and checked before what is old is removed.</summary>
    PerEntry,

    /// <summary>All or nothing in the end, but everything is taken down and made again: for that moment packets see neither the old state nor the new one.</summary>
    Rebuild,
}

/// <summary>A limit of a foreign system: a fact with a source and an age.</summary>
/// <param name="Id">A stable kebab-case id.</param>
/// <param name="What">What is limited.</param>
/// <param name="Value">The largest value.</param>
/// <param name="Source">Where it is written or how it was measured.</param>
/// <param name="VerifiedOn">When that was last looked at.</param>
public sealed record Limit(string Id, string What, long Value, string Source, DateOnly VerifiedOn);

/// <summary>A conformance case that a provider cannot do.</summary>
/// <param name="CaseId">The id of the case.</param>
/// <param name="Reason">Why.</param>
public sealed record DeclaredGap(string CaseId, string Reason);

/// <summary>What a provider is. Pure data: describing starts no process and opens no file.</summary>
public sealed record ProviderDescriptor
{
    /// <summary>The name in the configuration.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for <c>providers</c>.</summary>
    public required string Summary { get; init; }

    /// <summary>How a change is taken.</summary>
    public required Atomicity Atomicity { get; init; }

    /// <summary>Names of what it can do, for <c>providers</c>; each is shown by a passing conformance case.</summary>
    public required ImmutableArray<string> Features { get; init; }

    /// <summary>The limits that are known before planning.</summary>
    public required ImmutableArray<Limit> Limits { get; init; }

    /// <summary>The settings that it understands.</summary>
    public required ImmutableArray<SettingField> Settings { get; init; }

    /// <summary>True when it puts rules of the kernel where a manager of the host, such as ufw or firewalld, rebuilds its own.</summary>
    public bool IsBelowManagers { get; init; }

    /// <summary>False when it lets no packet in by itself, because other programs read what it keeps (an ignore list, a list for a web server): then nothing is proved or rehearsed for it.</summary>
    public bool IsFirewall { get; init; } = true;

    /// <summary>True when it bans addresses on its own account. Those inside of what is wanted are lifted, unless the target says <c>liftBans: false</c>.</summary>
    public bool HoldsBans { get; init; }

    /// <summary>Conformance cases that do not apply, each with its reason.</summary>
    public ImmutableArray<DeclaredGap> Gaps { get; init; } = [];
}
