using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Guards;
using AllowlistSync.Core.Planning;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Tests.Fixtures;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.Planning;

public sealed class PlanSafetyTests
{
    private static readonly string[] Ten = [.. Lists.Spread(10), .. Lists.SpreadV6(10)];

    [Theory]
    [InlineData(10L, null, null)]
    [InlineData(9L, null, "10 IPv4 prefixes are wanted and the target holds at most 9")]
    [InlineData(null, 10L, null)]
    [InlineData(null, 9L, "10 IPv6 prefixes are wanted and the target holds at most 9")]
    public void What_exactly_fits_passes_and_one_more_is_refused(long? v4, long? v6, string? says)
    {
        var plan = Plans.Of(Ten, TrafficSet.Empty, observed => observed with { Capacity = new PerFamilyCapacity(v4, v6) });
        var refusals = PlanSafety.Check(plan, TargetHistory.None, GuardPolicy.Default);
        refusals.Length.ShouldBe(says is null ? 0 : 1);
        foreach (var refusal in refusals)
        {
            refusal.RuleId.ShouldBe("over-capacity");
            refusal.Message.ShouldContain(says!);
            refusal.CanBeAccepted.ShouldBeFalse();
        }
    }

    [Fact]
    public void Unmarked_entries_that_would_go_are_refused_on_a_first_apply_only()
    {
        var strangers = Lists.OnWeb(Lists.Spread(6, "13.0"));
        var plan = Plans.Of(["11.0.0.0/24"], strangers, observed => observed with { Unmarked = strangers });
        var refusal = PlanSafety.Check(plan, TargetHistory.None, GuardPolicy.Default).ShouldHaveSingleItem();
        refusal.RuleId.ShouldBe("takes-over");
        refusal.Message.ShouldContain("6 entries");
        refusal.Message.ShouldEndWith("13.0.8.0/24 and more");
        refusal.CanBeAccepted.ShouldBeTrue();
        PlanSafety.Check(plan, new TargetHistory(EverApplied: true, TrafficSet.Empty), GuardPolicy.Default).ShouldBeEmpty();
    }

    [Fact]
    public void Unmarked_entries_that_stay_are_no_reason_to_refuse()
    {
        var same = Lists.OnWeb("11.0.0.0/24");
        PlanSafety.Check(Plans.Of(["11.0.0.0/24", "12.0.0.0/24"], same, observed => observed with { Unmarked = same }), TargetHistory.None, GuardPolicy.Default).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(8, 10, null)]
    [InlineData(7, 10, "IPv4 would lose 3 of 10 prefixes (30 %) and 30 % of the addresses")]
    [InlineData(10, 8, null)]
    [InlineData(10, 7, "IPv6 would lose 3 of 10 prefixes (30 %) and 30 % of the addresses")]
    [InlineData(0, 10, "IPv4 would lose 10 of 10 prefixes (100 %) and 100 % of the addresses")]
    public void Exactly_the_limit_may_go_and_one_more_is_refused(int v4, int v6, string? says)
    {
        var plan = Plans.Of([.. Lists.Spread(v4), .. Lists.SpreadV6(v6)], Lists.OnWeb(Ten));
        var refusals = PlanSafety.Check(plan, new TargetHistory(EverApplied: true, Lists.OnWeb(Ten)), GuardPolicy.Default);
        refusals.Length.ShouldBe(says is null ? 0 : 1);
        foreach (var refusal in refusals)
        {
            refusal.RuleId.ShouldBe("removes-too-much");
            refusal.Message.ShouldContain(says!);
            refusal.WayOut.ShouldContain("--accept FINGERPRINT");
            refusal.CanBeAccepted.ShouldBeTrue();
        }
    }

    [Fact]
    public void A_target_that_only_adds_never_removes_too_much() =>
        PlanSafety.Check(Plans.Of(["11.0.0.0/24"], Lists.OnWeb(Ten), target: Lists.Target() with { Policy = TargetPolicy.AddOnly }), new TargetHistory(EverApplied: true, Lists.OnWeb(Ten)), GuardPolicy.Default).ShouldBeEmpty();

    [Fact]
    public void One_address_cut_out_of_a_wide_prefix_concerns_one_prefix()
    {
        var before = Lists.OnWeb(Lists.Spread(9, "13.0").Append("104.16.0.0/12").ToArray());
        var history = new TargetHistory(EverApplied: true, before);
        var plan = Plans.Of([.. Lists.Spread(9, "13.0"), .. PrefixSet.Of(IpPrefix.Parse("104.16.0.0/12")).Except(PrefixSet.Of(IpPrefix.Parse("104.16.0.0/32"))).Prefixes().Select(prefix => prefix.ToString())], before);
        PlanSafety.Check(plan, history, GuardPolicy.Default).ShouldBeEmpty();
    }

    [Fact]
    public void After_an_undo_every_plan_waits_for_a_person()
    {
        var plan = Plans.Of(["11.0.0.0/24"], TrafficSet.Empty);
        var refusal = PlanSafety.Check(plan, TargetHistory.None with { WasUndone = true }, GuardPolicy.Default).ShouldHaveSingleItem();
        refusal.RuleId.ShouldBe("was-undone");
        refusal.CanBeAccepted.ShouldBeTrue();
        refusal.WayOut.ShouldContain("--confirm-within");
    }
}
