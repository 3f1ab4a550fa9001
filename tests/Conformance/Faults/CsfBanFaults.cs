using AllowlistSync.Core.Reporting;
using AllowlistSync.CrashHost;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Conformance.Faults;

/// <summary>CSF and lfd ban Cloudflare.</summary>
public sealed class CsfBanFaults
{
    [Fact]
    public async Task Who_was_banned_by_lfd_gets_in_after_an_apply_and_is_not_banned_again()
    {
        Assert.SkipWhen(CsfInstallation.IsReal, "one pass of lfd at a time is a thing of the stand-in");
        await using var lab = await CsfLab.StartAsync();
        var sandbox = lab.Subject.Sandbox;
        await lab.ShellAsync("echo 'tcp|in|d=80,443|s=104.16.0.0/13' >>/etc/csf/csf.allow; csf -r >/dev/null");
        await CsfInstallation.FailedLoginsAsync(sandbox, CsfLab.Ct, ("104.16.0.1", 6), ("8.8.8.8", 6));
        await lab.ExpectAsync(["104.16.0.1", "8.8.8.8"], [80, 443], isBlocked: true);
        await lab.ExpectAsync(["104.16.0.2"], [80, 443], isBlocked: false);

        var look = await lab.LookAsync(CsfLab.List);
        look.Plan.ShouldNotBeNull().Changes.Lift.ShouldHaveSingleItem().ToString().ShouldContain("104.16.0.1/32 by csf.tempban all ports inout (since ");
        look.Plan.Changes.Lift[0].Note.ShouldContain("lfd - (sshd) Failed SSH login from 104.16.0.1 (-): 6 in the last 3600 secs");

        (await lab.ApplyAsync(CsfLab.List)).Status.ShouldBe(TargetStatus.Applied);
        await lab.ExpectAsync(["104.16.0.1"], [80, 443], isBlocked: false);
        await CsfInstallation.FailedLoginsAsync(sandbox, CsfLab.Ct, ("104.16.0.1", 10), ("1.1.1.1", 10));
        await lab.ExpectAsync(["104.16.0.1"], [80, 443], isBlocked: false);
        await lab.ExpectAsync(["8.8.8.8", "1.1.1.1"], [80, 443], isBlocked: true);
        var bans = await lab.ReadAsync("/var/lib/csf/csf.tempban");
        bans.ShouldNotContain("104.16.0.1");
        bans.ShouldContain("|8.8.8.8|");
        bans.ShouldContain("|1.1.1.1|");
        (await lab.LookAsync(CsfLab.List)).Status.ShouldBe(TargetStatus.InSync);
    }

    [Fact]
    public async Task Few_bans_are_lifted_by_csf_without_a_restart_and_others_are_left_alone_and_told()
    {
        await using var lab = await CsfLab.StartAsync();
        await lab.ShellAsync("printf '104.16.0.9 # do not delete\\n104.0.0.0/8 # wide\\ntcp|in|d=80|s=104.17.0.1\\n104.16.0.5 # by hand - Sat Nov 21 03:38:20 2026\\n2400:cb00::5\\n' >>/etc/csf/csf.deny; csf -r >/dev/null; csf -td 104.16.0.6 600 -p 80 -d in from lfd");
        await lab.ApplyAsync("131.0.72.0/22");
        (await lab.ApplyAsync(CsfLab.List)).Status.ShouldBe(TargetStatus.Applied);
        await lab.ShellAsync("csf -td 104.16.0.7 10m");
        lab.Tap.Reset();

        var report = await lab.ApplyTappedAsync(CsfLab.List);

        report.Status.ShouldBe(TargetStatus.Applied, report.Error?.Message);
        report.Actions.ShouldBe(["bans lifted: 1"]);
        lab.Tap.Operations.OfType<ProgramRun>().Where(run => run.Changes).Select(run => $"{run.Command}").ShouldBe(["/usr/sbin/csf -trd 104.16.0.7"]);
        (await lab.ReadAsync("/var/lib/csf/csf.tempban")).ShouldBe("");
        var deny = await lab.ReadAsync("/etc/csf/csf.deny");
        deny.ShouldNotContain("104.16.0.5");
        deny.ShouldNotContain("2400:cb00::5");
        deny.ShouldContain("104.16.0.9 # do not delete");
        report.Plan!.Findings.ShouldContain(one => one.Id == "banned-wider" && one.Message.Contains("104.0.0.0/8", StringComparison.Ordinal));
        report.Plan.Findings.ShouldContain(one => one.Id == "ban-not-ours" && one.Message.Contains("do not delete", StringComparison.Ordinal));
        report.Plan.Findings.ShouldContain(one => one.Id == "ban-not-ours" && one.Message.Contains("an advanced entry", StringComparison.Ordinal));
        (await lab.LookAsync(CsfLab.List)).Status.ShouldBe(TargetStatus.InSync);
    }

    [Fact]
    public async Task Five_thousand_bans_are_lifted_with_as_many_programs_as_twenty()
    {
        await using var lab = await CsfLab.StartAsync();
        await lab.ApplyAsync(CsfLab.List);
        var programs = new List<int>();
        foreach (var count in (int[])[20, 5_000])
        {
            var half = count / 2;
            await lab.ShellAsync(
                $"for i in $(seq {half}); do echo \"104.16.$((i / 250)).$((i % 250)) # lfd - bot\"; done >>/etc/csf/csf.deny; now=$(date +%s); for i in $(seq {half}); do echo \"$now|104.17.$((i / 250)).$((i % 250))||inout|3600|lfd - bot\"; done >>/var/lib/csf/csf.tempban; echo \"$now|8.8.4.4||inout|3600|kept\" >>/var/lib/csf/csf.tempban; csf -r >/dev/null");
            await lab.ExpectAsync(["104.16.0.7", "104.17.0.7"], [80], isBlocked: true);
            lab.Tap.Reset();

            var report = await lab.ApplyTappedAsync(CsfLab.List);

            report.Status.ShouldBe(TargetStatus.Applied, report.Error?.Message);
            report.Actions.ShouldContain($"bans lifted: {count}");
            programs.Add(lab.Tap.Programs);
            await lab.ExpectAsync(["104.16.0.7", "104.17.0.7"], [80], isBlocked: false);
            (await lab.ReadAsync("/var/lib/csf/csf.tempban")).ShouldContain("|8.8.4.4||inout|3600|kept");
            (await lab.ReadAsync("/etc/csf/csf.deny")).ShouldContain("185.220.101.0/24");
            (await lab.LookAsync(CsfLab.List)).Status.ShouldBe(TargetStatus.InSync);
        }

        programs[1].ShouldBe(programs[0]);
    }

    [Fact]
    public async Task A_ban_that_comes_back_within_the_run_is_told()
    {
        await using var lab = await CsfLab.StartAsync();
        await lab.ApplyAsync(CsfLab.List);
        await lab.ShellAsync("csf -td 104.16.0.7 10m");
        lab.Tap.Reset();
        lab.Tap.After = (_, command, result) =>
        {
            if (command.Arguments.Contains("-trd"))
            {
                lab.ShellAsync("csf -td 104.16.0.7 10m").GetAwaiter().GetResult();
            }

            return result;
        };

        var report = await lab.ApplyTappedAsync(CsfLab.List);

        report.Status.ShouldNotBe(TargetStatus.Applied);
        $"{report.Error} {string.Join(' ', report.Findings.Select(finding => finding.Message))}".ShouldContain("104.16.0.7");
    }

    [Fact]
    public async Task A_ban_that_lfd_adds_while_many_are_lifted_is_not_lost()
    {
        await using var lab = await CsfLab.StartAsync();
        await lab.ApplyAsync(CsfLab.List);
        await lab.ShellAsync("for i in $(seq 20); do echo \"$(date +%s)|104.17.0.$i||inout|3600|lfd - bot\"; done >>/var/lib/csf/csf.tempban; csf -r >/dev/null");
        lab.Tap.Reset();
        var isDone = false;
        lab.Tap.BeforeOther = async (_, operation) =>
        {
            if (!isDone && operation is FileUse { Verb: "read", Path: "/var/lib/csf/csf.tempban" } && lab.Tap.Operations.Count(one => one is ProgramRun { Command: var command } && command.Arguments.Contains("--test")) == 4)
            {
                isDone = true;
                await lab.ShellAsync("csf -td 8.8.8.8 1h just now");
            }
        };

        var report = await lab.ApplyTappedAsync(CsfLab.List);

        report.Error.ShouldNotBeNull().Message.ShouldContain("csf.tempban was changed by somebody else in this moment");
        lab.Tap.Reset();
        (await lab.ReadAsync("/var/lib/csf/csf.tempban")).ShouldContain("|8.8.8.8|");
        (await lab.ApplyAsync(CsfLab.List)).Status.ShouldBe(TargetStatus.Applied);
        (await lab.ReadAsync("/var/lib/csf/csf.tempban")).ShouldContain("|8.8.8.8|");
        await lab.ExpectAsync(["8.8.8.8"], [80], isBlocked: true);
        await lab.ExpectAsync(["104.17.0.7"], [80], isBlocked: false);
    }
}
