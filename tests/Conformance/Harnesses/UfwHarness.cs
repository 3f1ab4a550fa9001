using System.Collections.Immutable;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Ufw;

namespace AllowlistSync.Conformance.Harnesses;

/// <summary>ufw with rules of its operator, on either kind of tables.</summary>
public sealed class UfwHarness(bool isLegacy) : IConformanceHarness
{
    /// <inheritdoc/>
    public string Name => $"ufw on iptables-{(isLegacy ? "legacy" : "nft")}";

    /// <inheritdoc/>
    public ProviderRegistration Registration => UfwRegistration.Line;

    /// <inheritdoc/>
    public ImmutableArray<string> Programs => ["ufw", "iptables-nft-restore", "iptables-legacy-restore"];

    /// <inheritdoc/>
    public ImmutableArray<string> Gaps => ["L2", "P2", "O3", "T6"];

    /// <inheritdoc/>
    public async Task<IConformanceTarget> StartAsync(CancellationToken cancellationToken) => await UfwTarget.StartAsync(isLegacy, cancellationToken);
}
