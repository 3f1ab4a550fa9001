using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Core.Guards;

/// <summary>A number for each address family.</summary>
/// <param name="IPv4">For IPv4.</param>
/// <param name="IPv6">For IPv6.</param>
public readonly record struct PerFamily(int IPv4, int IPv6)
{
    /// <summary>The number of one family.</summary>
    public int this[IpFamily family] => family == IpFamily.IPv4 ? IPv4 : IPv6;
}

/// <summary>The limits that the guards judge by; the <c>guard</c> section of the configuration.</summary>
public sealed record GuardPolicy
{
    /// <summary>The defaults of the configuration.</summary>
    public static GuardPolicy Default { get; } = new();

    /// <summary>Fewer prefixes than this, in either family, are not believed of Cloudflare (it published 15 and 7 on 2026-11-21).</summary>
    public PerFamily MinPrefixes { get; init; } = new(8, 4);

    /// <summary>The largest share of prefixes, and of addresses, that may vanish at once in a family; percent.</summary>
    public int MaxRemovedPercent { get; init; } = 20;

    /// <summary>The largest growth of prefixes, and of addresses, at once in a family; percent.</summary>
    public int MaxAddedPercent { get; init; } = 100;

    /// <summary>The shortest prefix length that is believed: 8 means that a /7 is refused.</summary>
    public PerFamily Widest { get; init; } = new(8, 20);

    /// <summary>How long a prefix stays allowed after it was first missing.</summary>
    public TimeSpan RemovalGrace { get; init; } = TimeSpan.FromHours(72);

    /// <summary>The age of a last known good list from which on a warning is given.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(7);
}
