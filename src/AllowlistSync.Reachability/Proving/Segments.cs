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
    public static List<Segment> Of(HandshakeResult result)
    {
        var accepted = new Sweep<(Piece Piece, PacketState State)>(result.Accepted, static item => item.Piece);
        var blocked = new Sweep<BlockedPiece>(result.Blocked, static item => item.Piece);
        var unclear = new Sweep<Piece>(result.Unclear, static item => item);
        var segments = new List<Segment>();
        var cuts = accepted.Cuts.Concat(blocked.Cuts).Concat(unclear.Cuts).Distinct().Order().ToArray();
        for (var i = 0; i < cuts.Length; i++)
        {
            var last = i + 1 < cuts.Length ? cuts[i + 1] - 1 : UInt128.MaxValue;
            if (Judge(cuts[i], last, accepted.At(cuts[i]), blocked.At(cuts[i]), unclear.At(cuts[i])) is not { } segment)
            {
                continue;
            }

            if (segments.Count > 0 && segments[^1] is var before && before.Last + 1 == segment.First && before.SameStory(segment))
            {
                segments[^1] = before with { Last = segment.Last };
            }
            else
            {
                segments.Add(segment);
            }
        }

        return segments;
    }

    private static Segment? Judge(UInt128 first, UInt128 last, List<(Piece Piece, PacketState State)> accepted, List<BlockedPiece> blocked, List<Piece> unclear)
    {
        if (accepted.Count + blocked.Count + unclear.Count == 0)
        {
            return null;
        }

        var verdict = unclear.Count > 0 || (accepted.Count > 0 && blocked.Count > 0) ? ReachabilityVerdict.Unknown
            : accepted.Count > 0 ? ReachabilityVerdict.Accepted : ReachabilityVerdict.Blocked;

        // The rule that blocks for certain is to blame before one that only may.
        BlockedPiece? blame = blocked.Count == 0 ? null : blocked.MinBy(static piece => Uncertainty(piece.Piece.Track));
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

    // Gives the items over each address, asked in ascending order.
    private sealed class Sweep<T>
    {
        private readonly Func<T, Piece> _piece;
        private readonly T[] _items;
        private readonly List<T> _over = [];
        private int _next;

        public Sweep(IReadOnlyCollection<T> items, Func<T, Piece> piece)
        {
            _piece = piece;
            _items = [.. items];
            Array.Sort(_items, (left, right) => piece(left).First.CompareTo(piece(right).First));
        }

        public IEnumerable<UInt128> Cuts => _items.SelectMany(item => _piece(item).Last == UInt128.MaxValue
            ? new[] { _piece(item).First }
            : [_piece(item).First, _piece(item).Last + 1]);

        public List<T> At(UInt128 address)
        {
            _over.RemoveAll(item => _piece(item).Last < address);
            for (; _next < _items.Length && _piece(_items[_next]).First <= address; _next++)
            {
                if (_piece(_items[_next]).Last >= address)
                {
                    _over.Add(_items[_next]);
                }
            }

            return _over;
        }
    }
}
