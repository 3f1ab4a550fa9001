using System.Collections.Immutable;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.BtPanel;

namespace AllowlistSync.Conformance.Harnesses.BtPanel;

/// <summary>The firewall of aaPanel and BT panel: its chains and sets on the real kernel.</summary>
public sealed class BtPanelHarness : IConformanceHarness
{
    /// <inheritdoc/>
    public string Name => "btpanel";

    /// <inheritdoc/>
    public ProviderRegistration Registration => BtPanelRegistration.Line;

    /// <inheritdoc/>
    public ImmutableArray<string> Programs => ["iptables", "ipset"];

    /// <inheritdoc/>
    public ImmutableArray<string> Gaps => ["A2", "A4", "A6", "A7", "L2", "O1", "O4", "S5"];

    /// <inheritdoc/>
    public bool IsSlow => true;

    /// <inheritdoc/>
    public async Task<IConformanceTarget> StartAsync(CancellationToken cancellationToken) => await BtPanelTarget.StartAsync(cancellationToken);
}
