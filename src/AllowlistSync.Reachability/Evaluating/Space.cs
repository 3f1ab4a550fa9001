using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Evaluating;

/// <summary>
/// A set of addresses, each with the way that it took: sorted, disjoint. It is cut and joined in place; a cut costs the logarithm of the
/// pieces and what it really cuts. Not for several threads.
/// </summary>
internal sealed class Space
{
    private List<PieceChunk> _chunks = [];

    /// <summary>The number of pieces.</summary>
    public int Count { get; private set; }

    public bool IsEmpty => _chunks.Count == 0;

    /// <summary>The pieces, ascending.</summary>
    public IEnumerable<Piece> Pieces
    {
        get
        {
            foreach (var chunk in _chunks)
            {
                for (var i = 0; i < chunk.Count; i++)
                {
                    yield return chunk.Items[i];
                }
            }
        }
    }

    public static Space Of(NumberSet addresses, Track track)
    {
        var space = new Space();
        foreach (var range in addresses.Ranges)
        {
            space.Append(new(range.First, range.Last, track));
        }

        return space;
    }

    /// <summary>Adds a piece behind all others; neighbours that came the same way become one.</summary>
    public void Append(in Piece piece)
    {
        if (_chunks.Count == 0 || _chunks[^1].IsFull)
        {
            _chunks.Add(new());
        }
        else if (_chunks[^1] is var last && Joins(last.Items[^1], piece))
        {
            last.Replace(last.Count - 1, last.Items[^1] with { Last = piece.Last });
            return;
        }

        _chunks[^1].Append(piece);
        Count++;
    }

    /// <summary>Takes everything out.</summary>
    public Space TakeAll()
    {
        var all = new Space { _chunks = _chunks, Count = Count };
        _chunks = [];
        Count = 0;
        return all;
    }

    /// <summary>Takes out what is in the set, or with <paramref name="inverted"/> what is not.</summary>
    public Space Take(NumberSet set, bool inverted)
    {
        var taken = new Space();
        if (IsEmpty || (set.IsEmpty && !inverted))
        {
            return taken;
        }

        if (!inverted && set.Ranges.Length * 8 <= Count + 8)
        {
            foreach (var range in set.Ranges)
            {
                Take(range, taken);
            }

            return taken;
        }

        return Divide(set, inverted, taken);
    }

    /// <summary>Adds all of another space; where both have an address, the way of this one stays. The other one is empty afterwards.</summary>
    public void Join(Space other)
    {
        if (other.IsEmpty)
        {
            return;
        }

        if (IsEmpty)
        {
            (_chunks, other._chunks) = (other._chunks, []);
            (Count, other.Count) = (other.Count, 0);
            return;
        }

        if (other.Count * 16 <= Count)
        {
            foreach (var piece in other.TakeAll().Pieces)
            {
                Insert(piece);
            }

            return;
        }

        Merge(TakeAll(), other.TakeAll());
    }

    /// <summary>The same addresses with the same ways, to be changed apart.</summary>
    public Space Copy() => Map(static track => track);

    /// <summary>The same addresses, each way led on.</summary>
    public Space Map(Func<Track, Track> lead)
    {
        var copy = new Space();
        Track? before = null;
        Track? after = null;
        foreach (var piece in Pieces)
        {
            if (!ReferenceEquals(before, piece.Track))
            {
                (before, after) = (piece.Track, lead(piece.Track));
            }

            copy.Append(piece with { Track = after! });
        }

        return copy;
    }

    /// <summary>Leads each way on, in place: ways that differ go on to differ, so no pieces become one.</summary>
    public Space LeadOn(Event next)
    {
        foreach (var chunk in _chunks)
        {
            chunk.LeadOn(next);
        }

        return this;
    }

    private static bool Joins(in Piece piece, in Piece next) =>
        ReferenceEquals(piece.Track, next.Track) && piece.Last != UInt128.MaxValue && piece.Last + 1 == next.First;

    private void Take(NumberRange range, Space into)
    {
        var at = ChunkFrom(range.First);
        while (at < _chunks.Count && _chunks[at].First <= range.Last)
        {
            var chunk = _chunks[at];
            Count -= chunk.Count;
            chunk.Take(range, into);
            Count += chunk.Count;
            if (chunk.Count == 0)
            {
                _chunks.RemoveAt(at);
                continue;
            }

            SplitIfFull(at++);
        }
    }

    // One pass over all pieces: for a set of many ranges, or for all but a set.
    private Space Divide(NumberSet set, bool inverted, Space taken)
    {
        var (inside, outside) = inverted ? (this, taken) : (taken, this);
        foreach (var piece in TakeAll().Pieces)
        {
            Divide(piece, set, inside, outside);
        }

        return taken;
    }

    private static void Divide(Piece rest, NumberSet set, Space inside, Space outside)
    {
        for (var at = set.IndexFrom(rest.First); at < set.Ranges.Length && set.Ranges[at].First <= rest.Last; at++)
        {
            var range = set.Ranges[at];
            if (range.First > rest.First)
            {
                outside.Append(rest with { Last = range.First - 1 });
                rest = rest with { First = range.First };
            }

            if (range.Last >= rest.Last)
            {
                inside.Append(rest);
                return;
            }

            inside.Append(rest with { Last = range.Last });
            rest = rest with { First = range.Last + 1 };
        }

        outside.Append(rest);
    }

    private void Merge(Space mine, Space others)
    {
        using var left = mine.Pieces.GetEnumerator();
        using var right = others.Pieces.GetEnumerator();
        Piece? one = left.MoveNext() ? left.Current : null;
        Piece? other = right.MoveNext() ? right.Current : null;
        while (one is not null || other is not null)
        {
            if (other is null || (one is not null && one.Value.First <= other.Value.First))
            {
                var piece = one!.Value;
                Append(piece);
                while (other is not null && other.Value.First <= piece.Last)
                {
                    other = other.Value.Last > piece.Last ? other.Value with { First = piece.Last + 1 } : right.MoveNext() ? right.Current : null;
                }

                one = left.MoveNext() ? left.Current : null;
            }
            else if (one is { } blocking && blocking.First <= other.Value.Last)
            {
                Append(other.Value with { Last = blocking.First - 1 });
                other = other.Value with { First = blocking.First };
            }
            else
            {
                Append(other.Value);
                other = right.MoveNext() ? right.Current : null;
            }
        }
    }

    private void Insert(Piece piece)
    {
        while (true)
        {
            var at = ChunkFrom(piece.First);
            if (at == _chunks.Count)
            {
                Append(piece);
                return;
            }

            var chunk = _chunks[at];
            var index = chunk.IndexFrom(piece.First);
            var existing = chunk.Items[index];
            if (existing.First > piece.First)
            {
                Insert(at, index, piece with { Last = existing.First > piece.Last ? piece.Last : existing.First - 1 });
            }

            if (existing.Last >= piece.Last || existing.First > piece.Last)
            {
                return;
            }

            piece = piece with { First = existing.Last + 1 };
        }
    }

    private void Insert(int at, int index, in Piece piece)
    {
        var chunk = _chunks[at];
        if (index > 0 && Joins(chunk.Items[index - 1], piece))
        {
            chunk.Replace(index - 1, chunk.Items[index - 1] with { Last = piece.Last });
        }
        else if (Joins(piece, chunk.Items[index]))
        {
            chunk.Replace(index, chunk.Items[index] with { First = piece.First });
        }
        else
        {
            chunk.Insert(index, piece);
            Count++;
            SplitIfFull(at);
        }
    }

    private void SplitIfFull(int at)
    {
        if (_chunks[at].IsFull)
        {
            _chunks.Insert(at + 1, _chunks[at].SplitOff());
        }
    }

    private int ChunkFrom(UInt128 address)
    {
        var (low, high) = (0, _chunks.Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_chunks[middle].Last < address)
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
}
