using System.Collections.Immutable;
using AllowlistSync.Core.Verifying;
using AllowlistSync.Reachability.Proving;
using AllowlistSync.Reachability.Tests.Generated;
using Shouldly;

namespace AllowlistSync.Reachability.Tests.Naive;

/// <summary>The proof of all sources at once against a walk of every single one.</summary>
public sealed class SecondOpinionTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(10_000)]
    [InlineData(20_000)]
    [InlineData(30_000)]
    public void A_proof_says_of_every_source_what_a_walk_of_that_source_says(int first)
    {
        for (var seed = first; seed < first + 500; seed++)
        {
            Differences(seed).ShouldBeEmpty($"seed {seed}");
        }
    }

    /// <summary>One line for each connection that the two see differently.</summary>
    internal static ImmutableArray<string> Differences(int seed)
    {
        var ruleSet = RandomRuleSet.Of(seed);
        var walk = new NaivePacketWalk(ruleSet, World.Device, World.Local);
        var proof = Prover.Prove(ruleSet, World.Question, CancellationToken.None);
        return [.. World.Connections().SelectMany(one => Compare(walk.EndsOf(one.Source, one.Port), Verdicts.Of(proof, one.Source, one.Port)).Select(what => $"{one.Source} port {one.Port}: {what}"))];
    }

    private static IEnumerable<string> Compare(HashSet<NaiveEnd> ends, ProofPiece piece)
    {
        var expected = ends.All(end => end.How is null) ? ReachabilityVerdict.Accepted
            : ends.All(end => end.How is not null) ? ReachabilityVerdict.Blocked
            : ReachabilityVerdict.Unknown;
        if (piece.Verdict != expected)
        {
            yield return $"the walk ends {string.Join(" or ", ends)}, the proof says {piece.Verdict} {piece.How} by {piece.Rule}";
        }
        else if (expected == ReachabilityVerdict.Blocked && !ends.Any(end => IsSame(end, piece)))
        {
            yield return $"the walk is blocked by {string.Join(" or ", ends)}, the proof says {piece.How} by {piece.Rule}";
        }
    }

    // A refusal that does not leave the host is a silence: both are right here.
    private static bool IsSame(NaiveEnd end, ProofPiece piece) =>
        (end.How == piece.How || (end.How == BlockKind.Reject && piece.How == BlockKind.Drop))
        && (end.Rule is null ? piece.Rule!.Text.StartsWith("policy", StringComparison.Ordinal) : piece.Rule!.Text == end.Rule);
}
