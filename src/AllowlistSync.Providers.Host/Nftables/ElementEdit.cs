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
        var delete = surplus.IsEmpty
            ? []
            : now.Elements.Plain.Where(element => surplus.Overlaps(PrefixSet.OfRanges([element]))).ToImmutableArray();
        var stays = now.Plain.Except(PrefixSet.OfRanges(delete)).Union(now.Tagged);
        return new ElementEdit(delete, wanted.Except(stays));
    }
}
