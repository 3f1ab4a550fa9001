using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Tests.Fixtures;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.Desired;

public sealed class TrafficSetTests
{
    [Fact]
    public void Union_difference_and_intersection_are_those_of_the_single_packets() =>
        Prop.ForAll(TrafficModel.Pairs, pair =>
        {
            var (left, right) = (TrafficModel.Of(pair.Left), TrafficModel.Of(pair.Right));
            return TrafficModel.Of(pair.Left.Union(pair.Right)).SetEquals(left.Union(right))
                && TrafficModel.Of(pair.Left.Except(pair.Right)).SetEquals(left.Except(right))
                && TrafficModel.Of(pair.Left.Intersect(pair.Right)).SetEquals(left.Intersect(right));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Equal_sets_are_equal_however_they_were_made() =>
        Prop.ForAll(TrafficModel.Pairs, pair =>
        {
            var again = pair.Left.Except(pair.Right).Union(pair.Left.Intersect(pair.Right));
            var other = pair.Right.Union(pair.Left);
            return again.Equals(pair.Left) && again.GetHashCode() == pair.Left.GetHashCode() && other.Equals(pair.Left.Union(pair.Right))
                && pair.Left.Equals(pair.Right) == TrafficModel.Of(pair.Left).SetEquals(TrafficModel.Of(pair.Right));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Slices_are_disjoint_ascending_and_as_few_as_can_be() =>
        Prop.ForAll(TrafficModel.Sets, set => set.Slices.All(slice => !slice.Sources.IsEmpty)
            && set.Slices.Zip(set.Slices.Skip(1)).All(pair => pair.First.Ports.Protocol < pair.Second.Ports.Protocol
                || pair.First.Ports.Last + 1 < pair.Second.Ports.First
                || (pair.First.Ports.Last + 1 == pair.Second.Ports.First && !pair.First.Sources.Equals(pair.Second.Sources)))).QuickCheckThrowOnFailure();

    [Fact]
    public void The_lines_for_people_say_the_same_as_the_set() =>
        Prop.ForAll(TrafficModel.Sets, set => TrafficModel.OfEntries(set).SetEquals(TrafficModel.Of(set))).QuickCheckThrowOnFailure();

    [Fact]
    public void The_two_families_make_up_the_whole() =>
        Prop.ForAll(TrafficModel.Sets, set => set.Only(IpFamily.IPv4).Union(set.Only(IpFamily.IPv6)).Equals(set) && set.Only(IpFamily.IPv4).Intersect(set.Only(IpFamily.IPv6)).IsEmpty).QuickCheckThrowOnFailure();

    [Fact]
    public void A_prefix_stands_once_with_all_its_ports() =>
        Lists.OnWeb("11.0.0.0/24").Union(TrafficSet.Of(Lists.Set("11.0.0.0/24"), PortSet.Of(PortRange.Udp(443)))).Entries().ShouldHaveSingleItem().Ports.ToString().ShouldBe("80,443,443/udp");

    [Fact]
    public void No_source_or_no_port_is_no_traffic()
    {
        TrafficSet.Of(PrefixSet.Empty, Lists.Web).IsEmpty.ShouldBeTrue();
        TrafficSet.Of(Lists.Set("11.0.0.0/24"), PortSet.Empty).ShouldBe(TrafficSet.Empty);
    }

    [Fact]
    public void Ports_left_to_the_target_are_not_mixed_with_ports_of_ours()
    {
        var any = TrafficSet.Of(Lists.Set("11.0.0.0/24"), PortSet.Any);
        any.Except(Lists.OnWeb("11.0.0.0/24")).ShouldBe(any);
        any.Intersect(Lists.OnWeb("11.0.0.0/24")).IsEmpty.ShouldBeTrue();
    }
}
