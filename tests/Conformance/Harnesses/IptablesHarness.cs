using System.Collections.Immutable;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Iptables;

namespace AllowlistSync.Conformance.Harnesses;

/// <summary>iptables in one of its ways: an engine, and prefixes in sets or in rules.</summary>
public sealed class IptablesHarness : IConformanceHarness
{
    private readonly IptablesWay _way;

    /// <summary>A harness of a way of its own, for the tests of faults.</summary>
    public IptablesHarness(string name, IptablesWay way) => (Name, _way) = (name, way);

    /// <summary>nf_tables, prefixes in sets.</summary>
    public static IptablesHarness Nft { get; } = new("iptables-nft", new IptablesWay("nft", [("ipset", "always")]));

    /// <summary>x_tables, prefixes in sets.</summary>
    public static IptablesHarness Legacy { get; } = new("iptables-legacy", new IptablesWay("legacy", []));

    /// <summary>nf_tables, one rule for each prefix.</summary>
    public static IptablesHarness Rules { get; } = new("iptables-nft without ipset", new IptablesWay("nft", [("ipset", "never"), ("backend", "nft")]));

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public ProviderRegistration Registration => IptablesRegistration.Line;

    /// <inheritdoc/>
    public ImmutableArray<string> Programs => ["iptables-nft", "iptables-legacy", "ipset", "nft"];

    /// <inheritdoc/>
    public ImmutableArray<string> Gaps => ["L2", "O1", "P2", "S5"];

    /// <inheritdoc/>
    public Task<IConformanceTarget> StartAsync(CancellationToken cancellationToken) => IptablesTarget.StartAsync(_way, cancellationToken);
}

/// <summary>A way of the iptables provider.</summary>
/// <param name="Engine">The engine that the operator uses: nft or legacy.</param>
/// <param name="Values">The settings of the target.</param>
public sealed record IptablesWay(string Engine, ImmutableArray<(string Key, string Value)> Values)
{
    /// <summary>The settings of the target.</summary>
    public ProviderSettings Settings => new() { Values = Values.Aggregate(ProviderSettings.None.Values, (all, pair) => all.Add(pair.Key, pair.Value)) };
}
