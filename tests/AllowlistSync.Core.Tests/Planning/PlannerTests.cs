using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Guards;
using AllowlistSync.Core.Planning;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Sources;
using AllowlistSync.Core.Tests.Fixtures;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.Planning;

public sealed class PlannerTests
{
    [Fact]
    public void A_plan_is_the_difference_in_both_directions()
    {
        var plan = Plans.Of(["11.0.0.0/24", "12.0.0.0/24"], Lists.OnWeb("12.0.0.0/24", "13.0.0.0/24"));
        plan.Changes.Add.ShouldBe(Lists.OnWeb("11.0.0.0/24"));
        plan.Changes.Remove.ShouldBe(Lists.OnWeb("13.0.0.0/24"));
        plan.Changes.Result.ShouldBe(Lists.OnWeb("11.0.0.0/24", "12.0.0.0/24"));
        plan.IsEmpty.ShouldBeFalse();
    }

    [Fact]
    public void Two_halves_are_the_whole_so_the_plan_is_empty() =>
        Plans.Of(["11.0.0.0/24"], Lists.OnWeb("11.0.0.0/25", "11.0.0.128/25")).IsEmpty.ShouldBeTrue();

    [Fact]
    public void A_port_too_many_is_a_difference_of_that_port_only() =>
        Plans.Of(["11.0.0.0/24"], Lists.OnWeb("11.0.0.0/24").Union(TrafficSet.Of(Lists.Set("11.0.0.0/24"), PortSet.Of(PortRange.Tcp(22)))))
            .Changes.Remove.Entries().ShouldHaveSingleItem().Ports.ToString().ShouldBe("22");

    [Fact]
    public void A_flaw_of_our_structure_makes_a_plan_although_the_entries_agree()
    {
        var plan = Plans.Of(["11.0.0.0/24"], Lists.OnWeb("11.0.0.0/24"), observed => observed with { Defects = [new Defect("jump-missing", "nothing jumps to our chain")] });
        plan.IsEmpty.ShouldBeFalse();
        plan.Changes.Repairs.ShouldHaveSingleItem().Id.ShouldBe("jump-missing");
    }

    [Fact]
    public void A_target_that_only_adds_keeps_the_surplus_and_warns()
    {
        var plan = Plans.Of(["11.0.0.0/24"], Lists.OnWeb("13.0.0.0/24"), target: Lists.Target() with { Policy = TargetPolicy.AddOnly });
        plan.Changes.Remove.IsEmpty.ShouldBeTrue();
        plan.Changes.Result.ShouldBe(Lists.OnWeb("11.0.0.0/24", "13.0.0.0/24"));
        plan.Kept.ShouldBe(Lists.OnWeb("13.0.0.0/24"));
        plan.Findings.ShouldHaveSingleItem().Id.ShouldBe("kept-by-policy");
        plan.Findings[0].Message.ShouldContain("13.0.0.0/24");
    }

    [Fact]
    public void Foreign_entries_and_findings_of_every_step_are_told()
    {
        var observed = Plans.Observed(TrafficSet.Empty) with
        {
            Findings = [new Finding("seen", Severity.Info, "", "")],
            Foreign = [new Finding("foreign-entry", Severity.Warning, "", "")],
        };
        var desired = DesiredState.For(Lists.Target(), [Lists.Accepted("11.0.0.0/24")]);
        Planner.Plan(new Preparation(desired, [new Finding("cannot-hold", Severity.Warning, "", "")]), observed, []).Findings.Select(finding => finding.Id)
            .ShouldBe(["cannot-hold", "seen", "foreign-entry"]);
    }

    [Fact]
    public void A_prefix_that_waits_to_leave_is_pending_unless_another_source_still_lists_it()
    {
        var leaving = Leaving(["11.0.0.0/24"], "12.0.0.0/24", "13.0.0.0/24");
        var plan = Plans.Of([leaving, Lists.Accepted("13.0.0.0/24")], TrafficSet.Empty);
        plan.Pending.ShouldHaveSingleItem().Prefix.ToString().ShouldBe("12.0.0.0/24");
        plan.Changes.Add.ShouldBe(Lists.OnWeb("11.0.0.0/24", "12.0.0.0/24", "13.0.0.0/24"));
    }

    private static AcceptedRanges Leaving(string[] listed, params string[] gone) =>
        GuardChain.For(SourceKind.Static, GuardPolicy.Default).Judge(Lists.Snapshot(listed, SourceKind.Static), Lists.Memory([.. listed, .. gone]), Lists.Morning).InForce!;
}
