using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>
/// The elements to delete from a set and to add to it. nft deletes only whole elements as it keeps them ("element does not exist"
/// for a part of a merged range), so an element that must shrink is deleted as a whole and what stays of it is added again, in the
/// same transaction. What somebody tagged is never deleted, and never added over. Pure.
/// </summary>
/// <param name="Delete">Whole elements, as the kernel keeps them.</param>
/// <param name="Add">Prefixes, disjoint from what stays.</param>
public sealed record ElementEdit(ImmutableArray<IpRange> Delete, PrefixSet Add)
{
    /// <summary>True when the set already holds what it shall.</summary>
    public bool IsEmpty => Delete.IsEmpty && Add.IsEmpty;

    /// <summary>The edit that makes a set hold exactly these addresses, besides what is tagged.</summary>
    public static ElementEdit Between(FilledSet now, PrefixSet wanted)
    {
        if (now.Plain.Equals(wanted.Except(now.Tagged)))
        {
            return new ElementEdit([], PrefixSet.Empty);
        }

        var surplus = now.Plain.Except(wanted);
        var delete = surplus.IsEmpty ? [] : Touching(now.Elements.Plain, [.. surplus.Ranges(now.Family)]);
        var stays = now.Plain.Except(PrefixSet.OfRanges(delete)).Union(now.Tagged);
        return new ElementEdit(delete, wanted.Except(stays));
    }

    // Ranges of a set ascend, so each element needs one binary search.
    private static ImmutableArray<IpRange> Touching(ImmutableArray<IpRange> elements, IpRange[] surplus) =>
        [.. elements.Where(element => FirstThatEndsAtOrAfter(surplus, element.First) is var at && at < surplus.Length && surplus[at].First <= element.Last)];

    private static int FirstThatEndsAtOrAfter(IpRange[] ascending, UInt128 address)
    {
        var (low, high) = (0, ascending.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = ascending[middle].Last < address ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
