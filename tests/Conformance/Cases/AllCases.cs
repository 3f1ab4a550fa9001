using System.Collections.Immutable;

namespace AllowlistSync.Conformance.Cases;

/// <summary>The suite. How many faults, kills and rounds a provider meets depends on what its harness says of its cost: <see cref="Trials"/>.</summary>
public static class AllCases
{
    /// <summary>All cases, in the order in which they are shown.</summary>
    public static ImmutableArray<ConformanceCase> All { get; } =
    [
        .. DescribeCases.All,
        .. ReadCases.All,
        .. ApplyCases.All,
        .. OwnershipCases.All,
        .. FaultCases.All,
        .. RaceCases.All,
        .. SnapshotCases.All,
        .. LimitCases.All,
    ];
}
