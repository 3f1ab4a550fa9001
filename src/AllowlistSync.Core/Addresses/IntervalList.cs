namespace AllowlistSync.Core.Addresses;

/// <summary>Collects intervals in any order, then makes them canonical. Grows by doubling; starts without memory.</summary>
internal struct IntervalList<T, TMath>
    where T : unmanaged
    where TMath : struct, IAddressMath<T>
{
    private Interval<T>[]? _items;
    private int _count;

    internal void Add(T first, T last)
    {
        var items = _items;
        int count = _count;
        if (items is null || count == items.Length)
        {
            items = Grow();
        }

        items[count] = new(first, last);
        _count = count + 1;
    }

    private Interval<T>[] Grow()
    {
        var larger = new Interval<T>[_items is null ? 16 : _items.Length * 2];
        if (_items is not null)
        {
            Array.Copy(_items, larger, _count);
        }

        _items = larger;
        return larger;
    }

    /// <summary>The canonical set of all that was added. The list must not be used again.</summary>
    internal readonly Interval<T>[] ToCanonical()
    {
        if (_items is null)
        {
            return [];
        }

        var sorted = IntervalSort<T, TMath>.Sort(_items, _count);
        return IntervalAlgebra<T, TMath>.Trim(sorted, IntervalAlgebra<T, TMath>.Merge(new(sorted, 0, _count)));
    }
}
