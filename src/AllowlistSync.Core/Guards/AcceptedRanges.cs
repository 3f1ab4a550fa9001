using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Sources;

namespace AllowlistSync.Core.Guards;

/// <summary>
/// Ranges that a guard let pass. This type is the permission to plan: only <see cref="GuardChain"/> makes it (the constructor is
/// internal and an architecture test holds it there), so ranges that nobody checked cannot reach a firewall.
/// </summary>
public sealed record AcceptedRanges
{
    internal AcceptedRanges(string source, PrefixSet ranges, ImmutableArray<PendingRemoval> pending, RangeSnapshot basis)
    {
        Source = source;
        Ranges = ranges;
        Pending = pending;
        Basis = basis;
    }

    /// <summary>The name of the source.</summary>
    public string Source { get; }

    /// <summary>The ranges to allow: what is published, and what waits for the end of its grace.</summary>
    public PrefixSet Ranges { get; }

    /// <summary>The part of <see cref="Ranges"/> that is no longer published, with the date on which it leaves.</summary>
    public ImmutableArray<PendingRemoval> Pending { get; }

    /// <summary>The snapshot that was believed, for its etag, time and provenance.</summary>
    public RangeSnapshot Basis { get; }
}
