using System.Net;
using AllowlistSync.Core.Addresses;
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

    /// <summary>The proof leads it to another host or port, and nobody was there to answer.</summary>
    Beyond,
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
        ReachabilityVerdict.Accepted => Probe.Answer == KernelAnswer.Accepted ? Mark.Agree : LeadsNowhere ? Mark.Beyond : Mark.Wrong,
        _ => Probe.Answer != KernelAnswer.Accepted ? Mark.Agree : Mark.Wrong,
    };

    /// <summary>Whether the rule that the proof names is the one of the trace; null when that cannot be compared.</summary>
    internal bool? RuleAgrees { get; init; }

    /// <summary>Whether the way it is blocked is the kernel's; null when that cannot be compared.</summary>
    internal bool? HowAgrees => Mark != Mark.Agree || Piece!.Verdict != ReachabilityVerdict.Blocked ? null : Piece.How == Expected;

    // ":8443" is this host; "192.0.2.1:443" or "[2001:db8::1]:443" may be another.
    private bool LeadsNowhere => Piece?.Reaches is { } reaches
        && IPEndPoint.TryParse(reaches[0] == ':' ? "0.0.0.0" + reaches : reaches, out var end)
        && !Probe.Listeners.Exists(end.Address.Equals(IPAddress.Any) ? null : IpPrefix.Parse(end.Address.ToString()), end.Port);

    private BlockKind Expected => Probe.Answer switch
    {
        KernelAnswer.Refused => BlockKind.Reject,
        KernelAnswer.NoReply => BlockKind.AnswerDropped,
        KernelAnswer.Half => BlockKind.EstablishedDropped,
        _ => BlockKind.Drop,
    };
}
