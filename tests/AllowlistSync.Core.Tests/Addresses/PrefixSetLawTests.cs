using AllowlistSync.Core.Addresses;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.Addresses;

/// <summary>
/// Set algebra against hash sets of single addresses, in small windows where things go wrong: both ends of both
/// spaces, and the middle of IPv6, where the halves of the number meet.
/// </summary>
public sealed class PrefixSetLawTests
{
    private const ulong Seed = 20260101;
    private const int WindowSize = 64;

    private static readonly (IpFamily Family, UInt128 Start)[] s_windows =
    [
        (IpFamily.IPv4, 0),
        (IpFamily.IPv4, uint.MaxValue - (WindowSize - 1)),
        (IpFamily.IPv6, 0),
        (IpFamily.IPv6, (UInt128.One << 64) - (WindowSize / 2)),
        (IpFamily.IPv6, UInt128.MaxValue - (WindowSize - 1)),
    ];

    private static readonly Gen<IpRange[]> s_ranges = Gen.Choose(0, s_windows.Length - 1).SelectMany(
        window => Gen.Choose(0, WindowSize - 1).Two().Select(ends => Range(window, ends.Item1, ends.Item2))).ListOf().Select(list => list.ToArray());

    private static IpRange Range(int window, int a, int b)
    {
        var (family, start) = s_windows[window];
        return new(family, start + (UInt128)Math.Min(a, b), start + (UInt128)Math.Max(a, b));
    }

    private static HashSet<(IpFamily Family, UInt128 Address)> Model(IEnumerable<IpRange> ranges)
    {
        var model = new HashSet<(IpFamily, UInt128)>();
        foreach (var range in ranges)
        {
            for (var address = range.First; ; address++)
            {
                model.Add((range.Family, address));
                if (address == range.Last)
                {
                    break;
                }
            }
        }

        return model;
    }

    private static HashSet<(IpFamily Family, UInt128 Address)> Model(PrefixSet set) => Model(set.Ranges());

    private static void Holds(Func<IpRange[], IpRange[], bool> law)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        var config = Config.QuickThrowOnFailure.WithMaxTest(400).WithReplay(Seed, 1);
        Check.One(config, Prop.ForAll(s_ranges.Two().ToArbitrary(), pair => law(pair.Item1, pair.Item2)));
    }

    [Fact]
    public void Union_holds_what_either_holds() => Holds((a, b) =>
        Model(PrefixSet.OfRanges(a).Union(PrefixSet.OfRanges(b))).SetEquals(Model(a.Concat(b))));

    [Fact]
    public void Intersection_holds_what_both_hold() => Holds((a, b) =>
        Model(PrefixSet.OfRanges(a).Intersect(PrefixSet.OfRanges(b))).SetEquals(Model(a).Intersect(Model(b))));

    [Fact]
    public void Difference_holds_what_only_the_first_holds() => Holds((a, b) =>
        Model(PrefixSet.OfRanges(a).Except(PrefixSet.OfRanges(b))).SetEquals(Model(a).Except(Model(b))));

    [Fact]
    public void Covers_and_overlaps_agree_with_the_model() => Holds((a, b) =>
        PrefixSet.OfRanges(a).Covers(PrefixSet.OfRanges(b)) == Model(b).IsSubsetOf(Model(a))
        && PrefixSet.OfRanges(a).Overlaps(PrefixSet.OfRanges(b)) == Model(a).Overlaps(Model(b)));

    [Fact]
    public void Covers_and_overlaps_of_one_prefix_agree_with_the_model() => Holds((a, b) =>
    {
        var (set, model) = (PrefixSet.OfRanges(a), Model(a));
        return b.SelectMany(range => range.ToPrefixes()).All(prefix =>
        {
            var single = Model([new(prefix.Family, prefix.First, prefix.Last)]);
            return set.Covers(prefix) == single.IsSubsetOf(model) && set.Overlaps(prefix) == single.Overlaps(model);
        });
    });

    [Fact]
    public void Equality_and_hash_are_by_meaning() => Holds((a, b) =>
    {
        var (left, right) = (PrefixSet.OfRanges(a), PrefixSet.OfRanges(b));
        var respelled = PrefixSet.Of(a.Reverse().SelectMany(range => range.ToPrefixes()));
        return left.Equals(right) == Model(a).SetEquals(Model(b)) && left == respelled && left.GetHashCode() == respelled.GetHashCode();
    });

    [Fact]
    public void Canonical_sets_stay_canonical_under_every_operation() => Holds((a, b) =>
    {
        var (left, right) = (PrefixSet.OfRanges(a), PrefixSet.OfRanges(b));
        return new[] { left, left.Union(right), left.Intersect(right), left.Except(right) }.All(IsCanonical);
    });

    [Fact]
    public void Counts_and_deltas_agree_with_the_model() => Holds((a, b) =>
    {
        var (left, right) = (PrefixSet.OfRanges(a), PrefixSet.OfRanges(b));
        var delta = PrefixSetDelta.Between(left, right);
        return Enum.GetValues<IpFamily>().All(f => left.AddressCount(f) == (UInt128)Model(a).Count(x => x.Family == f)
                && left.PrefixCount(f) == left.Prefixes(f).Count())
            && left.Except(delta.Removed).Union(delta.Added) == right && !delta.Added.Overlaps(left) && left.Covers(delta.Removed);
    });

    /// <summary>Ranges ascend with a hole between them, and no two prefixes could be one.</summary>
    private static bool IsCanonical(PrefixSet set)
    {
        var ranges = set.Ranges().ToArray();
        var prefixes = set.Prefixes().ToHashSet();
        bool apart = ranges.Zip(ranges.Skip(1)).All(p => p.First.Family != p.Second.Family || p.First.Last + 1 < p.Second.First);
        bool ascending = set.Prefixes().SequenceEqual(set.Prefixes().Order());
        return apart && ascending && PrefixSet.Of(prefixes) == set && !prefixes.Any(p => HasSibling(p, prefixes));
    }

    private static bool HasSibling(IpPrefix prefix, HashSet<IpPrefix> all)
    {
        if (prefix.Length == 0)
        {
            return false;
        }

        int bits = prefix.Family == IpFamily.IPv4 ? 32 : 128;
        return all.Contains(IpPrefix.Create(prefix.Family, prefix.First ^ (UInt128.One << (bits - prefix.Length)), prefix.Length));
    }

    [Fact]
    public void The_check_itself_fails_when_a_law_is_wrong()
        => Should.Throw<Exception>(() => Holds((a, b) => Model(a).SetEquals(Model(b))));
}
