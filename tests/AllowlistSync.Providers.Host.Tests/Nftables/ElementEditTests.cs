using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Providers.Host.Nftables;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Nftables;

/// <summary>Applied to a model of a set, an edit gives exactly what is wanted. The model refuses what nft refuses.</summary>
public sealed class ElementEditTests
{
    private const int Cases = 3000;
    private static readonly NftSetName Name = new(Golden.Table, "s");

    [Fact]
    public void An_edit_makes_a_set_hold_exactly_what_is_wanted_and_leaves_what_is_tagged()
    {
        var seed = Random.Shared.Next();
        for (var i = 0; i < Cases; i++)
        {
            var random = new Random(unchecked(seed + i));
            var (plain, tagged) = Elements(random);
            var wanted = Wanted(random);
            Check(plain, tagged, wanted, $"seed {unchecked(seed + i)}: {string.Join(' ', plain)} | {string.Join(' ', tagged)} -> {wanted}");
        }
    }

    [Fact]
    public void Nothing_is_done_to_a_set_that_is_right_however_its_elements_are_cut()
    {
        var now = Set([Range(0, 3), Range(4, 7), Range(8, 8)], [Range(20, 21)]);

        ElementEdit.Between(now, PrefixSet.OfRanges([Range(0, 8)])).IsEmpty.ShouldBeTrue();
        ElementEdit.Between(now, PrefixSet.OfRanges([Range(0, 8), Range(20, 21)])).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Only_elements_that_must_shrink_are_deleted()
    {
        var edit = ElementEdit.Between(Set([Range(0, 15), Range(32, 47)], []), PrefixSet.OfRanges([Range(0, 15), Range(40, 47), Range(64, 64)]));

        edit.Delete.ShouldBe([Range(32, 47)]);
        edit.Add.ShouldBe(PrefixSet.OfRanges([Range(40, 47), Range(64, 64)]));
    }

    private static void Check(ImmutableArray<IpRange> plain, ImmutableArray<IpRange> tagged, PrefixSet wanted, string what)
    {
        var edit = ElementEdit.Between(Set(plain, tagged), wanted);

        // "element does not exist": only whole elements can be deleted.
        edit.Delete.ShouldBeUnique();
        edit.Delete.ShouldAllBe(element => plain.Contains(element), what);
        var left = plain.Except(edit.Delete).ToList();

        // "interval overlaps with an existing one".
        edit.Add.Overlaps(PrefixSet.OfRanges([.. left, .. tagged])).ShouldBeFalse(what);
        PrefixSet.OfRanges(left).Union(edit.Add).ShouldBe(wanted.Except(PrefixSet.OfRanges(tagged)), what);
    }

    private static FilledSet Set(ImmutableArray<IpRange> plain, ImmutableArray<IpRange> tagged) =>
        new(Name, IpFamily.IPv4, null, new NftElements(plain, tagged, []));

    // Disjoint elements in a small space, so that they touch, nest and leave gaps often.
    private static (ImmutableArray<IpRange> Plain, ImmutableArray<IpRange> Tagged) Elements(Random random)
    {
        var plain = ImmutableArray.CreateBuilder<IpRange>();
        var tagged = ImmutableArray.CreateBuilder<IpRange>();
        for (uint at = 0; at < 64;)
        {
            var length = (uint)random.Next(1, 9);
            var kind = random.Next(4);
            if (kind < 3)
            {
                (kind < 2 ? plain : tagged).Add(Range(at, at + length - 1));
            }

            at += length;
        }

        return (plain.ToImmutable(), tagged.ToImmutable());
    }

    private static PrefixSet Wanted(Random random) => PrefixSet.OfRanges(
        Enumerable.Range(0, random.Next(6)).Select(_ => (uint)random.Next(72)).Select(first => Range(first, first + (uint)random.Next(16))));

    private static IpRange Range(uint first, uint last) => new(IpFamily.IPv4, 0x0A000000 + first, 0x0A000000 + last);
}
