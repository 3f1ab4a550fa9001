using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Guards;
using AllowlistSync.Core.Planning;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.Sources;
using AllowlistSync.Core.Tests.Fixtures;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests;

public sealed class PipelineTests
{
    private static readonly TrafficSet All = Lists.OnWeb(Lists.Cloudflare);

    [Fact]
    public async Task A_look_shows_the_difference_and_changes_nothing()
    {
        using var bench = new Bench();
        var report = await bench.DiffAsync();
        report.Targets[0].Status.ShouldBe(TargetStatus.Differs);
        report.Targets[0].Plan!.Changes.Add.ShouldBe(All);
        report.ExitCode.ShouldBe(ExitCodes.Differences);
        bench.Provider.Applies.ShouldBe(0);
        Directory.Exists(bench.Store.Place).ShouldBeFalse("a look writes no state");
    }

    [Fact]
    public async Task An_apply_makes_the_target_as_it_should_be_and_the_next_one_has_nothing_to_do()
    {
        using var bench = new Bench();
        var report = await bench.ApplyAsync();
        report.Targets[0].Status.ShouldBe(TargetStatus.Applied);
        report.ExitCode.ShouldBe(ExitCodes.Ok);
        bench.Provider.Allowed.ShouldBe(All);
        (await bench.ApplyAsync()).Targets[0].Status.ShouldBe(TargetStatus.InSync);
        bench.Provider.Applies.ShouldBe(1);
    }

    [Theory]
    [InlineData(TargetMode.Report)]
    [InlineData(TargetMode.Propose)]
    public async Task A_target_that_is_not_to_be_applied_is_left_alone_by_apply(TargetMode mode)
    {
        using var bench = new Bench();
        bench.Target = bench.Target with { Mode = mode };
        (await bench.ApplyAsync()).Targets[0].Status.ShouldBe(TargetStatus.Differs);
        bench.Provider.Applies.ShouldBe(0);
    }

    [Fact]
    public async Task A_person_who_says_no_leaves_the_target_as_it_is()
    {
        using var bench = new Bench();
        var report = await bench.RunAsync(RunPurpose.Apply, options => options with { Ask = (_, _) => ValueTask.FromResult(false) });
        report.Targets[0].Status.ShouldBe(TargetStatus.Differs);
        bench.Provider.Applies.ShouldBe(0);
    }

    [Fact]
    public async Task A_list_that_shrinks_too_much_is_refused_and_the_rest_goes_on()
    {
        using var bench = await AppliedAsync();
        bench.Source.Lists = [.. Lists.CloudflareV4.Take(10), .. Lists.CloudflareV6];
        bench.Provider.Allowed = All.Except(Lists.OnWeb("104.16.0.0/13"));
        var report = await bench.ApplyAsync();
        report.ExitCode.ShouldBe(ExitCodes.Refused);
        report.Targets[0].Status.ShouldBe(TargetStatus.Applied);
        bench.Provider.Allowed.ShouldBe(All, "drift is repaired with the last known good list");
        bench.Outcome!.Refusals.ShouldHaveSingleItem().RuleId.ShouldBe("shrinks-too-much");
    }

    [Fact]
    public async Task A_refused_list_that_a_person_approves_by_its_plan_is_believed_from_then_on()
    {
        using var bench = await AppliedAsync();
        bench.Source.Lists = [.. Lists.CloudflareV4.Take(10), .. Lists.CloudflareV6];
        var offered = Approval.Offered((await bench.DiffAsync()).Targets[0]).ShouldNotBeNull();
        offered.Pending.Length.ShouldBe(5);

        var report = await bench.ApplyAsync(Approval.Handle(offered));
        report.ExitCode.ShouldBe(ExitCodes.Ok);
        report.Targets[0].Overrides.ShouldBeTrue();
        (await bench.MemoryAsync()).ShouldNotBeNull().Pending.Length.ShouldBe(5);

        bench.Time.Advance(TimeSpan.FromHours(72));
        (await bench.ApplyAsync()).Targets[0].Refusals.ShouldHaveSingleItem().RuleId.ShouldBe("removes-too-much", "the configuration rule asks once more when the grace is over");
    }

    [Fact]
    public async Task Approving_one_shrunken_list_does_not_approve_a_shorter_one()
    {
        using var bench = await AppliedAsync();
        bench.Source.Lists = [.. Lists.CloudflareV4.Take(10), .. Lists.CloudflareV6];
        var offered = Approval.Offered((await bench.DiffAsync()).Targets[0]).ShouldNotBeNull();

        bench.Source.Lists = [.. Lists.CloudflareV4.Take(8), .. Lists.CloudflareV6];
        var report = await bench.ApplyAsync(Approval.Handle(offered));
        report.Targets[0].Overrides.ShouldBeFalse();
        report.ExitCode.ShouldBe(ExitCodes.Refused);
        (await bench.MemoryAsync()).ShouldNotBeNull().Pending.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refused_growth_that_is_approved_is_carried_out()
    {
        using var bench = await AppliedAsync();
        string[] grown = [.. Lists.Cloudflare, .. Lists.Spread(16)];
        bench.Source.Lists = grown;
        (await bench.ApplyAsync()).ExitCode.ShouldBe(ExitCodes.Refused);
        bench.Provider.Allowed.ShouldBe(All);
        var offered = Approval.Offered((await bench.DiffAsync()).Targets[0]).ShouldNotBeNull();
        var report = await bench.ApplyAsync(offered.Fingerprint);
        report.ExitCode.ShouldBe(ExitCodes.Ok);
        bench.Provider.Allowed.ShouldBe(Lists.OnWeb(grown));
        (await bench.ApplyAsync()).ExitCode.ShouldBe(ExitCodes.Ok);
    }

    [Fact]
    public async Task Drift_repair_beside_a_refused_list_is_no_approval_of_it()
    {
        using var bench = await AppliedAsync();
        bench.Source.Lists = [.. Lists.Cloudflare, "104.16.0.0/13"];
        bench.Provider.Allowed = TrafficSet.Empty;
        var report = await bench.ApplyAsync();
        report.Targets[0].Status.ShouldBe(TargetStatus.Applied);
        report.ExitCode.ShouldBe(ExitCodes.Refused, "the list holds a prefix twice and nobody approved it");
    }

    [Fact]
    public async Task A_fingerprint_of_another_plan_carries_out_nothing()
    {
        using var bench = new Bench();
        var report = await bench.ApplyAsync("0123456789ab");
        var refusal = report.Targets[0].Refusals.ShouldHaveSingleItem();
        refusal.RuleId.ShouldBe("plan-changed");
        refusal.Message.ShouldContain(report.Targets[0].Plan!.Fingerprint[..12]);
        report.ExitCode.ShouldBe(ExitCodes.Refused);
        bench.Provider.Applies.ShouldBe(0);
    }

    [Fact]
    public async Task A_plan_file_made_for_another_state_carries_out_nothing_and_todays_does()
    {
        using var bench = new Bench();
        var shown = (await bench.DiffAsync()).Targets[0].Plan!.Fingerprint;
        var expected = ImmutableDictionary<string, string>.Empty.Add("web", shown);
        bench.Provider.Allowed = Lists.OnWeb("11.0.0.0/24");
        var stale = await bench.RunAsync(RunPurpose.Apply, options => options with { Expected = expected });
        stale.Targets[0].Refusals.ShouldHaveSingleItem().RuleId.ShouldBe("plan-stale");
        bench.Provider.Applies.ShouldBe(0);

        bench.Provider.Allowed = TrafficSet.Empty;
        (await bench.RunAsync(RunPurpose.Apply, options => options with { Expected = expected })).Targets[0].Status.ShouldBe(TargetStatus.Applied);
    }

    [Fact]
    public async Task A_target_that_a_plan_file_does_not_name_is_not_changed()
    {
        using var bench = new Bench();
        var report = await bench.RunAsync(RunPurpose.Apply, options => options with { Expected = [] });
        report.Targets[0].Refusals.ShouldHaveSingleItem().RuleId.ShouldBe("plan-stale");
        bench.Provider.Applies.ShouldBe(0);
    }

    [Fact]
    public async Task The_embedded_list_is_shown_and_never_applied()
    {
        using var bench = new Bench();
        bench.Source.Embedded = Lists.Snapshot(Lists.Cloudflare) with { Provenance = Provenance.Embedded };
        bench.Source.Lists = null;
        var look = await bench.DiffAsync();
        look.Targets[0].Plan!.Changes.Add.ShouldBe(All);
        look.Sources[0].Findings.ShouldHaveSingleItem().Id.ShouldBe("embedded-list");
        look.ExitCode.ShouldBe(ExitCodes.Failed);

        var apply = await bench.ApplyAsync();
        apply.Targets[0].Status.ShouldBe(TargetStatus.Failed);
        apply.Targets[0].Error!.Message.ShouldContain("source cloudflare has no list that may be used; web was left as it is");
        bench.Provider.Applies.ShouldBe(0);
    }

    [Fact]
    public async Task An_embedded_list_that_reaches_an_apply_by_mistake_is_stopped_there()
    {
        using var bench = new Bench();
        var embedded = GuardChain.Embedded(Lists.Snapshot(Lists.Cloudflare) with { Provenance = Provenance.Embedded });
        var request = new TargetRequest(bench.Target, bench.Provider, [new SourceOutcome { Name = "cloudflare", InForce = embedded }], new RunOptions { RunId = "r", Purpose = RunPurpose.Apply });
        (await bench.Pipeline().RunTargetAsync(request, TestContext.Current.CancellationToken)).Status.ShouldBe(TargetStatus.Failed);
        bench.Provider.Applies.ShouldBe(0);
    }

    [Fact]
    public async Task A_target_is_never_planned_with_one_of_its_lists_missing()
    {
        using var bench = new Bench();
        var office = new SourceOutcome { Name = "office", InForce = Lists.Accepted("198.51.100.0/24") };
        var silent = new SourceOutcome { Name = "cloudflare", InForce = null, Refusals = [new Refusal("not-reachable", "no answer", "check DNS")], Answered = false };
        bench.Provider.Allowed = All;
        var request = new TargetRequest(bench.Target, bench.Provider, [office, silent], new RunOptions { RunId = "r", Purpose = RunPurpose.Apply });
        var report = await bench.Pipeline().RunTargetAsync(request, TestContext.Current.CancellationToken);
        report.Error!.Remedy.ShouldBe("check DNS");
        report.Plan.ShouldBeNull();
        report.Wanted.ShouldBe(Lists.OnWeb("198.51.100.0/24"));
        bench.Provider.Allowed.ShouldBe(All);
    }

    [Fact]
    public async Task A_first_list_that_is_refused_is_never_planned_as_nothing()
    {
        using var bench = new Bench();
        bench.Source.Lists = [.. Lists.CloudflareV4.Take(7), .. Lists.CloudflareV6];
        bench.Provider.Allowed = All;
        var wrong = await bench.ApplyAsync("0123456789ab");
        var refusal = wrong.Targets[0].Refusals.ShouldHaveSingleItem();
        refusal.RuleId.ShouldBe("plan-changed");
        wrong.Targets[0].Plan!.Changes.Result.ShouldBe(Lists.OnWeb(bench.Source.Lists), "the plan that is named is the one with the refused list, not one without any list");
        bench.Provider.Applies.ShouldBe(0);

        var right = await bench.ApplyAsync(wrong.Targets[0].Plan!.Fingerprint);
        right.Targets[0].Status.ShouldBe(TargetStatus.Applied);
        (await bench.MemoryAsync()).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_source_that_does_not_answer_keeps_the_last_list_in_force()
    {
        using var bench = await AppliedAsync();
        bench.Source.Lists = null;
        bench.Provider.Allowed = TrafficSet.Empty;
        var report = await bench.ApplyAsync();
        bench.Provider.Allowed.ShouldBe(All);
        report.ExitCode.ShouldBe(ExitCodes.Failed);
    }

    [Fact]
    public async Task An_answer_that_is_no_list_keeps_the_last_list_in_force_and_counts_as_refused()
    {
        using var bench = await AppliedAsync();
        bench.Source.Garbled = true;
        (await bench.ApplyAsync()).ExitCode.ShouldBe(ExitCodes.Refused);
        bench.Provider.Allowed.ShouldBe(All);
    }

    [Fact]
    public async Task A_list_older_than_its_limit_is_told()
    {
        using var bench = await AppliedAsync();
        bench.Source.Lists = null;
        bench.Time.Advance(TimeSpan.FromDays(7));
        (await bench.DiffAsync()).Sources[0].Findings.ShouldBeEmpty();
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        (await bench.DiffAsync()).Sources[0].Findings.ShouldHaveSingleItem().Id.ShouldBe("list-stale");
    }

    [Fact]
    public async Task Nothing_is_applied_while_a_confirmation_is_awaited_and_time_undoes_it()
    {
        using var bench = await AppliedAsync();
        bench.Source.Lists = [.. Lists.Cloudflare, "11.0.0.0/24"];
        var first = await bench.RunAsync(RunPurpose.Apply, options => options with { ConfirmWithin = TimeSpan.FromSeconds(60) });
        first.Targets[0].ConfirmBy.ShouldBe(Lists.Morning.AddSeconds(60));
        bench.Armed.ShouldHaveSingleItem().RunId.ShouldBe("run-2");

        bench.Source.Lists = [.. Lists.Cloudflare, "11.0.0.0/24", "12.0.0.0/24"];
        var blocked = await bench.ApplyAsync();
        blocked.Targets[0].Refusals.ShouldHaveSingleItem().RuleId.ShouldBe("confirm-pending");

        bench.Time.Advance(TimeSpan.FromSeconds(60));
        var late = await bench.ApplyAsync();
        late.Targets[0].Findings.ShouldHaveSingleItem().Id.ShouldBe("undone");
        late.Targets[0].Plan!.Changes.Add.ShouldBe(Lists.OnWeb("11.0.0.0/24", "12.0.0.0/24"));
    }

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
    public async Task Remove_takes_out_all_that_is_ours_even_when_the_source_is_silent()
    {
        using var bench = await AppliedAsync();
        bench.Source.Lists = null;
        var report = await bench.RunAsync(RunPurpose.Remove);
        report.Targets[0].Status.ShouldBe(TargetStatus.Applied);
        bench.Provider.Allowed.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task Too_many_removals_by_a_mistake_in_the_configuration_are_refused_until_approved()
    {
        using var bench = await AppliedAsync();
        bench.Source.Lists = Lists.Cloudflare;
        var few = new SourceOutcome { Name = "office", InForce = Lists.Accepted("198.51.100.0/24") };
        TargetRequest Request(params ImmutableArray<string> accepted) => new(bench.Target, bench.Provider, [few], new RunOptions { RunId = "r", Purpose = RunPurpose.Apply, Accepted = accepted });
        var refused = await bench.Pipeline().RunTargetAsync(Request(), TestContext.Current.CancellationToken);
        refused.Refusals.Select(refusal => refusal.RuleId).ShouldBe(["removes-too-much", "removes-too-much"]);
        bench.Provider.Allowed.ShouldBe(All);
        var approved = await bench.Pipeline().RunTargetAsync(Request(Approval.Offered(refused)!.Fingerprint[..PlanFingerprint.ShortLength]), TestContext.Current.CancellationToken);
        approved.Status.ShouldBe(TargetStatus.Applied);
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
        (await bench.ApplyAsync()).Targets[0].Status.ShouldBe(TargetStatus.Applied, "what was not confirmed in time was undone, and is made anew");
        bench.Provider.Allowed.ShouldBe(All);
    }

    [Fact]
    public async Task A_source_of_one_family_is_judged_by_its_own_kind()
    {
        using var bench = new Bench();
        bench.Source.Lists = Lists.CloudflareV4;
        var report = await bench.ApplyAsync();
        report.Sources[0].Refusals.ShouldHaveSingleItem().RuleId.ShouldBe("family-missing");
        report.Targets[0].Status.ShouldBe(TargetStatus.Failed);
        report.Sources[0].InForce.ShouldBeNull();
        report.Targets[0].Wanted!.Only(IpFamily.IPv4).IsEmpty.ShouldBeTrue();
    }

    private static async Task<Bench> AppliedAsync()
    {
        var bench = new Bench();
        (await bench.ApplyAsync()).Targets[0].Status.ShouldBe(TargetStatus.Applied);
        return bench;
    }
}
