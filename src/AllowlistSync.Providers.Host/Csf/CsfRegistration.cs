using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Csf;

/// <summary>What this provider is, and how it is found on a host.</summary>
public static class CsfRegistration
{
    private static readonly DateOnly Verified = new(2026, 11, 28);

    /// <summary>What it is.</summary>
    public static ProviderDescriptor Descriptor { get; } = new()
    {
        Name = CsfProvider.ProviderName,
        Summary = "CSF: own files that csf.allow and csf.ignore include, read by a restart; bans of Cloudflare are lifted",
        Atomicity = Atomicity.Rebuild,
        Features = ["preflight", "snapshot", "survives-reboot", "survives-reload", "ipv4", "ipv6", "tcp", "udp"],
        Limits = [new Limit("csf-ports", "ports of one line (a range counts twice); more become several lines", 15, "iptables-extensions(8), multiport; observed with CSF 15.00: a sixteenth makes csf fail and flush", Verified)],
        Settings = CsfOptions.Fields,
        HoldsBans = true,
        Gaps =
        [
            new DeclaredGap("L2", "neither CSF nor iptables limits the number of entries in an allow list, so there is no limit to exceed"),
            new DeclaredGap("P2", "whether IPv6 is held is no setting of the target but CSF's own (IPV6 in csf.conf), found by reading and told then"),
            new DeclaredGap("T6", "csf can only flush all rules and make them again, which costs new connections for 40 to 80 ms (measured with CSF 15.00, 2026-11-21)"),
            new DeclaredGap("O1", "our entries stand in files of their own, so entries of others are never among them; what is written into our files by hand is told and written over"),
            new DeclaredGap("O4", "the order of CSF's chains is CSF's own: what it lets in stands before what it denies, and rules that others put ahead of its chains are told by the proof"),
        ],
    };

    /// <summary>The line of the table.</summary>
    public static ProviderRegistration Line { get; } = new(Descriptor, CsfOptions.Check, (_, place) => new CsfProvider(place), DetectAsync)
    {
        Watches = _ => [new FileWatch("/etc/csf"), new FileWatch(CsfPlaces.TemporaryBans), ProgramWatch.NftMonitor],
    };

    private static async ValueTask<Detection> DetectAsync(IHost host, CancellationToken cancellationToken) =>
        Describe(await new CsfObserver(new CsfTool(host, TimeProvider.System)).ReadAsync(new CsfMark("allowlist-sync/web"), cancellationToken));

    // While CSF does not filter another firewall may be the one that does; that one is proposed then.
    private static Detection Describe(CsfState state) => CsfObservation.NotRunning(state) is { } not
        ? new Detection(true, $"CSF is installed; {not.Message}; {not.Remedy}", [])
        : new Detection(
            true,
            $"CSF is running{(state.Configuration.HasIPv6 ? "" : ", for IPv4 only (IPV6 = \"0\")")}{(state.Configuration.IsTesting ? ", in TESTING mode" : "")}{(state.Lfd is null ? ", without lfd" : "")}",
            [new TargetProposal("web", ProviderSettings.None, "CSF is running and filters what comes in")]);
}
