namespace AllowlistSync.Core.Addresses;

/// <summary>
/// Sorts intervals by their first address: not at all when they ascend already, by insertion when they are few,
/// else by radix (one byte at a time, lowest first), which is linear and skips bytes that are the same everywhere.
/// </summary>
internal static class IntervalSort<T, TMath>
    where T : unmanaged
    where TMath : struct, IAddressMath<T>
{
    private const int Few = 48;
    private const int Buckets = 256;

    /// <returns>The sorted items at the start of an array: the given one, or the scratch array of the same size.</returns>
    internal static Interval<T>[] Sort(Interval<T>[] items, int count)
    {
        if (Ascends(new(items, 0, count)))
        {
            return items;
        }

        if (count <= Few)
        {
            Insert(new(items, 0, count));
            return items;
        }

        return Radix(items, count);
    }

    private static bool Ascends(ReadOnlySpan<Interval<T>> items)
    {
        for (int i = 1; i < items.Length; i++)
        {
            if (TMath.Less(items[i].First, items[i - 1].First))
            {
                return false;
            }
        }

        return true;
    }

    private static void Insert(Span<Interval<T>> items)
    {
        for (int i = 1; i < items.Length; i++)
        {
            var item = items[i];
            int hole = i;
            for (; hole > 0 && TMath.Less(item.First, items[hole - 1].First); hole--)
            {
                items[hole] = items[hole - 1];
            }

            items[hole] = item;
        }
    }

    private static Interval<T>[] Radix(Interval<T>[] items, int count)
    {
        int digits = TMath.Family.Bits() / 8;
        var counts = Count(new(items, 0, count), digits);
        var from = items;
        var to = new Interval<T>[count];
        for (int digit = 0; digit < digits; digit++)
        {
            var starts = counts.AsSpan(digit * Buckets, Buckets);
            if (starts[TMath.Digit(from[0].First, digit)] == count)
            {
                continue;
            }

            Accumulate(starts);
            Scatter(new(from, 0, count), new(to), starts, digit);
            (from, to) = (to, from);
        }

        return from;
    }

    private static int[] Count(ReadOnlySpan<Interval<T>> items, int digits)
    {
        var counts = new int[digits * Buckets];
        foreach (var item in items)
        {
            for (int digit = 0; digit < digits; digit++)
            {
                counts[(digit * Buckets) + TMath.Digit(item.First, digit)]++;
            }
        }

        return counts;
    }

    private static void Accumulate(Span<int> starts)
    {
        int sum = 0;
        for (int i = 0; i < starts.Length; i++)
        {
            int here = starts[i];
            starts[i] = sum;
            sum += here;
        }
    }

    private static void Scatter(ReadOnlySpan<Interval<T>> from, Span<Interval<T>> to, Span<int> starts, int digit)
    {
        foreach (var item in from)
        {
            to[starts[TMath.Digit(item.First, digit)]++] = item;
        }
    }
}
