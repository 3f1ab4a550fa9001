using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Ufw;

/// <summary>What this provider is, and how it is found on a host.</summary>
public static class UfwRegistration
{
    private static readonly DateOnly Verified = new(2026, 11, 28);

    /// <summary>What it is.</summary>
    public static ProviderDescriptor Descriptor { get; } = new()
    {
        Name = UfwProvider.ProviderName,
        Summary = "ufw: rules with our comment ahead of yours in user.rules and user6.rules, loaded as ufw loads them",
        Atomicity = Atomicity.TransactionPerFamily,
        Features = ["preflight", "snapshot", "survives-reboot", "ipv4", "ipv6", "tcp", "udp", "placement", "foreign-elements"],
        Limits = [new Limit("ufw-ports", "ports of one rule (a range counts twice); more become several rules", 15, "iptables-extensions(8), multiport; set_port in common.py of ufw 0.36.2", Verified)],
        Settings = UfwOptions.Fields,
        Gaps =
        [
            new DeclaredGap("L2", "neither ufw nor iptables limits the number of rules, so there is no limit to exceed"),
            new DeclaredGap("P2", "whether IPv6 is held is no setting of the target but ufw's own (IPV6= in /etc/default/ufw), found by reading and told then"),
            new DeclaredGap("T6", "iptables-restore empties and refills the chain in one step, which mostly loses no connection (0 of 215,530 in 100 rewrites on iptables-nft, 2026-11-28) but may lose a first packet under load (0 to 1 in 10 rewrites elsewhere), so it is not promised"),
            new DeclaredGap("O3", "a rule of ufw has no name but its comment, which is our mark; a rule of another shape with our comment is left alone and told"),
        ],
    };

    /// <summary>The line of the table.</summary>
    public static ProviderRegistration Line { get; } = new(Descriptor, UfwOptions.Check, (_, place) => new UfwProvider(place), DetectAsync)
    {
        Watches = _ => [new FileWatch("/etc/ufw"), new FileWatch(UfwPlaces.Defaults), ProgramWatch.NftMonitor],
    };

    private static async ValueTask<Detection> DetectAsync(IHost host, CancellationToken cancellationToken) =>
        Describe(await new UfwObserver(new UfwTool(host, TimeProvider.System)).ReadAsync(cancellationToken));

    // While ufw is not active another firewall may be the one that filters; that one is proposed then.
    private static Detection Describe(UfwState state) => state switch
    {
        { IsHalfStarted: true } => new Detection(true, $"{UfwObservation.HalfStarted.Message}; {UfwObservation.HalfStarted.Remedy}", []),
        { IsEnabled: false } => new Detection(true, "ufw is installed and not active, so it filters nothing here; `ufw enable` starts it", []),
        { IPv4.Chain: null } => new Detection(true, "ufw is enabled and not loaded, so it filters nothing here; `ufw disable` and `ufw enable` load it", []),
        _ => new Detection(true, $"ufw is active on iptables-{state.Backend.ToString().ToLowerInvariant()}{(state.HasIPv6 ? "" : ", for IPv4 only (IPV6=no)")}", [new TargetProposal("web", ProviderSettings.None, "ufw is active and filters what comes in")]),
    };
}
