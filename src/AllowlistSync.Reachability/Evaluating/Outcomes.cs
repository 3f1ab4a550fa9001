using AllowlistSync.Core.Verifying;

namespace AllowlistSync.Reachability.Evaluating;

/// <summary>Where the walks of one conversation write what has met its end. The budget bounds what a strange rule set can cost.</summary>
internal sealed class Outcomes(long budget, CancellationToken cancellationToken)
{
    // How many rules are looked at between two looks at the token.
    private const int LooksBetween = 65536;

    private long _looks;

    /// <summary>What is blocked for certain, or may be.</summary>
    public List<BlockedPiece> Blocked { get; } = [];

    /// <summary>What a refusal was sent for: the refusal itself may be dropped on its way out.</summary>
    public List<(Piece Piece, PacketState State, bool IsReset)> Rejected { get; } = [];

    /// <summary>What nobody can say anything about: may be accepted as well as blocked.</summary>
    public List<Piece> Unclear { get; } = [];

    /// <summary>Whether anything ended or may have ended.</summary>
    public bool HasAny => Blocked.Count + Rejected.Count + Unclear.Count > 0;

    public void Block(Space space, Event why, BlockKind how)
    {
        foreach (var piece in space.Pieces)
        {
            Blocked.Add(new(piece with { Track = piece.Track.Then(why) }, how));
        }
    }

    public void GiveUp(Space space, Event why)
    {
        foreach (var piece in space.Pieces)
        {
            Unclear.Add(piece with { Track = piece.Track.Then(why) });
        }
    }

    /// <summary>Counts a look at a rule; true when it was one too many.</summary>
    public bool IsSpent()
    {
        if (++_looks % LooksBetween == 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return _looks > budget;
    }
}
