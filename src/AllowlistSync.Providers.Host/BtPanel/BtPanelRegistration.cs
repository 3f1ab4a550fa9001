using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.BtPanel;

/// <summary>What this provider is, and how it is found on a host.</summary>
public static class BtPanelRegistration
{
    /// <summary>What it is.</summary>
    public static ProviderDescriptor Descriptor { get; } = new()
    {
        Name = BtPanelProvider.ProviderName,
        Summary = "aaPanel and BT panel: rules and a set of our own in the panel's chain, saved by the panel; IPv4 only, as the panel's firewall is",
        Atomicity = Atomicity.TransactionPerFamily,
        HoldsBans = true,
        Features = ["hitless", "preflight", "snapshot"],
        Limits = [new Limit("multiport", "ports of one rule; a range counts two; more become several rules", 15, "XT_MULTI_PORTS in include/uapi/linux/netfilter/xt_multiport.h", new DateOnly(2026, 11, 28))],
        Settings = BtPanelOptions.Fields,
        Gaps =
        [
            new DeclaredGap("A2", "the panel's firewall knows no IPv6, which this case walks through; a test of its own walks through IPv4"),
            new DeclaredGap("A4", "the panel's firewall knows no IPv6, whose packets this case sends too; a test of its own sends those of IPv4"),
            new DeclaredGap("A6", "the panel's firewall knows no IPv6, whose packets this case sends too; a test of its own walks through the ports"),
            new DeclaredGap("A7", "the panel's firewall knows no IPv6, which this case expects to be kept"),
            new DeclaredGap("L2", "our set is made as large as the list is, so there is no limit to exceed"),
            new DeclaredGap("O1", "our set is made without room for comments or lifetimes of its elements, so nothing in it can be somebody else's"),
            new DeclaredGap("O4", "what stands ahead of our rules is the panel's drop list, by the panel's design; entries of it that keep wanted sources out are bans and are lifted"),
            new DeclaredGap("S5", "the panel's firewall knows no IPv6, whose packets this case sends too; a test of its own starts the host again"),
        ],
    };

    /// <summary>The line of the table.</summary>
    public static ProviderRegistration Line { get; } = new(Descriptor, BtPanelOptions.Check, (_, place) => new BtPanelProvider(place), DetectAsync)
    {
        Watches = _ => [ProgramWatch.NftMonitor],
    };

    private static async ValueTask<Detection> DetectAsync(IHost host, CancellationToken cancellationToken)
    {
        var nobody = BtPanelMark.Of(new Target { Name = "none", Provider = BtPanelProvider.ProviderName, Allow = [], Ports = PortSet.Empty });
        var state = await new BtPanelTool(host).ReadAsync(nobody, isFresh: false, cancellationToken);
        return new Detection(
            true,
            $"the panel's chains are there{(state.IsLinked ? "" : " and not in force")}; entries in its drop list: {state.Drops.Length}",
            state.IsLinked ? [new TargetProposal("panel", ProviderSettings.None, "the panel's own firewall filters IPv4 here")] : []);
    }
}
