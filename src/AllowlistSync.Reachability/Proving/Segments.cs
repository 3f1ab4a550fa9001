using AllowlistSync.Core.Verifying;
using AllowlistSync.Reachability.Evaluating;
using AllowlistSync.Reachability.Paths;

namespace AllowlistSync.Reachability.Proving;

/// <summary>Neighbouring sources with one verdict and one story.</summary>
/// <param name="First">The first address.</param>
/// <param name="Last">The last.</param>
/// <param name="Verdict">The verdict.</param>
internal readonly record struct Segment(UInt128 First, UInt128 Last, ReachabilityVerdict Verdict)
{
    /// <summary>How it is or may be blocked.</summary>
    public BlockKind? How { get; init; }

    /// <summary>The way on which it is accepted, if there is one.</summary>
    public Track? Accepted { get; init; }

    /// <summary>What it reaches when it is accepted.</summary>
    public Binding? Binding { get; init; }

    /// <summary>The way on which it is blocked, if there is one.</summary>
    public Track? Blocked { get; init; }

    /// <summary>The way that ended where nothing can be said, if there is one.</summary>
    public Track? Unclear { get; init; }

    public bool SameStory(in Segment other) =>
        Verdict == other.Verdict && How == other.How && Accepted == other.Accepted && Blocked == other.Blocked && Unclear == other.Unclear && Equals(Binding, other.Binding);
}

/// <summary>
/// Lays all that may become of a source side by side: only accepted is accepted, only blocked is blocked, both is unknown. So a rule that is
/// not understood and changes nothing in the end does not spoil a verdict.
/// </summary>
internal static class Segments
{
    /// <summary>The segments, ascending, neighbours of one story merged.</summary>
    public static IEnumerable<Segment> Of(HandshakeResult result)
    {
        var accepted = new Sweep<(Piece Piece, PacketState State)>(result.Accepted, static item => item.Piece);
        var blocked = new Sweep<BlockedPiece>(result.Blocked, static item => item.Piece);
        var unclear = new Sweep<Piece>(result.Unclear, static item => item);
        Segment? before = null;
        UInt128? from = null;
        do
        {
            var first = from ?? UInt128.Zero;
            accepted.MoveTo(first);
            blocked.MoveTo(first);
            unclear.MoveTo(first);
            from = Earliest(Earliest(accepted.NextCut, blocked.NextCut), unclear.NextCut);
            var segment = Judge(first, from is { } next ? next - 1 : UInt128.MaxValue, accepted.Over, blocked.Over, unclear.Over);
            if (before is { } left && segment is { } right && left.Last + 1 == right.First && left.SameStory(right))
            {
                before = left with { Last = right.Last };
                continue;
            }

            if (before is { } complete)
            {
                yield return complete;
            }

            before = segment;
        }
        while (from is not null);
        if (before is { } last)
        {
            yield return last;
        }
    }

    private static UInt128? Earliest(UInt128? one, UInt128? other) => one is null || other < one ? other : one;

    private static Segment? Judge(UInt128 first, UInt128 last, List<(Piece Piece, PacketState State)> accepted, List<BlockedPiece> blocked, List<Piece> unclear)
    {
        if (accepted.Count + blocked.Count + unclear.Count == 0)
        {
            return null;
        }

        var verdict = unclear.Count > 0 || (accepted.Count > 0 && blocked.Count > 0) ? ReachabilityVerdict.Unknown
            : accepted.Count > 0 ? ReachabilityVerdict.Accepted : ReachabilityVerdict.Blocked;

        // The rule that blocks for certain is to blame before one that only may.
        BlockedPiece? blame = blocked.Count == 0 ? null : blocked.Count == 1 ? blocked[0] : blocked.MinBy(static piece => Uncertainty(piece.Piece.Track));
        return new Segment(first, last, verdict)
        {
            How = blame?.How,
            Blocked = blame?.Piece.Track,
            Accepted = accepted.Count == 0 ? null : accepted[0].Piece.Track,
            Binding = accepted.Count == 0 ? null : accepted[0].State.Binding,
            Unclear = unclear.Count == 0 ? null : unclear[0].Track,
        };
    }

    // A rule that itself only may match is the last to blame, since another one blocks what it lets go.
    private static int Uncertainty(Track way) => !way.IsDoubtful ? 0 : way.Previous?.Last is { IsDoubt: true } doubt && ReferenceEquals(doubt.Rule, way.Last!.Rule) ? 2 : 1;

    // Gives the items over an address, which moves on from cut to cut.
    private sealed class Sweep<T>
    {
        private readonly Func<T, Piece> _piece;
        private readonly T[] _items;
        private int _next;

        public Sweep(IReadOnlyCollection<T> items, Func<T, Piece> piece)
        {
            _piece = piece;
            _items = [.. items];
            Array.Sort(Array.ConvertAll(_items, item => piece(item).First), _items);
        }

        public List<T> Over { get; } = [];

        // Where an item begins or has ended; null behind the last.
        public UInt128? NextCut { get; private set; }

        public void MoveTo(UInt128 address)
        {
            for (var i = Over.Count - 1; i >= 0; i--)
            {
                if (_piece(Over[i]).Last < address)
                {
                    Over.RemoveAt(i);
                }
            }

            for (; _next < _items.Length && _piece(_items[_next]).First <= address; _next++)
            {
                Over.Add(_items[_next]);
            }

            NextCut = _next < _items.Length ? _piece(_items[_next]).First : null;
            foreach (var item in Over)
            {
                var last = _piece(item).Last;
                NextCut = last == UInt128.MaxValue ? NextCut : Earliest(NextCut, last + 1);
            }
        }
    }
}
