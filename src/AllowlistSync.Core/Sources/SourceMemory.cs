using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Core.Sources;

/// <summary>A prefix that is no longer published and still allowed until its grace is over.</summary>
/// <param name="Prefix">The prefix.</param>
/// <param name="MissingSince">The first fetch in which it was missing; it was missing in every fetch since.</param>
/// <param name="Until">When it leaves.</param>
/// <param name="Approved">True when a person approved the list that it is missing from; guards then do not count it as a loss again.</param>
public sealed record PendingRemoval(IpPrefix Prefix, DateTimeOffset MissingSince, DateTimeOffset Until, bool Approved = false);

/// <summary>What is remembered of a source between two runs: the last list that was believed and what is in force because of it.</summary>
/// <param name="LastGood">The last snapshot that a guard accepted.</param>
/// <param name="InForce">The ranges in force: the last good list and the pending removals.</param>
/// <param name="Pending">Prefixes that wait for the end of their grace.</param>
public sealed record SourceMemory(RangeSnapshot LastGood, PrefixSet InForce, ImmutableArray<PendingRemoval> Pending);
