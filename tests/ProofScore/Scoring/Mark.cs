using AllowlistSync.Core.Verifying;
using AllowlistSync.ProofScore.Cases;

namespace AllowlistSync.ProofScore.Scoring;

/// <summary>How a verdict stands to what the kernel did.</summary>
internal enum Mark
{
    /// <summary>The same.</summary>
    Agree,

    /// <summary>The opposite.</summary>
    Wrong,

    /// <summary>The proof does not decide.</summary>
    Undecided,

    /// <summary>The proof has no piece for it.</summary>
    Missing,
}

/// <summary>One connection and its piece of the proof.</summary>
/// <param name="Probe">The connection.</param>
/// <param name="Piece">The piece that it is in; null when there is none.</param>
internal sealed record Marked(Probe Probe, ProofPiece? Piece)
{
    internal Mark Mark => Piece?.Verdict switch
    {
        null => Mark.Missing,
        ReachabilityVerdict.Unknown => Mark.Undecided,
        // What the kernel answered in two ways has no answer.
        _ when Probe.IsFlaky => Mark.Wrong,
        ReachabilityVerdict.Accepted => Probe.Answer == KernelAnswer.Accepted ? Mark.Agree : Mark.Wrong,
        _ => Probe.Answer != KernelAnswer.Accepted ? Mark.Agree : Mark.Wrong,
    };

    /// <summary>Whether the way it is blocked is the kernel's; null when that cannot be compared.</summary>
    internal bool? HowAgrees => Mark != Mark.Agree || Piece!.Verdict != ReachabilityVerdict.Blocked ? null : Piece.How == Expected;

    private BlockKind Expected => Probe.Answer switch
    {
        KernelAnswer.Refused => BlockKind.Reject,
        KernelAnswer.NoReply => BlockKind.AnswerDropped,
        KernelAnswer.Half => BlockKind.EstablishedDropped,
        _ => BlockKind.Drop,
    };
}
