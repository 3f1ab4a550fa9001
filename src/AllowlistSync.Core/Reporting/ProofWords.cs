using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Verifying;

namespace AllowlistSync.Core.Reporting;

/// <summary>The words for people that stand for the values of a proof; the same in every renderer.</summary>
internal static class ProofWords
{
    /// <summary>What stands in a cell of the matrix.</summary>
    public static string Of(ProofCell cell) =>
        cell.Is(ReachabilityVerdict.Accepted) ? "accepted"
        : cell.Is(ReachabilityVerdict.Blocked) ? Blocked(cell)
        : cell.Is(ReachabilityVerdict.Unknown) ? "unknown"
        : "partly";

    /// <summary>How a cell is toned.</summary>
    public static Tone ToneOf(ProofCell cell) =>
        cell.Has(ReachabilityVerdict.Blocked) ? Tone.Bad : cell.Has(ReachabilityVerdict.Unknown) ? Tone.Warning : Tone.Good;

    /// <summary>A verdict in one word.</summary>
    public static string Of(ReachabilityVerdict verdict) => verdict switch
    {
        ReachabilityVerdict.Accepted => "accepted",
        ReachabilityVerdict.Blocked => "blocked",
        _ => "unknown",
    };

    /// <summary>What happens to the packets, for a heading.</summary>
    public static string Happening(BlockKind? how) => how switch
    {
        BlockKind.Drop => "dropped without an answer",
        BlockKind.Reject => "refused",
        BlockKind.AnswerDropped => "let in, but the answer is dropped on its way out",
        BlockKind.EstablishedDropped => "let in and answered, but the packets that follow are dropped",
        _ => "blocked",
    };

    /// <summary>What a certainty is called.</summary>
    public static string Of(Certainty certainty) => certainty switch
    {
        Certainty.Fine => "checked",
        Certainty.Warning => "warning",
        _ => "assumed",
    };

    /// <summary>How a certainty is toned.</summary>
    public static Tone ToneOf(Certainty certainty) => certainty switch
    {
        Certainty.Fine => Tone.Good,
        Certainty.Warning => Tone.Warning,
        _ => Tone.Faint,
    };

    /// <summary>What lets a piece in, as a person would say it: the last rule that accepts it, and a policy, which asks nothing, only where no rule does.</summary>
    public static RuleReference? Admitting(ProofPiece piece) =>
        piece.Trace.LastOrDefault(step => step is { Packet: "first packet", Hook: "input" or "forward", Verdict: "accept" } && !IsPolicy(step.Rule))?.Rule ?? piece.Rule;

    /// <summary>Whether it is the policy of a chain and no rule.</summary>
    public static bool IsPolicy(RuleReference rule) => rule.Text.StartsWith("policy ", StringComparison.Ordinal);

    /// <summary>The rules that sent the first packet elsewhere before its end: what stands in the trace and is neither accept nor an end.</summary>
    public static IEnumerable<TraceStep> Translations(ProofPiece piece) =>
        piece.Trace.Where(step => step.Verdict.StartsWith("dnat", StringComparison.Ordinal) || step.Verdict.StartsWith("redirect", StringComparison.Ordinal)).DistinctBy(step => step.Rule);

    /// <summary><c>port 443</c>, <c>ports 80, 443</c>.</summary>
    public static string Of(PortSet ports) => $"{(ports.Ranges is [{ } one] && one.First == one.Last ? "port" : "ports")} {string.Join(", ", ports.Ranges)}";

    private static string Blocked(ProofCell cell)
    {
        var seen = cell.Pieces.Select(piece => piece.VisitorSees).Distinct().ToList();
        return seen.Count == 1 ? $"BLOCKED {seen[0]}" : "BLOCKED";
    }
}
