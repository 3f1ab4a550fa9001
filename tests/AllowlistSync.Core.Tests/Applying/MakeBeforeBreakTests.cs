using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Tests.Fixtures;
using AllowlistSync.Core.Tests.Planning;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.Applying;

public sealed class MakeBeforeBreakTests
{
    private static readonly Defect Jump = new("jump-missing", "");

    [Fact]
    public void A_target_with_transactions_takes_everything_in_one_step()
    {
        var plan = Plans.Of(["11.0.0.0/24"], Lists.OnWeb("12.0.0.0/24"));
        MakeBeforeBreak.Steps(plan, Atomicity.Transaction).ShouldHaveSingleItem().ShouldBe(plan.Changes);
    }

    [Fact]
    public void Entry_by_entry_all_that_is_new_comes_before_all_that_goes()
    {
        var plan = Plans.Of(["11.0.0.0/24"], Lists.OnWeb("12.0.0.0/24"), observed => observed with { Defects = [Jump] });
        var steps = MakeBeforeBreak.Steps(plan, Atomicity.PerEntry);
        steps.Length.ShouldBe(2);
        steps[0].Add.ShouldBe(Lists.OnWeb("11.0.0.0/24"));
        steps[0].Remove.IsEmpty.ShouldBeTrue();
        steps[0].Repairs.ShouldHaveSingleItem();
        steps[0].Result.ShouldBe(Lists.OnWeb("11.0.0.0/24", "12.0.0.0/24"));
        steps[1].Add.IsEmpty.ShouldBeTrue();
        steps[1].Repairs.ShouldBeEmpty();
        steps[1].Remove.ShouldBe(Lists.OnWeb("12.0.0.0/24"));
        steps[1].Result.ShouldBe(Lists.OnWeb("11.0.0.0/24"));
    }

    [Theory]
    [InlineData(new[] { "11.0.0.0/24", "12.0.0.0/24" }, new[] { "11.0.0.0/24" })]
    [InlineData(new[] { "11.0.0.0/24" }, new[] { "11.0.0.0/24", "12.0.0.0/24" })]
    public void One_kind_of_change_is_one_step(string[] wanted, string[] allowed) =>
        MakeBeforeBreak.Steps(Plans.Of(wanted, Lists.OnWeb(allowed)), Atomicity.PerEntry).Length.ShouldBe(1);

    [Fact]
    public void A_repair_comes_before_a_removal() =>
        MakeBeforeBreak.Steps(Plans.Of(["11.0.0.0/24"], Lists.OnWeb("11.0.0.0/24", "12.0.0.0/24"), observed => observed with { Defects = [Jump] }), Atomicity.PerEntry).Length.ShouldBe(2);
}
