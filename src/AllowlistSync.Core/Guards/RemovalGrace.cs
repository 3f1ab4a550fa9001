using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Sources;

namespace AllowlistSync.Core.Guards;

/// <summary>
/// Additions at once, removals late. Cloudflare publishes a range before it uses it, and its lists have flapped around changes, so
/// a range leaves only after it was missing in every fetch for the whole grace period. It does leave in the end: a range that was
/// delisted in 2021 was later handed to customers.
/// </summary>
public static class RemovalGrace
{
    /// <summary>The ranges in force after a believed fetch, and what among them waits to leave.</summary>
    /// <param name="published">What the source lists now.</param>
    /// <param name="memory">What was in force before; null on a first run.</param>
    /// <param name="grace">The grace period; zero removes at once.</param>
    /// <param name="now">The time of the fetch.</param>
    public static (PrefixSet InForce, ImmutableArray<PendingRemoval> Pending) Next(
        PrefixSet published, SourceMemory? memory, TimeSpan grace, DateTimeOffset now)
    {
        if (memory is null)
        {
            return (published, []);
        }

        var missing = memory.InForce.Except(published);
        var waiting = StillWaiting(memory.Pending, missing, grace);
        var known = Union(waiting);
        waiting = waiting.AddRange(missing.Except(known).Prefixes().Select(prefix => new PendingRemoval(prefix, now, now + grace)));
        var pending = waiting.Where(removal => removal.Until > now).OrderBy(removal => removal.Prefix).ToImmutableArray();
        return (published.Union(Union(pending)), pending);
    }

    // A pending prefix that was partly published again keeps its date for the part that is still missing.
    private static ImmutableArray<PendingRemoval> StillWaiting(ImmutableArray<PendingRemoval> before, PrefixSet missing, TimeSpan grace) =>
    [
        .. before.SelectMany(removal => PrefixSet.Of(removal.Prefix).Intersect(missing).Prefixes()
            .Select(part => removal with { Prefix = part, Until = removal.MissingSince + grace })),
    ];

    private static PrefixSet Union(ImmutableArray<PendingRemoval> removals) => PrefixSet.Of(removals.Select(removal => removal.Prefix));
}
