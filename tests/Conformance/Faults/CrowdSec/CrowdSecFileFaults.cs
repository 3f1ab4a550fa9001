using AllowlistSync.Conformance.Harnesses.CrowdSec;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using Shouldly;
using static AllowlistSync.Conformance.Faults.CrowdSec.CrowdSecLab;

namespace AllowlistSync.Conformance.Faults.CrowdSec;

/// <summary>Our whitelist file: not loaded, refused, edited, left behind; and a crowdsec that is away.</summary>
public sealed class CrowdSecFileFaults
{
    [Fact]
    public async Task Without_systemd_it_is_told_that_crowdsec_has_not_read_the_file_until_it_was_started_again()
    {
        await using var context = await StartAsync(CrowdSecKind.Real, isManaged: false);
        await context.ShellAsync("sleep 1.1");
        (await context.ApplyAsync(Lists.Small, Ct)).Status.ShouldBe(TargetStatus.Applied);

        var look = await context.LookAsync(Lists.Small, Ct);
        look.Status.ShouldBe(TargetStatus.InSync);
        look.Plan!.Findings.Single(finding => finding.Id == "not-loaded").Remedy.ShouldStartWith("restart crowdsec");
        (await context.ShellAsync("tail -3 /var/log/crowdsec.log")).ShouldNotContain("SIGHUP", customMessage: "nobody signals a process that may die of it");

        await context.ShellAsync($"kill $(cat /run/crowdsec.main); while kill -0 $(cat /run/crowdsec.main) 2>/dev/null; do sleep 0.1; done; {CrowdSecSetup.Start}");
        FindingsOf(await context.LookAsync(Lists.Small, Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_crowdsec_that_does_not_answer_is_unavailable_and_nothing_is_changed()
    {
        await using var context = await StartAsync(CrowdSecKind.Real);
        await context.ShellAsync("kill -9 $(cat /run/crowdsec.main)");

        var report = await context.ApplyAsync(Lists.Small, Ct);

        report.Error.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Unavailable);
        report.Error.Aftermath.ShouldBe(Aftermath.Untouched);
        report.Error.Remedy.ShouldContain("systemctl start crowdsec");
        (await context.ShellAsync($"ls {OurFile} 2>&1 || true")).ShouldContain("No such file");
    }

    [Fact]
    public async Task A_configuration_that_crowdsec_refuses_is_not_loaded_and_our_file_is_taken_back()
    {
        await using var context = await StartAsync(CrowdSecKind.Real);
        await context.ShellAsync("printf 'name: mine/broken\\nwhitelist:\\n  reason: x\\n  cidr: [\"1.2.3.4/99\"]\\n' > /etc/crowdsec/parsers/s02-enrich/broken.yaml");
        await context.RebaseAsync(Ct);

        var report = await context.ApplyAsync(Lists.Small, Ct);

        report.Error.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Conflict, report.Error.Message);
        report.Error.Aftermath.ShouldBe(Aftermath.RolledBack);
        report.Error.Message.ShouldContain("Unable to parse cidr whitelist '1.2.3.4/99'");
        (await context.ShellAsync($"ls {OurFile} 2>&1 || true; kill -0 $(cat /run/crowdsec.main) && grep -c SIGHUP /var/log/crowdsec.log || echo none")).ShouldContain("none", customMessage: "a crowdsec that is told to load it would end");
        await context.DemandForeignAsync(Ct);

        await context.ShellAsync("rm /etc/crowdsec/parsers/s02-enrich/broken.yaml");
        await context.RebaseAsync(Ct);
        await context.ReachAsync(Lists.Small, Ct);
    }

    [Fact]
    public async Task A_file_that_was_written_and_not_loaded_is_loaded_by_the_next_run()
    {
        await using var context = await StartAsync(CrowdSecKind.Old);
        context.Tap.Before = (_, command) => command.Arguments is ["reload", ..] ? throw new HostException(HostFailure.TimedOut, "the host went away") : Task.FromResult<CommandResult?>(null);
        (await context.ApplyAsync(Lists.Small, Ct)).Error.ShouldNotBeNull().Aftermath.ShouldBe(Aftermath.Unknown);
        context.Tap.Reset();

        var look = await context.LookAsync(Lists.Small, Ct);
        look.Status.ShouldBe(TargetStatus.Differs);
        look.Plan!.Changes.Repairs.ShouldHaveSingleItem().Id.ShouldBe("not-loaded");

        await context.ReachAsync(Lists.Small, Ct);
        context.Tap.Operations.Count(operation => operation.ToString()!.Contains("reload", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task An_edited_file_is_written_anew()
    {
        await using var context = await StartAsync(CrowdSecKind.Old);
        await context.ReachAsync(Lists.Small, Ct);
        await context.ShellAsync($"printf '    - \"9.9.9.9/32\"\\n  expression:\\n    - \"true\"\\n' >> {OurFile}");

        (await context.LookAsync(Lists.Small, Ct)).Plan!.Changes.Repairs.ShouldHaveSingleItem().Id.ShouldBe("file-edited");
        await context.ReachAsync(Lists.Small, Ct);
        (await context.ShellAsync($"cat {OurFile}")).ShouldNotContain("expression");
    }

    [Fact]
    public async Task A_crowdsec_that_got_allowlists_holds_the_same_in_one_and_the_file_goes()
    {
        await using var context = await StartAsync(CrowdSecKind.Old);
        await context.ReachAsync(Lists.Small, Ct);
        await context.ShellAsync("rm /etc/crowdsec/standin.old");
        await context.RebaseAsync(Ct);

        (await context.ReachAsync(Lists.Small, Ct)).Plan!.Changes.Repairs.ShouldHaveSingleItem().Id.ShouldBe("parser-file-left");
        (await context.ShellAsync($"ls {OurFile} 2>&1 || true")).ShouldContain("No such file");
        await context.RemoveAsync(Ct);
    }

    [Theory]
    [InlineData("fails")]
    [InlineData("is killed before it works")]
    [InlineData("is killed when it has worked")]
    [InlineData("does not answer")]
    public async Task A_change_that_fails_leaves_old_or_new_and_says_truly_which(string how)
    {
        await using var context = await StartAsync(CrowdSecKind.Old);
        await context.ReachAsync(Lists.Small, Ct);
        context.Tap.Reset();
        await context.ApplyAsync(Lists.Other, Ct);
        var changes = context.Tap.Operations.Index().Where(operation => operation.Item.Changes || operation.Item.ToString()!.Contains(" -t", StringComparison.Ordinal)).Select(operation => operation.Index).ToList();
        changes.Count.ShouldBeGreaterThan(5, "two files, each tested, loaded and marked");
        foreach (var at in changes)
        {
            await context.ReachAsync(Lists.Small, Ct);
            await FailAsync(context, at, how);
        }
    }

    private static async Task FailAsync(ConformanceContext context, int at, string how)
    {
        var before = await context.AllowedAsync(Ct);
        var wanted = (await context.PrepareAsync(Lists.Other, Ct)).Desired.Traffic;
        context.Tap.Reset();
        Break(context.Tap, at, how);
        var report = await context.ApplyAsync(Lists.Other, Ct);
        context.Tap.Reset();

        var what = $"change {at} {how}: {report.Error}";
        report.Status.ShouldBe(TargetStatus.Failed, what);
        var after = await context.AllowedAsync(Ct);
        context.DemandOldOrNew(before, after, wanted, what);
        (report.Error!.Aftermath == Aftermath.Unknown || after.Equals(before)).ShouldBeTrue(what);
        await context.DemandForeignAsync(Ct);
        await context.ReachAsync(Lists.Other, Ct);
    }

    private static void Break(CrashHost.HostTap tap, int at, string how)
    {
        CommandResult? Answer(int number, bool isLate) => number != at ? null : how switch
        {
            "fails" when !isLate => new CommandResult(1, ReadOnlyMemory<byte>.Empty, "level=fatal msg=\"something that nobody has heard of\""),
            "is killed before it works" when !isLate => new CommandResult(137, ReadOnlyMemory<byte>.Empty, ""),
            "is killed when it has worked" when isLate => new CommandResult(137, ReadOnlyMemory<byte>.Empty, ""),
            "does not answer" when isLate => throw new HostException(HostFailure.TimedOut, "the connection was cut"),
            _ => null,
        };
        tap.Before = (number, _) => Task.FromResult(Answer(number, isLate: false));
        tap.After = (number, _, result) => Answer(number, isLate: true) ?? result;
        var isLateForFiles = how is "is killed when it has worked" or "does not answer";
        tap.BeforeOther = (number, _) => number == at && !isLateForFiles ? throw new HostException(HostFailure.FileFailed, "no space left on device") : Task.CompletedTask;
        tap.AfterOther = (number, operation) => _ = number == at && isLateForFiles ? throw new HostException(HostFailure.TimedOut, "the connection was cut") : operation;
    }
}
