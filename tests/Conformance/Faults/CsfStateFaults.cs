using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.CrashHost;
using Shouldly;

namespace AllowlistSync.Conformance.Faults;

/// <summary>CSF or lfd is off, half on, fails, or says what is not so.</summary>
public sealed class CsfStateFaults
{
    [Theory]
    [InlineData("csf -x", "csf-disabled", "csf -e")]
    [InlineData("csf -f", "csf-not-loaded", "csf -r")]
    [InlineData("echo 'tcp|in|d=70000|s=192.0.2.1' >/etc/csf/bad; echo 'Include /etc/csf/bad' >>/etc/csf/csf.allow; csf -r || rm /etc/csf/bad", "csf-error", "csf -r")]
    public async Task What_does_not_run_is_not_started_and_holds_our_entries_when_it_is(string script, string finding, string start)
    {
        await using var lab = await CsfLab.StartAsync();
        await lab.ChangeAsync(script);

        var report = await lab.ApplyAsync(CsfLab.List);

        report.Status.ShouldBe(TargetStatus.Applied, report.Error?.Message);
        report.Plan!.Findings.ShouldContain(one => one.Id == finding && one.Remedy.Length > 5);
        lab.Tap.Operations.OfType<ProgramRun>().ShouldAllBe(run => !run.Command.Arguments.Contains("-ra") && !run.Command.Arguments.Contains("-sf"));
        await lab.DemandForeignAsync();
        (await lab.LookAsync(CsfLab.List)).Status.ShouldBe(TargetStatus.InSync);

        // The entries are in force at once; an lfd that ran all the time is told by the next run.
        await lab.ShellAsync(start);
        (await lab.LookAsync(CsfLab.List)).Plan!.Changes.Repairs.ShouldAllBe(repair => repair.Id == "lfd-not-told");
        (await lab.ApplyAsync(CsfLab.List)).Error.ShouldBeNull();
        (await lab.LookAsync(CsfLab.List)).Status.ShouldBe(TargetStatus.InSync);
        await lab.ExpectAsync(["104.16.0.1", "2400:cb00::1"], [80, 443], isBlocked: false);
        await lab.ExpectAsync(["8.8.8.8", "2620:fe::fe"], [22, 80, 443], isBlocked: true);
    }

    [Fact]
    public async Task Testing_mode_is_told_and_a_missing_lfd_is_not_started()
    {
        await using var lab = await CsfLab.StartAsync();
        await lab.SetAsync("TESTING", "1");
        await lab.ChangeAsync("csf --lfd stop; csf -r >/dev/null");

        var report = await lab.ApplyAsync(CsfLab.List);

        report.Status.ShouldBe(TargetStatus.Applied);
        report.Plan!.Findings.ShouldContain(one => one.Id == "csf-testing" && one.Message.Contains("every 5 minutes", StringComparison.Ordinal));
        report.Plan.Findings.ShouldContain(one => one.Id == "lfd-not-running");
        (await lab.ShellAsync("csf --lfd status")).ShouldContain("lfd is stopped");
        (await lab.LookAsync(CsfLab.List)).Status.ShouldBe(TargetStatus.InSync);
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task With_IPv6_off_only_IPv4_is_held_and_the_rest_is_told()
    {
        await using var lab = await CsfLab.StartAsync();
        await lab.ApplyAsync(CsfLab.List);
        await lab.SetAsync("IPV6", "0");
        await lab.ChangeAsync("csf -r >/dev/null");

        var report = await lab.ApplyAsync("104.16.0.0/13", "131.0.72.0/22", "2400:cb00::/32");

        report.Status.ShouldBe(TargetStatus.Applied, report.Error?.Message);
        report.Plan!.Findings.ShouldContain(one => one.Id == "family-not-held");
        (await lab.Provider.ReadAsync(lab.Target, CsfLab.Ct)).Allowed.Sources.ShouldBe(PrefixSet.Of(Lists.Of("104.16.0.0/13", "131.0.72.0/22")));
        (await lab.LookAsync("104.16.0.0/13", "131.0.72.0/22", "2400:cb00::/32")).Status.ShouldBe(TargetStatus.InSync);
        await lab.DemandForeignAsync();
    }

    [Fact]
    public async Task An_lfd_that_cannot_be_restarted_takes_the_change_back()
    {
        await using var lab = await CsfLab.StartAsync();
        await lab.ApplyAsync("131.0.72.0/22");
        await lab.ChangeAsync("mv /etc/init.d/lfd /etc/init.d/lfd.away");

        var report = await lab.ApplyAsync(CsfLab.List);

        // Putting back needs lfd as well, and cannot have it: what is said is that.
        report.Error.ShouldNotBeNull().Aftermath.ShouldBe(Aftermath.Unknown);
        report.Error.Message.ShouldContain("/etc/init.d/lfd");
        await lab.ShellAsync("mv /etc/init.d/lfd.away /etc/init.d/lfd");
        await lab.RebaseAsync();
        (await lab.ApplyAsync(CsfLab.List)).Status.ShouldBe(TargetStatus.Applied);
        (await lab.LookAsync(CsfLab.List)).Status.ShouldBe(TargetStatus.InSync);
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task A_csf_that_says_yes_and_does_nothing_is_not_believed()
    {
        await using var lab = await CsfLab.StartAsync();
        await lab.ApplyAsync("131.0.72.0/22");
        lab.Tap.Reset();
        var lies = 1;
        lab.Tap.Before = (_, command) => Task.FromResult(lab.Subject.IsWrite(command) && lies-- > 0 ? new CommandResult(0, "*WARNING* all is well\n\u0000\u0001garbage\n"u8.ToArray(), "") : null);

        var report = await lab.ApplyTappedAsync(CsfLab.List);

        report.Error.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Protocol);
        report.Error.Message.ShouldContain("are not in the kernel");
        report.Error.Aftermath.ShouldBe(Aftermath.RolledBack);
        lab.Tap.Reset();
        (await lab.LookAsync("131.0.72.0/22")).Status.ShouldBe(TargetStatus.InSync);
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task A_start_that_fails_in_spite_of_all_tests_is_put_back()
    {
        await using var lab = await CsfLab.StartAsync();
        await lab.ApplyAsync("131.0.72.0/22");
        await lab.RebaseAsync();
        var isSpoiled = false;

        // Between our test and csf's own reading somebody writes a bad line, and takes it out when he sees what happens.
        lab.Tap.Reset();
        lab.Tap.Before = async (_, command) =>
        {
            if (lab.Subject.IsWrite(command))
            {
                await lab.ShellAsync(isSpoiled ? "sed -i '/70000/d' /etc/csf/csf.allow" : "echo 'tcp|in|d=70000|s=192.0.2.1' >>/etc/csf/csf.allow");
                isSpoiled = true;
            }

            return null;
        };

        var report = await lab.ApplyTappedAsync(CsfLab.List);

        report.Error.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Conflict);
        report.Error.Message.ShouldContain("FASTSTART: (csf.allow IPv4)");
        report.Error.Aftermath.ShouldBe(Aftermath.RolledBack);
        lab.Tap.Reset();
        (await lab.LookAsync("131.0.72.0/22")).Status.ShouldBe(TargetStatus.InSync);
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task A_kill_between_files_and_restart_is_seen_and_mended()
    {
        await using var lab = await CsfLab.StartAsync();
        await lab.ApplyAsync("104.16.0.0/13");
        lab.Tap.Reset();
        lab.Tap.Before = (_, command) => lab.Subject.IsWrite(command) ? throw new OperationCanceledException("killed here") : Task.FromResult<CommandResult?>(null);
        await Should.ThrowAsync<OperationCanceledException>(() => lab.ApplyTappedAsync(CsfLab.List));
        lab.Tap.Reset();

        var repairs = (await lab.LookAsync(CsfLab.List)).Plan.ShouldNotBeNull().Changes.Repairs;

        repairs.Select(repair => repair.Id).ShouldBe(["not-loaded", "lfd-not-told"]);
        (await lab.ApplyAsync(CsfLab.List)).Status.ShouldBe(TargetStatus.Applied);
        (await lab.LookAsync(CsfLab.List)).Status.ShouldBe(TargetStatus.InSync);
        await lab.ExpectAsync(["104.16.0.1", "2400:cb00::1"], [80, 443], isBlocked: false);
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task A_list_that_csf_has_locked_is_waited_for()
    {
        await using var lab = await CsfLab.StartAsync();
        await using var holder = await lab.Subject.Sandbox.StartProcessAsync(["flock", "/etc/csf/csf.allow", "sh", "-c", "touch /run/held; sleep 2"], CsfLab.Ct);
        await lab.ShellAsync("until [ -e /run/held ]; do sleep 0.02; done");

        (await lab.ApplyAsync(CsfLab.List)).Status.ShouldBe(TargetStatus.Applied);

        await lab.DemandSafeAsync();
    }
}
