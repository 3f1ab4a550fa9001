using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Guards;
using AllowlistSync.Core.Sources;
using AllowlistSync.Core.Tests.Fixtures;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.Guards;

public sealed class RemovalGraceTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromHours(72);
    private static readonly DateTimeOffset Start = Lists.Morning;

    [Fact]
    public void A_first_list_is_in_force_as_it_is()
    {
        var (inForce, pending) = RemovalGrace.Next(Lists.Set("11.0.0.0/24"), memory: null, Grace, Start);
        inForce.ShouldBe(Lists.Set("11.0.0.0/24"));
        pending.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_new_is_in_force_at_once() =>
        Next(Lists.Memory("11.0.0.0/24"), Start, "11.0.0.0/24", "12.0.0.0/24").InForce.ShouldBe(Lists.Set("11.0.0.0/24", "12.0.0.0/24"));

    [Fact]
    public void A_missing_prefix_stays_until_just_before_its_grace_is_over_and_leaves_exactly_then()
    {
        var memory = Next(Lists.Memory("11.0.0.0/24", "12.0.0.0/24"), Start, "11.0.0.0/24");
        memory.Pending.ShouldHaveSingleItem().ShouldBe(new PendingRemoval(IpPrefix.Parse("12.0.0.0/24"), Start, Start + Grace));
        Next(memory, Start + Grace - TimeSpan.FromTicks(1), "11.0.0.0/24").InForce.ShouldBe(Lists.Set("11.0.0.0/24", "12.0.0.0/24"));
        Next(memory, Start + Grace, "11.0.0.0/24").InForce.ShouldBe(Lists.Set("11.0.0.0/24"));
    }

    [Fact]
    public void Without_a_grace_a_missing_prefix_leaves_at_once()
    {
        var (inForce, pending) = RemovalGrace.Next(Lists.Set("11.0.0.0/24"), Lists.Memory("11.0.0.0/24", "12.0.0.0/24"), TimeSpan.Zero, Start);
        inForce.ShouldBe(Lists.Set("11.0.0.0/24"));
        pending.ShouldBeEmpty();
    }

    [Fact]
    public void A_prefix_that_comes_back_starts_its_clock_anew_when_it_goes_again()
    {
        var gone = Next(Lists.Memory("11.0.0.0/24", "12.0.0.0/24"), Start, "11.0.0.0/24");
        var back = Next(gone, Start.AddHours(71), "11.0.0.0/24", "12.0.0.0/24");
        back.Pending.ShouldBeEmpty();
        var again = Next(back, Start.AddHours(72), "11.0.0.0/24");
        again.Pending.ShouldHaveSingleItem().Until.ShouldBe(Start.AddHours(144));
    }

    [Fact]
    public void A_half_that_comes_back_leaves_the_date_of_the_other_half_as_it_was()
    {
        var gone = Next(Lists.Memory("11.0.0.0/24", "12.0.0.0/24"), Start, "11.0.0.0/24");
        var half = Next(gone, Start.AddHours(10), "11.0.0.0/24", "12.0.0.0/25");
        half.Pending.ShouldHaveSingleItem().ShouldBe(new PendingRemoval(IpPrefix.Parse("12.0.0.128/25"), Start, Start + Grace));
    }

    [Fact]
    public void A_released_range_does_not_come_back_by_itself()
    {
        var gone = Next(Lists.Memory("11.0.0.0/24", "12.0.0.0/24"), Start, "11.0.0.0/24");
        var released = Next(gone, Start + Grace, "11.0.0.0/24");
        Next(released, Start + Grace + TimeSpan.FromHours(1), "11.0.0.0/24").InForce.ShouldBe(Lists.Set("11.0.0.0/24"));
    }

    [Fact]
    public void A_longer_grace_in_the_configuration_counts_from_the_first_miss()
    {
        var gone = Next(Lists.Memory("11.0.0.0/24", "12.0.0.0/24"), Start, "11.0.0.0/24");
        RemovalGrace.Next(Lists.Set("11.0.0.0/24"), gone, TimeSpan.FromHours(100), Start.AddHours(80)).Pending.ShouldHaveSingleItem().Until.ShouldBe(Start.AddHours(100));
    }

    [Fact]
    public void Small_steps_within_one_grace_add_up_until_a_guard_refuses()
    {
        var chain = GuardChain.For(SourceKind.Cloudflare, GuardPolicy.Default);
        var memory = Lists.Memory([.. Lists.Spread(20), .. Lists.SpreadV6(20)]);
        for (var left = 18; left >= 16; left -= 2)
        {
            var step = chain.Judge(Lists.Snapshot([.. Lists.Spread(left), .. Lists.SpreadV6(20)]), memory, Start.AddHours(20 - left));
            step.Refusals.ShouldBeEmpty();
            memory = step.Next!;
        }

        var refused = chain.Judge(Lists.Snapshot([.. Lists.Spread(15), .. Lists.SpreadV6(20)]), memory, Start.AddHours(5));
        refused.Refusals.ShouldHaveSingleItem().RuleId.ShouldBe("shrinks-too-much");
        refused.InForce!.Ranges.PrefixCount(IpFamily.IPv4).ShouldBe(20);
    }

    private static SourceMemory Next(SourceMemory memory, DateTimeOffset now, params string[] published)
    {
        var (inForce, pending) = RemovalGrace.Next(Lists.Set(published), memory, Grace, now);
        return new SourceMemory(Lists.Snapshot(published), inForce, pending);
    }
}
