using System.Collections.Immutable;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.BtPanel;
using AllowlistSync.Providers.Host.CrowdSec;
using AllowlistSync.Providers.Host.Csf;
using AllowlistSync.Providers.Host.Fail2Ban;
using AllowlistSync.Providers.Host.Firewalld;
using AllowlistSync.Providers.Host.Iptables;
using AllowlistSync.Providers.Host.Nftables;
using AllowlistSync.Providers.Host.RangeFiles;
using AllowlistSync.Providers.Host.Ufw;

namespace AllowlistSync.Providers.Host;

/// <summary>The table of providers that work on a host. A new one adds its line here, its folder, and its harness in the conformance tests.</summary>
public static class HostProviders
{
    /// <summary>All of them, in the order in which they are shown.</summary>
    public static ImmutableArray<ProviderRegistration> All { get; } =
    [
        NftablesRegistration.Line, IptablesRegistration.Line, FirewalldRegistration.Line, UfwRegistration.Line,
        Fail2BanRegistration.Line, CsfRegistration.Line, CrowdSecRegistration.Line, BtPanelRegistration.Line, RangeFileRegistration.Line,
    ];
}
