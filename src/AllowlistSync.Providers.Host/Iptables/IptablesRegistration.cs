using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Iptables;

/// <summary>What this provider is, and how it is found on a host.</summary>
public static class IptablesRegistration
{
    /// <summary>What it is.</summary>
    public static ProviderDescriptor Descriptor { get; } = new()
    {
        Name = IptablesProvider.ProviderName,
        Summary = "iptables of both engines (nf_tables, legacy), with ipset where it is installed: a chain of our own and two sets",
        Atomicity = Atomicity.TransactionPerFamily,
        IsBelowManagers = true,
        Features = ["hitless", "preflight", "snapshot", "ipv4", "ipv6", "tcp", "udp", "placement"],
        Limits =
        [
            new Limit("iptables-chain-name", "characters of a name of a chain", 28, "XT_EXTENSION_MAXNAMELEN in include/uapi/linux/netfilter/x_tables.h", new DateOnly(2026, 11, 28)),
            new Limit("ipset-name", "characters of a name of a set", 31, "IPSET_MAXNAMELEN in include/uapi/linux/netfilter/ipset/ip_set.h", new DateOnly(2026, 11, 28)),
            new Limit("multiport", "ports of one rule; a range counts two", 15, "XT_MULTI_PORTS in include/uapi/linux/netfilter/xt_multiport.h", new DateOnly(2026, 11, 28)),
        ],
        Settings = IptablesOptions.Fields,
        Gaps =
        [
            new DeclaredGap("L2", "our sets are made as large as the list is, so there is no limit to exceed"),
            new DeclaredGap("O1", "our sets are made without room for comments or lifetimes of their elements, so nothing in them can be somebody else's"),
            new DeclaredGap("P2", "no setting of this provider narrows a target to one family: both are always kept"),
            new DeclaredGap("S5", "only some hosts have files that bring rules back at boot; where there are any they are kept by us, which tests of their own show"),
        ],
    };

    /// <summary>The same in DOCKER-USER: Docker keeps that chain for its operator, and ufw and firewalld stay out of it.</summary>
    internal static ProviderDescriptor InDockersChain { get; } = Descriptor with { IsBelowManagers = false };

    /// <summary>The line of the table.</summary>
    public static ProviderRegistration Line { get; } = new(
        Descriptor, IptablesOptions.Check, (settings, place) => new IptablesProvider(IptablesOptions.From(settings), place), IptablesDetection.DetectAsync)
    {
        Watches = _ => [ProgramWatch.NftMonitor],
    };
}
