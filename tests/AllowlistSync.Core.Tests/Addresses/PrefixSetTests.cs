using AllowlistSync.Core.Addresses;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.Addresses;

public sealed class PrefixSetTests
{
    private static PrefixSet Set(params string[] prefixes) => PrefixSet.Of(prefixes.Select(IpPrefix.Parse));

    private static string[] Texts(PrefixSet set) => [.. set.Prefixes().Select(p => p.ToString())];

    [Fact]
    public void Adjacent_prefixes_merge_to_one_range_of_two_prefixes()
    {
        var set = Set("104.24.0.0/14", "104.16.0.0/13");
        set.Ranges().ShouldBe([new IpRange(IpFamily.IPv4, 0x68100000, 0x681bffff)]);
        Texts(set).ShouldBe(["104.16.0.0/13", "104.24.0.0/14"]);
        set.PrefixCount(IpFamily.IPv4).ShouldBe(2);
    }

    [Fact]
    public void Siblings_become_their_parent_and_spelling_does_not_matter()
    {
        var set = Set("10.0.0.0/25", "10.0.0.128/25", "10.0.0.7", "2001:db8::/33", "2001:db8:8000::/33");
        Texts(set).ShouldBe(["10.0.0.0/24", "2001:db8::/32"]);
        set.ShouldBe(Set("2001:db8::/32", "10.0.0.0/24"));
        set.GetHashCode().ShouldBe(Set("2001:db8::/32", "10.0.0.0/24").GetHashCode());
        (set == Set("10.0.0.0/24")).ShouldBeFalse();
        set.Equals(null).ShouldBeFalse();
    }

    [Fact]
    public void The_whole_of_both_families_is_counted_without_overflow()
    {
        var all = Set("0.0.0.0/0", "::/0");
        all.AddressCount(IpFamily.IPv4).ShouldBe(UInt128.One << 32);
        all.AddressCount(IpFamily.IPv6).ShouldBe(UInt128.MaxValue);
        Texts(all).ShouldBe(["0.0.0.0/0", "::/0"]);
        all.Except(all).ShouldBe(PrefixSet.Empty);
        all.Except(Set("255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")).PrefixCount(IpFamily.IPv6).ShouldBe(128);
        Set("::/1", "8000::/1").ShouldBe(all.Only(IpFamily.IPv6));
        Set("::/1").AddressCount(IpFamily.IPv6).ShouldBe(UInt128.One << 127);
    }

    [Fact]
    public void The_last_and_first_addresses_do_not_touch_around_the_end_of_the_space()
    {
        var set = Set("255.255.255.255", "0.0.0.0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::");
        set.Ranges(IpFamily.IPv4).Count().ShouldBe(2);
        set.Ranges(IpFamily.IPv6).Count().ShouldBe(2);
        Set("255.255.255.254", "255.255.255.255").ShouldBe(Set("255.255.255.254/31"));
    }

    [Fact]
    public void An_empty_set_is_covered_by_all_and_overlaps_none()
    {
        PrefixSet.Of().IsEmpty.ShouldBeTrue();
        PrefixSet.Empty.Covers(PrefixSet.Empty).ShouldBeTrue();
        Set("10.0.0.0/8").Covers(PrefixSet.Empty).ShouldBeTrue();
        Set("10.0.0.0/8").Overlaps(PrefixSet.Empty).ShouldBeFalse();
        PrefixSet.Empty.Covers(IpPrefix.Parse("1.1.1.1")).ShouldBeFalse();
        PrefixSet.Empty.ToString().ShouldBe("0 prefixes (0 IPv4, 0 IPv6)");
        PrefixSet.Of(IpPrefix.Parse("10.0.0.0/8")).ToString().ShouldBe("1 prefix (1 IPv4, 0 IPv6)");
    }

    [Fact]
    public void An_array_of_prefixes_and_a_collection_expression_make_the_same_set()
    {
        IpPrefix[] array = [IpPrefix.Parse("10.0.0.0/8"), IpPrefix.Parse("::1")];
        PrefixSet.Of(array).ShouldBe(PrefixSet.Of([array[1], array[0]]));
    }

    [Fact]
    public void A_delta_holds_what_came_and_what_went_by_address()
    {
        var delta = PrefixSetDelta.Between(Set("10.0.0.0/24", "2001:db8::/32"), Set("10.0.0.0/25", "10.0.1.0/24", "2001:db8::/32"));
        Texts(delta.Added).ShouldBe(["10.0.1.0/24"]);
        Texts(delta.Removed).ShouldBe(["10.0.0.128/25"]);
        delta.IsEmpty.ShouldBeFalse();
        PrefixSetDelta.Between(Set("10.0.0.0/24"), Set("10.0.0.0/25", "10.0.0.128/25")).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Ranges_are_checked()
    {
        IpRange.TryCreate(IpFamily.IPv4, 1, 6, out var range).ShouldBeTrue();
        range.ToPrefixes().Select(p => p.ToString()).ShouldBe(["0.0.0.1/32", "0.0.0.2/31", "0.0.0.4/31", "0.0.0.6/32"]);
        IpRange.TryCreate(IpFamily.IPv4, 2, 1, out _).ShouldBeFalse();
        IpRange.TryCreate(IpFamily.IPv4, 0, UInt128.One << 32, out _).ShouldBeFalse();
        IpRange.TryCreate(IpFamily.IPv6, 0, UInt128.MaxValue, out range).ShouldBeTrue();
        range.ToPrefixes().ShouldBe([IpPrefix.Parse("::/0")]);
        Should.Throw<ArgumentException>(() => PrefixSet.OfRanges([new(IpFamily.IPv4, 2, 1)]));
        Should.Throw<InvalidOperationException>(() => new IpRange(IpFamily.IPv4, 2, 1).ToPrefixes());
        IpRange.TryCreate(IpFamily.IPv6, 1, UInt128.MaxValue - 1, out range).ShouldBeTrue();
        range.ToPrefixes().Count().ShouldBe(254);
    }

    [Fact]
    public void Long_unsorted_lists_sort_as_short_ones_do()
    {
        var random = new Random(7);
        var prefixes = Enumerable.Range(0, 3000).Select(i => IpPrefix.Create(
            (i & 1) == 0 ? IpFamily.IPv4 : IpFamily.IPv6,
            (i & 1) == 0 ? (uint)random.NextInt64() : new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64()),
            (i & 1) == 0 ? 32 : 128)).ToArray();
        var set = PrefixSet.Of(prefixes);
        set.AddressCount(IpFamily.IPv4).ShouldBe((UInt128)prefixes.Where(p => p.Family == IpFamily.IPv4).Distinct().Count());
        var ranges = set.Ranges().ToArray();
        ranges.ShouldBe(ranges.OrderBy(r => r.Family).ThenBy(r => r.First));
        prefixes.ShouldAllBe(p => set.Covers(p));
    }
}
