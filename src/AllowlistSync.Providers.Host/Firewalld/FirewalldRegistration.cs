using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Firewalld;

/// <summary>What this provider is, and how it is found on a host.</summary>
public static class FirewalldRegistration
{
    private static readonly DateOnly Verified = new(2026, 11, 28);

    /// <summary>What it is.</summary>
    public static ProviderDescriptor Descriptor { get; } = new()
    {
        Name = FirewalldProvider.ProviderName,
        Summary = "firewalld over the system bus, permanent and in force, without a reload: sets and rich rules in a zone, or in a policy for all zones",
        Atomicity = Atomicity.PerEntry,
        Features = ["hitless", "preflight", "snapshot", "survives-reboot", "survives-reload", "ipv4", "ipv6", "tcp", "udp"],
        Limits =
        [
            new Limit("firewalld-set-entries", "entries of a set", 1_048_576, "maxelem that we give our sets; ipset(8)", Verified),
            new Limit("firewalld-loose-rules", "rules by address while our sets are not in force yet", 500, "10 to 20 ms each, measured with firewalld 1.3.3", Verified),
        ],
        Settings = FirewalldOptions.Fields,
        Gaps =
        [
            new DeclaredGap("P2", "both families are always held: firewalld keeps a set and rules for each"),
            new DeclaredGap("O1", "entries of a set of firewalld carry no comment, so nobody can tag one; the set is wholly ours"),
            new DeclaredGap("O4", "firewalld itself orders rules: its deny rules go before every accept, and are meant to; the proof after an apply names them"),
            new DeclaredGap("L2", "our own sets are made with room for a million entries, so there is no limit to exceed"),
        ],
    };

    /// <summary>The line of the table.</summary>
    public static ProviderRegistration Line { get; } = new(
        Descriptor, FirewalldOptions.Check, (settings, place) => new FirewalldProvider(FirewalldOptions.From(settings), place), DetectAsync)
    {
        Watches = _ => [new BusWatch(FirewalldTool.Service), ProgramWatch.NftMonitor],
    };

    private static async ValueTask<Detection> DetectAsync(IHost host, CancellationToken cancellationToken)
    {
        var tool = new FirewalldTool(host.Bus);
        FirewalldTrouble.RequireRunning(await tool.PropertyAsync(ofConfig: false, "state", cancellationToken), FirewalldReader.Flag(await tool.LookAsync("", "queryPanicMode", cancellationToken)));
        var active = FirewalldReader.Keys(await tool.LookAsync("zone", "getActiveZones", cancellationToken));
        return Describe([.. active], FirewalldReader.Text(await tool.LookAsync("", "getDefaultZone", cancellationToken)));
    }

    private static Detection Describe(List<string> active, string standard)
    {
        var zones = active.Count == 0 ? [standard] : active;
        var (proposal, why) = zones.Count == 1
            ? (FirewalldOptions.For(zones[0]), $"zone {zones[0]} is the only one in use")
            : (FirewalldOptions.For(null), $"zones {string.Join(", ", zones)} are in use: a policy holds for all of them; give `zone` in its place if Cloudflare comes through one only");
        return new Detection(Found: true, $"running, {(active.Count == 0 ? $"no interface is bound to a zone, so all are in the default zone {standard}" : $"active zones {string.Join(", ", zones)}, default zone {standard}")}", [new TargetProposal("web", proposal, why)]);
    }
}
