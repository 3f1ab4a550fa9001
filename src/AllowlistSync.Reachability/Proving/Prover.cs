using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Verifying;
using AllowlistSync.Reachability.Evaluating;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Paths;

namespace AllowlistSync.Reachability.Proving;

/// <summary>Answers a question about a rule set. Pure.</summary>
public static class Prover
{
    // Looks at rules for each class of ports and packet. A rule set that needs more calls chains from chains from chains without end.
    private const long Budget = 100_000_000;

    /// <summary>The verdict for each part of the asked traffic.</summary>
    public static Proof Prove(RuleSet ruleSet, Question question, CancellationToken cancellationToken)
    {
        var facts = RuleSetFacts.Of(ruleSet);
        var runs = new List<Run>();
        foreach (var ports in PortClasses.Of(question.Ports, facts.Ports))
        {
            foreach (var family in new[] { IpFamily.IPv4, IpFamily.IPv6 })
            {
                var sources = NumberSet.OfRanges(question.Sources.Ranges(family).Select(range => new NumberRange(range.First, range.Last)));
                if (!sources.IsEmpty)
                {
                    runs.AddRange(Prove(ruleSet, facts, Conversations.Of(ruleSet, facts, question, family, ports), sources, cancellationToken));
                }
            }
        }

        var pieces = ImmutableArray.CreateBuilder<ProofPiece>(runs.Sum(run => run.Pieces.Count));
        foreach (var run in runs.OrderBy(run => run.Port).ThenBy(run => run.Family))
        {
            pieces.AddRange(run.Pieces);
        }

        return new Proof(pieces.MoveToImmutable(), Assumptions.Of(ruleSet, facts, question));
    }

    private static List<Run> Prove(RuleSet ruleSet, RuleSetFacts facts, Conversation talk, NumberSet sources, CancellationToken cancellationToken)
    {
        var runs = talk.Port.Ranges.Select(range => new Run(new PortRange(talk.Protocol, (ushort)range.First, (ushort)range.Last), talk.Family, [])).ToList();
        var gaps = ruleSet.Gaps.Where(gap => (gap.Families & talk.AsFamilies) != Families.None).ToImmutableArray();
        if (!gaps.IsEmpty)
        {
            ImmutableArray<Doubt> doubts = [.. gaps.Select(gap => new Doubt(new RuleReference("", "not read"), gap.Message))];
            runs.ForEach(run => run.Pieces.AddRange(sources.Ranges.Select(range => new ProofPiece(new IpRange(talk.Family, range.First, range.Last), run.Port, ReachabilityVerdict.Unknown) { Doubts = doubts })));
            return runs;
        }

        var teller = new Storyteller(talk);
        foreach (var segment in Segments.Of(new Handshake(facts, talk, Budget, null, cancellationToken).Run(sources)))
        {
            // No rule tells the ports apart, so the story of one is that of all.
            var piece = teller.Tell(segment, runs[0].Port);
            runs[0].Pieces.Add(piece);
            for (var i = 1; i < runs.Count; i++)
            {
                runs[i].Pieces.Add(piece with { Port = runs[i].Port });
            }
        }

        return runs;
    }

    // The pieces of one run of ports and one family, by source.
    private sealed record Run(PortRange Port, IpFamily Family, List<ProofPiece> Pieces);
}
