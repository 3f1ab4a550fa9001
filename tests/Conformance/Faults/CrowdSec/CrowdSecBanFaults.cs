using AllowlistSync.Conformance.Harnesses.CrowdSec;
using AllowlistSync.Core.Planning;
using AllowlistSync.Core.Reporting;
using AllowlistSync.CrashHost;
using Shouldly;
using static AllowlistSync.Conformance.Faults.CrowdSec.CrowdSecLab;

namespace AllowlistSync.Conformance.Faults.CrowdSec;

/// <summary>What the real crowdsec does to visitors of Cloudflare, and what becomes of it.</summary>
public sealed class CrowdSecBanFaults
{
    [Fact]
    public async Task A_banned_address_of_Cloudflare_is_freed_and_not_banned_again_and_a_stranger_stays_banned()
    {
        await using var context = await StartAsync(CrowdSecKind.Real, readsLogs: true);
        await context.AttackAsync("104.16.0.1", "203.0.113.66");
        await context.WaitForBanAsync("104.16.0.1/32");
        await context.WaitForBanAsync("203.0.113.66/32");
        (await context.LookAsync(Lists.Small, Ct)).Plan!.Changes.Lift.ShouldHaveSingleItem().By.ShouldBe("scenario crowdsecurity/ssh-bf (crowdsec, ban)");

        (await context.ApplyAsync(Lists.Small, Ct)).Error.ShouldBeNull();
        (await context.BannedAsync()).ShouldBe(["198.51.100.9/32", "203.0.113.66/32"]);

        await context.WaitForReloadsAsync();
        await context.AttackAsync("104.16.0.2", "2400:cb00::2", "203.0.113.67");
        await context.WaitForBanAsync("203.0.113.67/32");
        (await context.LookAsync(Lists.Small, Ct)).Status.ShouldBe(TargetStatus.InSync);

        // It is started again.
        await context.ShellAsync($"kill $(cat /run/crowdsec.main); while kill -0 $(cat /run/crowdsec.main) 2>/dev/null; do sleep 0.1; done; {CrowdSecSetup.Start}");
        await context.AttackAsync("104.16.0.3", "203.0.113.68");
        await context.WaitForBanAsync("203.0.113.68/32");
        (await context.LookAsync(Lists.Small, Ct)).Status.ShouldBe(TargetStatus.InSync);

        (await context.Program.RunAsync(context.Provider, context.Target, Lists.Small, Installation.Remove(), Ct)).Status.ShouldBe(TargetStatus.Applied);
        await context.WaitForReloadsAsync();
        await context.AttackAsync("104.16.0.4");
        await context.WaitForBanAsync("104.16.0.4/32");
    }

    [Fact]
    public async Task Five_thousand_bans_are_lifted_by_one_program_and_those_of_others_stay()
    {
        await using var context = await StartAsync(CrowdSecKind.Real);
        await context.ShellAsync("(echo duration,scope,value,reason; i=0; while [ $i -lt 5000 ]; do echo 4h,ip,104.18.$((i/250)).$((i%250)),test; i=$((i+1)); done; echo 4h,ip,203.0.113.5,test; echo 4h,range,2400:cb00:7::/48,test) > /run/bans.csv; cscli decisions import -i /run/bans.csv");
        (await context.BannedAsync()).Length.ShouldBe(5003);
        context.Tap.Reset();

        var report = await context.ApplyAsync(Lists.Small, Ct);

        report.Error.ShouldBeNull();
        report.Plan!.Changes.Lift.Length.ShouldBe(5001);
        context.Tap.Operations.OfType<ProgramRun>().Count(run => run.Command.Arguments is ["decisions", "delete", ..]).ShouldBe(2, "one for each wanted prefix that holds bans");
        (await context.BannedAsync()).ShouldBe(["198.51.100.9/32", "203.0.113.5/32"]);
        (await context.LookAsync(Lists.Small, Ct)).Status.ShouldBe(TargetStatus.InSync);
    }

    [Fact]
    public async Task Bans_that_are_wider_or_not_about_addresses_are_told_and_left()
    {
        await using var context = await StartAsync(CrowdSecKind.Real);
        await context.ShellAsync("cscli decisions add --range 104.0.0.0/8; cscli decisions add --scope Country -v US; cscli decisions add --ip 104.16.9.9 -t captcha");

        var report = await context.ApplyAsync(Lists.Small, Ct);

        report.Error.ShouldBeNull();
        report.Plan!.Findings.Single(finding => finding.Id == Bans.Wider).Message.ShouldContain("104.0.0.0/8 by scenario manual 'ban' from 'testbox' (cscli, ban)");
        report.Plan.Findings.Single(finding => finding.Id == "decisions-not-judged").Message.ShouldContain("Country US");
        (await context.BannedAsync()).ShouldBe(["104.0.0.0/8", "198.51.100.9/32"]);
    }

    [Fact]
    public async Task With_liftBans_off_bans_are_told_and_left()
    {
        await using var context = await StartAsync(CrowdSecKind.Real);
        context.Target = context.Target with { LiftBans = false };
        await context.ShellAsync("cscli decisions add --ip 104.16.9.9");

        var report = await context.ApplyAsync(Lists.Small, Ct);

        FindingsOf(report).ShouldContain(Bans.Banned);
        (await context.BannedAsync()).ShouldContain("104.16.9.9/32");
        (await context.LookAsync(Lists.Small, Ct)).Status.ShouldBe(TargetStatus.InSync);
    }

    [Fact]
    public async Task A_ban_that_comes_back_within_the_run_is_a_failure()
    {
        await using var context = await StartAsync(CrowdSecKind.Old);
        await context.ShellAsync("cscli decisions add --ip 104.16.9.9 -R again; printf 'flag\\tagain\\t1\\n' >> /var/lib/crowdsec/standin.state");

        var report = await context.ApplyAsync(Lists.Small, Ct);

        report.Status.ShouldBe(TargetStatus.Failed);
        report.Error!.Message.ShouldContain("banned again as soon as they were lifted: 104.16.9.9/32 by scenario again (cscli, ban)");
    }
}
