using AllowlistSync.Conformance;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(DearestFirst))]

namespace AllowlistSync.Conformance;

/// <summary>Starts the classes first that wait most, so that others run beside them: at the end they would run alone.</summary>
public sealed class DearestFirst : ITestCollectionOrderer
{
    private static readonly string[] Dearest =
    [
        nameof(CrowdSecRealConformance), nameof(FirewalldPolicyConformance), nameof(FirewalldZoneConformance), nameof(FirewalldIptablesConformance),
        nameof(Fail2BanConformance), nameof(Fail2BanListConformance), nameof(CsfConformance),
    ];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(Place).ThenBy(collection => collection.TestCollectionDisplayName, StringComparer.Ordinal)];

    private static int Place<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        var place = Array.FindIndex(Dearest, name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal));
        return place < 0 ? Dearest.Length : place;
    }
}
