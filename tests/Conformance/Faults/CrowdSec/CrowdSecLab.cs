using System.Collections.Immutable;
using AllowlistSync.Conformance.Harnesses;
using AllowlistSync.Conformance.Harnesses.CrowdSec;
using AllowlistSync.Core.Reporting;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Conformance.Faults.CrowdSec;

/// <summary>A host with a crowdsec, and the program on it, which lifts bans.</summary>
internal static class CrowdSecLab
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public const string OurFile = "/etc/crowdsec/parsers/s02-enrich/allowlist-sync+als-test+web.yaml";

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<ConformanceContext> StartAsync(CrowdSecKind kind, bool readsLogs = false, bool isManaged = true)
    {
        var harness = new CrowdSecHarness(kind) { ReadsLogs = readsLogs, IsManaged = isManaged };
        Needs.Sandbox([.. harness.Programs]);
        var context = await ConformanceContext.StartAsync(harness, Ct);
        context.Target = context.Target with { LiftBans = true };
        return context;
    }

    public static Task<string> ShellAsync(this ConformanceContext context, string script) => context.Subject.Sandbox.ShellAsync(script, Ct);

    /// <summary>Whom crowdsec keeps out.</summary>
    public static async Task<ImmutableArray<string>> BannedAsync(this ConformanceContext context) =>
        [.. (await context.Provider.ReadAsync(context.Target, Ct)).Bans.Select(ban => ban.Prefix.ToString()).Order(StringComparer.Ordinal)];

    /// <summary>Waits until crowdsec keeps somebody out.</summary>
    public static async Task WaitForBanAsync(this ConformanceContext context, string prefix)
    {
        for (var round = 0; round < 160; round++)
        {
            if ((await context.BannedAsync()).Contains(prefix))
            {
                return;
            }

            await Task.Delay(Pause, TimeProvider.System, Ct);
        }

        Assert.Fail($"{prefix} was not banned: {await context.ShellAsync("tail -20 /var/log/crowdsec.log")}");
    }

    /// <summary>Writes what sshd would into the log that crowdsec reads: enough for a ban, by one scenario only (many names would be a second one's).</summary>
    public static Task AttackAsync(this ConformanceContext context, params string[] sources) => context.ShellAsync(
        $"for i in 1 2 3 4 5 6 7 8 9 10; do for s in {string.Join(' ', sources)}; do echo \"$(date '+%b %e %H:%M:%S') host sshd[4242]: Failed password for invalid user admin from $s port 40$i ssh2\"; done; done >> /var/log/auth.log");

    /// <summary>Waits until a crowdsec that was told to load its configuration has done so.</summary>
    public static async Task WaitForReloadsAsync(this ConformanceContext context) => (await context.ShellAsync(CrowdSecSetup.Settled + "kill -0 $(cat /run/crowdsec.main) && echo runs")).ShouldContain("runs");

    public static IEnumerable<string> FindingsOf(TargetReport report) => report.Plan!.Findings.Select(finding => finding.Id);
}
