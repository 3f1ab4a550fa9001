using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Fail2Ban;

/// <summary>What this provider is, and how it is found on a host.</summary>
public static class Fail2BanRegistration
{
    private const string NoPorts = "an ignore list lets no packet in and has no ports; that lifted bans let packets in is shown by a story of its own";

    /// <summary>What it is.</summary>
    public static ProviderDescriptor Descriptor { get; } = new()
    {
        Name = Fail2BanProvider.ProviderName,
        Summary = "fail2ban: jails ignore the ranges, in a drop-in of ours and at run time, and bans inside of them are lifted",
        Atomicity = Atomicity.PerEntry,
        IsFirewall = false,
        HoldsBans = true,
        Features = ["preflight", "snapshot", "survives-reload", "survives-reboot", "ipv4", "ipv6"],
        Limits = [],
        Settings = Fail2BanOptions.Fields,
        Gaps =
        [
            new DeclaredGap("A4", NoPorts),
            new DeclaredGap("A6", NoPorts),
            new DeclaredGap("O1", "fail2ban's list has no tags: what the operator lists himself stands in his own files, which we do not write"),
            new DeclaredGap("O4", NoPorts),
            new DeclaredGap("P2", "both families are always held"),
            new DeclaredGap("T6", NoPorts),
            new DeclaredGap("L1", "ignoreip way: fail2ban before 1.1.1 compares each new entry with all others, so that 10,000 take a jail 28 s (1,000: 0.6 s; measured with 1.0.2, 2026-11-28)"),
            new DeclaredGap("L2", "fail2ban has no limit of what a jail ignores"),
        ],
    };

    /// <summary>The line of the table.</summary>
    public static ProviderRegistration Line { get; } = new(Descriptor, Fail2BanOptions.Check, (settings, place) => new Fail2BanProvider(Fail2BanOptions.Of(settings), place), DetectAsync)
    {
        Watches = _ => [.. Fail2BanPlaces.Watched.Select(path => new FileWatch(path)), ProgramWatch.NftMonitor],
    };

    private static async ValueTask<Detection> DetectAsync(IHost host, CancellationToken cancellationToken)
    {
        var tool = new Fail2BanTool(host, null, TimeProvider.System);
        var (enabled, _) = await tool.DumpAsync(cancellationToken);
        var answers = (await tool.AskAsync(["status"], cancellationToken)).Answers;
        var jails = enabled.IsEmpty ? "no jail is enabled" : $"jails enabled: {string.Join(", ", enabled.Keys)}";
        return answers is null
            ? new Detection(true, $"fail2ban is installed and does not run; {jails}", [])
            : new Detection(true, $"fail2ban runs; {jails}", [new TargetProposal("bans", ProviderSettings.None, "fail2ban: keeps its jails from banning Cloudflare, and lifts bans of Cloudflare that are there.")]);
    }
}
