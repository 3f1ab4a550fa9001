namespace AllowlistSync.Core.Addresses;

/// <summary>
/// Set algebra on canonical runs of intervals: ascending, disjoint, and never adjacent. Every operation is one
/// linear pass, and gives a canonical result.
/// </summary>
internal static class IntervalAlgebra<T, TMath>
    where T : unmanaged
    where TMath : struct, IAddressMath<T>
{
    /// <summary>Merges what overlaps or touches, in place; the input ascends by first address.</summary>
    /// <returns>How many intervals are left, at the start of the span.</returns>
    internal static int Merge(Span<Interval<T>> sorted)
    {
        if (sorted.IsEmpty)
        {
            return 0;
        }

        int kept = 0;
        var first = sorted[0].First;
        var last = sorted[0].Last;
        for (int i = 1; i < sorted.Length; i++)
        {
            var next = sorted[i];
            if (TMath.Less(last, next.First) && !TMath.Same(TMath.Next(last), next.First))
            {
                sorted[kept++] = new(first, last);
                first = next.First;
                last = next.Last;
            }
            else if (TMath.Less(last, next.Last))
            {
                last = next.Last;
            }
        }

        sorted[kept++] = new(first, last);
        return kept;
    }

    internal static Interval<T>[] Union(Interval<T>[] left, Interval<T>[] right)
    {
        if (left.Length == 0 || right.Length == 0)
        {
            return left.Length == 0 ? right : left;
        }

        var all = new Interval<T>[left.Length + right.Length];
        int l = 0;
        int r = 0;
        for (int i = 0; i < all.Length; i++)
        {
            bool takeLeft = r == right.Length || (l < left.Length && TMath.Less(left[l].First, right[r].First));
            all[i] = takeLeft ? left[l++] : right[r++];
        }

        return Trim(all, Merge(new(all)));
    }

    internal static Interval<T>[] Intersect(Interval<T>[] left, Interval<T>[] right)
    {
        var common = new Interval<T>[left.Length + right.Length];
        int count = 0;
        int l = 0;
        int r = 0;
        while (l < left.Length && r < right.Length)
        {
            var first = TMath.Less(left[l].First, right[r].First) ? right[r].First : left[l].First;
            bool leftEndsFirst = TMath.Less(left[l].Last, right[r].Last);
            var last = leftEndsFirst ? left[l].Last : right[r].Last;
            if (!TMath.Less(last, first))
            {
                common[count++] = new(first, last);
            }

            _ = leftEndsFirst ? l++ : r++;
        }

        return Trim(common, count);
    }

    internal static Interval<T>[] Except(Interval<T>[] left, Interval<T>[] right)
    {
        if (left.Length == 0 || right.Length == 0)
        {
            return left;
        }

        var rest = new Interval<T>[left.Length + right.Length];
        int count = 0;
        int r = 0;
        foreach (var whole in left)
        {
            while (r < right.Length && TMath.Less(right[r].Last, whole.First))
            {
                r++;
            }

            count = Cut(whole, right, ref r, rest, count);
        }

        return Trim(rest, count);
    }

    /// <summary>Writes what is left of one interval; leaves <paramref name="r"/> at the first cut that may reach the next one.</summary>
    private static int Cut(Interval<T> whole, Interval<T>[] cuts, ref int r, Interval<T>[] rest, int count)
    {
        var from = whole.First;
        while (r < cuts.Length && !TMath.Less(whole.Last, cuts[r].First))
        {
            if (TMath.Less(from, cuts[r].First))
            {
                rest[count++] = new(from, TMath.Previous(cuts[r].First));
            }

            if (!TMath.Less(cuts[r].Last, whole.Last))
            {
                return count;
            }

            from = TMath.Next(cuts[r].Last);
            r++;
        }

        rest[count++] = new(from, whole.Last);
        return count;
    }

    internal static bool Covers(ReadOnlySpan<Interval<T>> outer, ReadOnlySpan<Interval<T>> inner)
    {
        int o = 0;
        foreach (var wanted in inner)
        {
            while (o < outer.Length && TMath.Less(outer[o].Last, wanted.First))
            {
                o++;
            }

            if (o == outer.Length || TMath.Less(wanted.First, outer[o].First) || TMath.Less(outer[o].Last, wanted.Last))
            {
                return false;
            }
        }

        return true;
    }

    internal static bool Overlaps(ReadOnlySpan<Interval<T>> left, ReadOnlySpan<Interval<T>> right)
    {
        int l = 0;
        int r = 0;
        while (l < left.Length && r < right.Length)
        {
            if (TMath.Less(left[l].Last, right[r].First))
            {
                l++;
            }
            else if (TMath.Less(right[r].Last, left[l].First))
            {
                r++;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The intervals from the first one that ends at or after <paramref name="address"/>; a binary search.</summary>
    internal static ReadOnlySpan<Interval<T>> From(ReadOnlySpan<Interval<T>> all, T address)
    {
        int low = 0;
        int high = all.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (TMath.Less(all[middle].Last, address))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return all[low..];
    }

    internal static Interval<T>[] Trim(Interval<T>[] items, int count)
    {
        if (count == items.Length)
        {
            return items;
        }

        var exact = new Interval<T>[count];
        Array.Copy(items, exact, count);
        return exact;
    }
}
