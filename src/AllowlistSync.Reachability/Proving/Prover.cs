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
        var pieces = new List<ProofPiece>();
        foreach (var ports in PortClasses.Of(question.Ports, facts.Ports))
        {
            foreach (var family in new[] { IpFamily.IPv4, IpFamily.IPv6 })
            {
                var sources = NumberSet.OfRanges(question.Sources.Ranges(family).Select(range => new NumberRange(range.First, range.Last)));
                if (!sources.IsEmpty)
                {
                    pieces.AddRange(Prove(ruleSet, facts, Conversations.Of(ruleSet, facts, question, family, ports), sources, cancellationToken));
                }
            }
        }

        pieces.Sort(static (left, right) => left.Port.CompareTo(right.Port) is not 0 and var byPort ? byPort
            : left.From.Family != right.From.Family ? left.From.Family.CompareTo(right.From.Family)
            : left.From.First.CompareTo(right.From.First));
        return new Proof([.. pieces], Assumptions.Of(ruleSet, facts, question));
    }

    private static IEnumerable<ProofPiece> Prove(RuleSet ruleSet, RuleSetFacts facts, Conversation talk, NumberSet sources, CancellationToken cancellationToken)
    {
        var ports = talk.Port.Ranges.Select(range => new PortRange(talk.Protocol, (ushort)range.First, (ushort)range.Last)).ToImmutableArray();
        var gaps = ruleSet.Gaps.Where(gap => (gap.Families & talk.AsFamilies) != Families.None).ToImmutableArray();
        if (!gaps.IsEmpty)
        {
            ImmutableArray<Doubt> doubts = [.. gaps.Select(gap => new Doubt(new RuleReference("", "not read"), gap.Message))];
            return sources.Ranges.SelectMany(range => ports.Select(port => new ProofPiece(new IpRange(talk.Family, range.First, range.Last), port, ReachabilityVerdict.Unknown) { Doubts = doubts }));
        }

        var result = new Handshake(ruleSet, facts, talk, Budget, null, cancellationToken).Run(sources);
        var teller = new Storyteller(talk);
        return Segments.Of(result).SelectMany(segment => ports.Select(port => teller.Tell(segment, port)));
    }
}
