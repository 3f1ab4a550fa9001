using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.Tests.Fixtures;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests;

public sealed class PipelineFailureTests
{
    private static readonly TrafficSet All = Lists.OnWeb(Lists.Cloudflare);

    [Fact]
    public async Task A_change_that_could_not_be_undone_is_not_made_on_probation()
    {
        using var bench = new Bench(new FakeProvider { CanRestore = false });
        var report = await bench.RunAsync(RunPurpose.Apply, options => options with { ConfirmWithin = TimeSpan.FromSeconds(60) });
        report.Targets[0].Error!.Kind.ShouldBe(FailureKind.Unsupported);
        report.Targets[0].Error!.Aftermath.ShouldBe(Aftermath.Untouched);
        bench.Provider.Applies.ShouldBe(0);
        (await bench.ApplyAsync()).Targets[0].Status.ShouldBe(TargetStatus.Applied);
    }

    [Fact]
    public async Task A_locked_target_is_not_touched_and_the_report_says_who_has_it()
    {
        using var bench = new Bench();
        await using (await bench.Store.Target("web").LockAsync("run-0", TestContext.Current.CancellationToken))
        {
            var report = await bench.ApplyAsync();
            report.Targets[0].Status.ShouldBe(TargetStatus.Locked);
            report.Targets[0].Error!.Message.ShouldContain($"process {Environment.ProcessId} (run-0) since 2026-11-21 08:00:00Z");
            report.ExitCode.ShouldBe(ExitCodes.Locked);
            (await bench.DiffAsync()).Targets[0].Status.ShouldBe(TargetStatus.Differs, "a look needs no lock");
        }

        (await bench.ApplyAsync()).Targets[0].Status.ShouldBe(TargetStatus.Applied);
    }

    [Fact]
    public async Task A_target_that_does_not_hold_what_was_written_is_a_failure()
    {
        using var bench = new Bench(new FakeProvider { Forgets = true });
        var report = await bench.ApplyAsync();
        report.Targets[0].Status.ShouldBe(TargetStatus.Failed);
        report.Targets[0].Error!.Aftermath.ShouldBe(Aftermath.Unknown);
        report.Targets[0].Error!.Message.ShouldContain("22 entries are missing, 0 are too many");
        report.ExitCode.ShouldBe(ExitCodes.Failed);
    }

    [Fact]
    public async Task A_broken_target_does_not_stop_the_other_one()
    {
        using var broken = new Bench(new FakeProvider { ReadFailure = new ProviderException(FailureKind.Permission, Aftermath.Untouched, "nft: Operation not permitted", "run as root") });
        using var fine = new Bench();
        var failed = await broken.ApplyAsync();
        var applied = await fine.ApplyAsync();
        failed.Targets[0].Error!.Kind.ShouldBe(FailureKind.Permission);
        failed.Targets[0].Wanted.ShouldBe(All);
        var both = applied with { Targets = [failed.Targets[0], applied.Targets[0]] };
        both.ExitCode.ShouldBe(ExitCodes.Partly);
    }

    [Fact]
    public async Task Nothing_is_changed_when_the_state_cannot_be_kept()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.At("file"), "", TestContext.Current.CancellationToken);
        using var bench = new Bench(stateDirectory: folder.At("file", "state"));
        var request = new TargetRequest(bench.Target, bench.Provider, [new SourceOutcome { Name = "cloudflare", InForce = Lists.Accepted("11.0.0.0/24") }], new RunOptions { RunId = "r", Purpose = RunPurpose.Apply });
        var report = await bench.Pipeline().RunTargetAsync(request, TestContext.Current.CancellationToken);
        report.Error!.Message.ShouldContain("cannot be written");
        report.Error.Aftermath.ShouldBe(Aftermath.Untouched);
        bench.Provider.Applies.ShouldBe(0);
    }

    [Fact]
    public async Task Entry_by_entry_an_address_that_is_allowed_before_and_after_is_allowed_at_every_moment()
    {
        using var bench = new Bench(new FakeProvider(Atomicity.PerEntry));
        var before = Lists.OnWeb("104.0.0.0/8", "2606:4700::/31", "11.0.0.0/24");
        bench.Provider.Allowed = before;
        (await bench.ApplyAsync()).Targets[0].Status.ShouldBe(TargetStatus.Applied);
        bench.Provider.Allowed.ShouldBe(All);
        bench.Provider.Moments.Count.ShouldBeGreaterThan(20);
        foreach (var moment in bench.Provider.Moments)
        {
            before.Intersect(All).Except(moment).IsEmpty.ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(25)]
    public async Task Entry_by_entry_a_failure_in_the_middle_loses_nothing_and_the_next_run_finishes_it(int step)
    {
        using var bench = new Bench(new FakeProvider(Atomicity.PerEntry) { FailAt = (step, FailureKind.Transient, Aftermath.Unknown) });
        var before = Lists.OnWeb("104.16.0.0/13", "11.0.0.0/24", "12.0.0.0/24", "13.0.0.0/24", "14.0.0.0/24", "15.0.0.0/24");
        bench.Provider.Allowed = before;
        var failed = await bench.ApplyAsync();
        failed.Targets[0].Error!.Kind.ShouldBe(FailureKind.Transient);
        failed.ExitCode.ShouldBe(ExitCodes.Failed);
        before.Intersect(All).Except(bench.Provider.Allowed).IsEmpty.ShouldBeTrue();

        var next = await bench.ApplyAsync();
        next.Targets[0].Status.ShouldBe(TargetStatus.Applied);
        next.Targets[0].Findings.ShouldHaveSingleItem().Id.ShouldBe("interrupted");
        bench.Provider.Allowed.ShouldBe(All);
    }

    public static TheoryData<ApplyStep, Atomicity> Deaths => [.. from step in Enum.GetValues<ApplyStep>() from atomicity in Enum.GetValues<Atomicity>() select (step, atomicity)];

    [Theory]
    [MemberData(nameof(Deaths))]
    public async Task A_process_that_dies_at_any_step_loses_nothing_and_the_next_run_finishes(ApplyStep step, Atomicity atomicity)
    {
        using var bench = new Bench(new FakeProvider(atomicity)) { DieBefore = step };
        var before = Lists.OnWeb("104.16.0.0/13", "11.0.0.0/24");
        bench.Provider.Allowed = before;
        await Should.ThrowAsync<KilledException>(() => bench.RunAsync(RunPurpose.Apply, options => options with { ConfirmWithin = TimeSpan.FromSeconds(60) }));
        before.Intersect(All).Except(bench.Provider.Allowed).IsEmpty.ShouldBeTrue();
        if (atomicity == Atomicity.Transaction)
        {
            new[] { before, All }.ShouldContain(bench.Provider.Allowed);
        }

        bench.DieBefore = null;
        bench.Time.Advance(TimeSpan.FromSeconds(60));
        if (step > ApplyStep.WriteReceipt)
        {
            (await bench.ApplyAsync()).Targets[0].Refusals.ShouldHaveSingleItem().RuleId.ShouldBe("was-undone");
        }

        (await bench.RunAsync(RunPurpose.Apply, options => options with { ConfirmWithin = TimeSpan.FromSeconds(60) })).Targets[0].Status.ShouldBe(TargetStatus.Applied, "tried again with a way back");
        bench.Provider.Allowed.ShouldBe(All);
    }
}
