using System.Collections.Immutable;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Planning;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.Tests.Fixtures;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests;

public sealed class PipelineApprovalTests
{
    private static readonly TrafficSet All = Lists.OnWeb(Lists.Cloudflare);

    [Fact]
    public async Task A_list_that_shrinks_too_much_is_refused_and_the_rest_goes_on()
    {
        using var bench = await Bench.AppliedAsync();
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
        using var bench = await Bench.AppliedAsync();
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
        using var bench = await Bench.AppliedAsync();
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
        using var bench = await Bench.AppliedAsync();
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
        using var bench = await Bench.AppliedAsync();
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
    public async Task An_answer_that_is_no_list_keeps_the_last_list_in_force_and_counts_as_refused()
    {
        using var bench = await Bench.AppliedAsync();
        bench.Source.Garbled = true;
        (await bench.ApplyAsync()).ExitCode.ShouldBe(ExitCodes.Refused);
        bench.Provider.Allowed.ShouldBe(All);
    }

    [Fact]
    public async Task Too_many_removals_by_a_mistake_in_the_configuration_are_refused_until_approved()
    {
        using var bench = await Bench.AppliedAsync();
        bench.Source.Lists = Lists.Cloudflare;
        var few = new SourceOutcome { Name = "office", InForce = Lists.Accepted("198.51.100.0/24") };
        TargetRequest Request(params ImmutableArray<string> accepted) => new(bench.Target, bench.Provider, [few], new RunOptions { RunId = "r", Purpose = RunPurpose.Apply, Accepted = accepted });
        var refused = await bench.Pipeline().RunTargetAsync(Request(), TestContext.Current.CancellationToken);
        refused.Refusals.Select(refusal => refusal.RuleId).ShouldBe(["removes-too-much", "removes-too-much"]);
        bench.Provider.Allowed.ShouldBe(All);
        var approved = await bench.Pipeline().RunTargetAsync(Request(Approval.Offered(refused)!.Fingerprint[..PlanFingerprint.ShortLength]), TestContext.Current.CancellationToken);
        approved.Status.ShouldBe(TargetStatus.Applied);
    }
}
