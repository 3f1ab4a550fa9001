using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.CrowdSec;

/// <summary>What this provider is, and how it is found on a host.</summary>
public static class CrowdSecRegistration
{
    private static readonly DateOnly Verified = new(2026, 11, 28);

    /// <summary>What it is.</summary>
    public static ProviderDescriptor Descriptor { get; } = new()
    {
        Name = CrowdSecProvider.ProviderName,
        Summary = "CrowdSec: an allowlist of our own (a parser whitelist where it has none), and bans of wanted sources lifted",
        Atomicity = Atomicity.PerEntry,
        IsFirewall = false,
        HoldsBans = true,
        Features = ["snapshot", "ipv4", "ipv6", "foreign-elements"],
        Limits = [new Limit("crowdsec-values", "entries that one program of cscli adds or removes; more become several programs", 20_000, "sqlite.org/limits.html (32,766 values), execve(2) (two megabytes of arguments)", Verified)],
        Settings = CrowdSecOptions.Fields,
        Gaps =
        [
            new DeclaredGap("A2", "parser way: each change waits for a reload, and this walk makes twenty of them; the other cases walk shorter ways"),
            new DeclaredGap("A4", "crowdsec lets no packet in by itself: its bouncers block whom it bans, and the firewall decides on the rest; a test of its own shows who is banned"),
            new DeclaredGap("A6", "bans and allowlists of crowdsec know no ports, so these are left to the firewall"),
            new DeclaredGap("F1", "crowdsec tests only the configuration that is in place, so a whitelist is written, tested, and taken back when it is refused"),
            new DeclaredGap("L2", "neither crowdsec's whitelists nor its allowlists limit the number of entries, so there is no limit to exceed"),
            new DeclaredGap("O1", "parser way: the file is ours as a whole, and whoever wants to spare more makes a whitelist of his own; edits are told and written over"),
            new DeclaredGap("O4", "nothing stands ahead of an allowlist or a whitelist: its place does not matter"),
            new DeclaredGap("P2", "every crowdsec holds both families"),
            new DeclaredGap("R3", "parser way: the file is ours as a whole, so there is nothing of others in it that could be unreadable; edits are told and written over"),
            new DeclaredGap("S5", "it is packets that show what is in force there, and crowdsec lets none in; a test of its own starts crowdsec again and looks at its bans"),
            new DeclaredGap("T1", "parser way: several hundred applies of a second each are too slow for a suite; a test of its own fails each change of an apply"),
            new DeclaredGap("T5", "parser way: each change waits for a reload, and ten races make forty of them; the file is compared before it is written, which T4 shows"),
            new DeclaredGap("T6", "crowdsec lets no packet in by itself, so no connection can be lost"),
        ],
    };

    /// <summary>The line of the table.</summary>
    public static ProviderRegistration Line { get; } = new(Descriptor, CrowdSecOptions.Check, (_, place) => new CrowdSecProvider(place), DetectAsync)
    {
        Watches = _ => [new FileWatch(CrowdSecMark.Directory)],
    };

    private static async ValueTask<Detection> DetectAsync(IHost host, CancellationToken cancellationToken)
    {
        var state = await new CrowdSecObserver(new CrowdSecTool(host, TimeProvider.System)).ReadAsync(new CrowdSecMark("none", "none"), cancellationToken);
        return new Detection(
            true,
            $"crowdsec answers and has {(state.HasAllowlists ? "allowlists" : "no allowlists, so a whitelist file is used")}; bans of addresses in force: {state.Decisions.Bans.Length}",
            [new TargetProposal("crowdsec", ProviderSettings.None, "crowdsec bans on its own account, whatever the firewall lets in")]);
    }
}
