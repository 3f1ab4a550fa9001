using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Evaluating;

/// <summary>A sorted run of disjoint pieces; a <see cref="Space"/> is a list of them, so that a cut moves a few hundred pieces and never a million.</summary>
internal sealed class PieceChunk
{
    /// <summary>At most so many; a greater one is split.</summary>
    public const int Max = 256;

    private Piece[] _items = new Piece[2];

    public int Count { get; private set; }

    public bool IsFull => Count >= Max;

    public ReadOnlySpan<Piece> Items => _items.AsSpan(0, Count);

    public UInt128 First => _items[0].First;

    public UInt128 Last => _items[Count - 1].Last;

    public void Append(in Piece piece) => Insert(Count, piece);

    public void Insert(int at, in Piece piece)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Count * 2);
        }

        Array.Copy(_items, at, _items, at + 1, Count - at);
        _items[at] = piece;
        Count++;
    }

    public void Replace(int at, in Piece piece) => _items[at] = piece;

    public void LeadOn(Event next)
    {
        foreach (ref var piece in _items.AsSpan(0, Count))
        {
            piece = piece with { Track = piece.Track.Then(next) };
        }
    }

    public void Remove(int at, int count)
    {
        Array.Copy(_items, at + count, _items, at, Count - at - count);
        Count -= count;
        Array.Clear(_items, Count, count);
    }

    /// <summary>The upper half, taken off.</summary>
    public PieceChunk SplitOff()
    {
        var upper = new PieceChunk { _items = new Piece[Max] };
        var middle = Count / 2;
        Array.Copy(_items, middle, upper._items, 0, Count - middle);
        upper.Count = Count - middle;
        Remove(middle, Count - middle);
        return upper;
    }

    /// <summary>The index of the first piece that ends at or after the address; the count when there is none.</summary>
    public int IndexFrom(UInt128 address)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_items[middle].Last < address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>Moves the part inside of the range to the end of another space.</summary>
    public void Take(NumberRange range, Space into)
    {
        var start = IndexFrom(range.First);
        var end = start;
        Piece? left = null;
        Piece? right = null;
        for (; end < Count && _items[end].First <= range.Last; end++)
        {
            var piece = _items[end];
            into.Append(new(UInt128.Max(piece.First, range.First), UInt128.Min(piece.Last, range.Last), piece.Track));
            left = piece.First < range.First ? piece with { Last = range.First - 1 } : left;
            right = piece.Last > range.Last ? piece with { First = range.Last + 1 } : right;
        }

        Replace(start, end - start, left, right);
    }

    private void Replace(int start, int count, Piece? left, Piece? right)
    {
        if (left is { } one)
        {
            _items[start++] = one;
            count--;
        }

        if (right is { } other)
        {
            if (count < 1)
            {
                Insert(start, other);
                return;
            }

            _items[start++] = other;
            count--;
        }

        if (count > 0)
        {
            Remove(start, count);
        }
    }
}
