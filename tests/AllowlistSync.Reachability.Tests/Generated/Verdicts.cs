using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Verifying;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Proving;

namespace AllowlistSync.Reachability.Tests.Generated;

/// <summary>A proof, looked up by source and port.</summary>
internal static class Verdicts
{
    /// <summary>The piece of one connection; it is an error when there is none, or more than one.</summary>
    internal static ProofPiece Of(Proof proof, IpPrefix source, ushort port) => proof.Pieces.Single(piece =>
        piece.From.Family == source.Family && piece.From.First <= source.First && source.First <= piece.From.Last && piece.Port.First <= port && port <= piece.Port.Last);

    /// <summary>The verdicts of every asked connection in one line, a letter each: A accepted, D dropped, R rejected, N answer dropped, E established dropped, u unknown.</summary>
    internal static string Line(RuleSet ruleSet)
    {
        var proof = Prover.Prove(ruleSet, World.Question, CancellationToken.None);
        return string.Concat(World.Connections().Select(one => Letter(Of(proof, one.Source, one.Port))));
    }

    private static char Letter(ProofPiece piece) => (piece.Verdict, piece.How) switch
    {
        (ReachabilityVerdict.Accepted, _) => 'A',
        (ReachabilityVerdict.Unknown, _) => 'u',
        (_, BlockKind.Reject) => 'R',
        (_, BlockKind.AnswerDropped) => 'N',
        (_, BlockKind.EstablishedDropped) => 'E',
        _ => 'D',
    };
}
