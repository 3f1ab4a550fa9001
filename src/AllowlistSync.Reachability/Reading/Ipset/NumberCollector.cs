using System.Runtime.InteropServices;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Ipset;

/// <summary>Collects prefixes, some of which are exceptions (<c>nomatch</c>), and makes one set of numbers of them: the narrowest prefix around a number decides (ipset(8), "hash:net").</summary>
internal sealed class NumberCollector
{
    private readonly List<(NumberRange Range, bool IsExcluded)> _ranges = [];
    private bool _hasExceptions;

    /// <summary>Adds a prefix or range.</summary>
    internal void Add(NumberRange range, bool isExcluded)
    {
        _ranges.Add((range, isExcluded));
        _hasExceptions |= isExcluded;
    }

    /// <summary>Forgets all.</summary>
    internal void Clear()
    {
        _ranges.Clear();
        _hasExceptions = false;
    }

    /// <summary>The set.</summary>
    internal NumberSet Build()
    {
        if (!_hasExceptions)
        {
            return NumberSet.OfRanges(_ranges.Select(one => one.Range));
        }

        _ranges.Sort(static (left, right) => left.Range.First != right.Range.First
            ? left.Range.First.CompareTo(right.Range.First)
            : right.Range.Last.CompareTo(left.Range.Last));
        return NumberSet.OfRanges(Flatten(_ranges));
    }

    /// <summary>Walks the nested prefixes from left to right; between two borders the innermost open one decides.</summary>
    private static List<NumberRange> Flatten(List<(NumberRange Range, bool IsExcluded)> sorted)
    {
        var pieces = new List<NumberRange>();
        var open = new Stack<(NumberRange Range, bool IsExcluded)>();
        var next = UInt128.Zero;
        foreach (var one in CollectionsMarshal.AsSpan(sorted))
        {
            CloseBefore(one.Range.First, open, pieces, ref next);
            if (open.TryPeek(out var around) && !around.IsExcluded && next < one.Range.First)
            {
                pieces.Add(new(next, one.Range.First - 1));
            }

            next = one.Range.First;
            open.Push(one);
        }

        while (open.TryPop(out var last))
        {
            Close(last, pieces, ref next);
        }

        return pieces;
    }

    private static void CloseBefore(UInt128 first, Stack<(NumberRange Range, bool IsExcluded)> open, List<NumberRange> pieces, ref UInt128 next)
    {
        while (open.TryPeek(out var one) && one.Range.Last < first)
        {
            Close(open.Pop(), pieces, ref next);
        }
    }

    private static void Close((NumberRange Range, bool IsExcluded) one, List<NumberRange> pieces, ref UInt128 next)
    {
        if (next > one.Range.Last || (next == 0 && one.Range.Last == UInt128.MaxValue && one.Range.First != 0))
        {
            return;
        }

        if (!one.IsExcluded)
        {
            pieces.Add(new(next, one.Range.Last));
        }

        next = one.Range.Last + 1;
    }
}
