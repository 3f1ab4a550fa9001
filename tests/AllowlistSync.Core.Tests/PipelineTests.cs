using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Guards;
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
    public async Task A_source_that_does_not_answer_keeps_the_last_list_in_force()
    {
        using var bench = await Bench.AppliedAsync();
        bench.Source.Lists = null;
        bench.Provider.Allowed = TrafficSet.Empty;
        var report = await bench.ApplyAsync();
        bench.Provider.Allowed.ShouldBe(All);
        report.ExitCode.ShouldBe(ExitCodes.Failed);
    }

    [Fact]
    public async Task A_list_older_than_its_limit_is_told()
    {
        using var bench = await Bench.AppliedAsync();
        bench.Source.Lists = null;
        bench.Time.Advance(TimeSpan.FromDays(7));
        (await bench.DiffAsync()).Sources[0].Findings.ShouldBeEmpty();
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        (await bench.DiffAsync()).Sources[0].Findings.ShouldHaveSingleItem().Id.ShouldBe("list-stale");
    }

    [Fact]
    public async Task Nothing_is_applied_while_a_confirmation_is_awaited_and_time_undoes_it()
    {
        using var bench = await Bench.AppliedAsync();
        bench.Source.Lists = [.. Lists.Cloudflare, "11.0.0.0/24"];
        var first = await bench.RunAsync(RunPurpose.Apply, options => options with { ConfirmWithin = TimeSpan.FromSeconds(60) });
        first.Targets[0].ConfirmBy.ShouldBe(Lists.Morning.AddSeconds(60));
        bench.Armed.ShouldHaveSingleItem().RunId.ShouldBe("run-2");

        bench.Source.Lists = [.. Lists.Cloudflare, "11.0.0.0/24", "12.0.0.0/24"];
        var blocked = await bench.ApplyAsync();
        blocked.Targets[0].Refusals.ShouldHaveSingleItem().RuleId.ShouldBe("confirm-pending");

        bench.Time.Advance(TimeSpan.FromSeconds(60));
        var late = await bench.ApplyAsync();
        (await bench.Store.Target("web").ReadJournalAsync(20, TestContext.Current.CancellationToken)).ShouldContain(entry => entry.Step.StartsWith("undone", StringComparison.Ordinal));
        late.Targets[0].Plan!.Changes.Add.ShouldBe(Lists.OnWeb("11.0.0.0/24", "12.0.0.0/24"));
    }

    [Fact]
    public async Task Remove_takes_out_all_that_is_ours_even_when_the_source_is_silent()
    {
        using var bench = await Bench.AppliedAsync();
        bench.Source.Lists = null;
        var report = await bench.RunAsync(RunPurpose.Remove);
        report.Targets[0].Status.ShouldBe(TargetStatus.Applied);
        bench.Provider.Allowed.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task A_source_of_one_family_is_judged_by_its_own_kind()
    {
        using var bench = new Bench();
        bench.Source.Lists = Lists.CloudflareV4;
        var report = await bench.ApplyAsync();
        report.Sources[0].Refusals.ShouldHaveSingleItem().RuleId.ShouldBe("family-missing");
        report.Targets[0].Status.ShouldBe(TargetStatus.Refused);
        report.Sources[0].InForce.ShouldBeNull();
        report.Targets[0].Wanted!.Only(IpFamily.IPv4).IsEmpty.ShouldBeTrue();
    }
}
