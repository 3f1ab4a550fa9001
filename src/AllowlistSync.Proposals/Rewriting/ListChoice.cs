using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Proposals.Rewriting;

/// <summary>Which entries of a list stay, go and come. Pure.</summary>
/// <param name="Before">The addresses of the entries.</param>
/// <param name="Stays">For each entry, whether it stays.</param>
/// <param name="Added">What comes: at which entry it is put in front of (the number of entries for the end), in order.</param>
internal sealed record ListChoice(PrefixSet Before, ImmutableArray<bool> Stays, ImmutableArray<(int At, IpPrefix Prefix)> Added)
{
    /// <summary>True when the list holds the wanted addresses already.</summary>
    public bool IsNothing => Added.IsEmpty && !Stays.Contains(false);

    /// <summary>Chooses so that as many entries as possible stay as they are written.</summary>
    /// <param name="entries">The entries; null for one that is not ours to judge, which stays.</param>
    /// <param name="wanted">What the list is to hold.</param>
    public static ListChoice Of(ImmutableArray<IpPrefix?> entries, PrefixSet wanted)
    {
        var before = PrefixSet.Of(entries.OfType<IpPrefix>());
        if (before.Equals(wanted))
        {
            return new(before, [.. entries.Select(_ => true)], []);
        }

        ImmutableArray<bool> stays = [.. entries.Select(entry => entry is not { } prefix || wanted.Covers(prefix))];
        var kept = PrefixSet.Of(entries.Where((_, i) => stays[i]).OfType<IpPrefix>());
        var isSorted = entries.OfType<IpPrefix>().SequenceEqual(entries.OfType<IpPrefix>().Order());
        var added = wanted.Except(kept).Prefixes();
        return new(before, stays, [.. isSorted ? InOrder(entries, added) : added.Select(prefix => (entries.Length, prefix))]);
    }

    // Both are sorted, so one walk finds all places.
    private static IEnumerable<(int At, IpPrefix Prefix)> InOrder(ImmutableArray<IpPrefix?> entries, IEnumerable<IpPrefix> added)
    {
        var (at, next) = (0, 0);
        foreach (var prefix in added)
        {
            for (; next < entries.Length && (entries[next] is not { } entry || entry.CompareTo(prefix) < 0); next++)
            {
                at = entries[next] is null ? at : next + 1;
            }

            yield return (at, prefix);
        }
    }
}
