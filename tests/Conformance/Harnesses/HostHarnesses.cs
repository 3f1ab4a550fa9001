using System.Collections.Immutable;
using AllowlistSync.Conformance.Harnesses.BtPanel;
using AllowlistSync.Conformance.Harnesses.CrowdSec;

namespace AllowlistSync.Conformance.Harnesses;

/// <summary>The table of harnesses. A new provider adds its line here.</summary>
public static class HostHarnesses
{
    /// <summary>All of them.</summary>
    public static ImmutableArray<IConformanceHarness> All { get; } =
    [
        new NftablesRuleHarness(), new NftablesSetHarness(),
        IptablesHarness.Nft, IptablesHarness.Legacy, IptablesHarness.Rules,
        new FirewalldHarness(isPolicy: false, "nftables"), new FirewalldHarness(isPolicy: true, "nftables"), new FirewalldHarness(isPolicy: false, "iptables"),
        new UfwHarness(isLegacy: false), new UfwHarness(isLegacy: true),
        new Fail2BanHarness(readsLists: false), new Fail2BanHarness(readsLists: true),
        new CsfHarness(),
        new CrowdSecHarness(CrowdSecKind.Real), new CrowdSecHarness(CrowdSecKind.New),
        new BtPanelHarness(),
        new RangeFileHarness(),
    ];
}
