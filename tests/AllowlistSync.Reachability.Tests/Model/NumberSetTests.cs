using AllowlistSync.Reachability.Model;
using Shouldly;

namespace AllowlistSync.Reachability.Tests.Model;

public sealed class NumberSetTests
{
    [Fact]
    public void Ranges_in_any_order_become_sorted_disjoint_and_merged() =>
        NumberSet.OfRanges([new(20, 30), new(1, 5), new(6, 8), new(25, 40), new(50, 49)]).Ranges.ShouldBe([new NumberRange(1, 8), new NumberRange(20, 40)]);

    [Fact]
    public void A_range_up_to_the_last_number_swallows_what_follows() =>
        NumberSet.OfRanges([new(5, UInt128.MaxValue), new(7, 9)]).ShouldBe(NumberSet.Of(5, UInt128.MaxValue));

    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void Contains_looks_at_both_ends(int value, bool expected) =>
        NumberSet.OfRanges([new(10, 20), new(30, 40)]).Contains((UInt128)value).ShouldBe(expected);

    [Fact]
    public void The_complement_ends_at_the_greatest_number()
    {
        NumberSet.OfRanges([new(10, 20), new(30, 255)]).Complement(255).Ranges.ShouldBe([new NumberRange(0, 9), new NumberRange(21, 29)]);
        NumberSet.Empty.Complement(255).ShouldBe(NumberSet.Of(0, 255));
        NumberSet.All.Complement(UInt128.MaxValue).ShouldBe(NumberSet.Empty);
    }

    [Fact]
    public void Covers_and_overlaps_differ_at_the_edges()
    {
        var set = NumberSet.OfRanges([new(10, 20)]);
        set.Covers(new(10, 20)).ShouldBeTrue();
        set.Covers(new(10, 21)).ShouldBeFalse();
        set.Overlaps(new(20, 25)).ShouldBeTrue();
        set.Overlaps(new(21, 25)).ShouldBeFalse();
    }
}
