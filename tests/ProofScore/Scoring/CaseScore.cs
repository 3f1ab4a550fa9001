using System.Collections.Immutable;
using System.Diagnostics;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Verifying;
using AllowlistSync.ProofScore.Cases;
using AllowlistSync.Reachability.Proving;
using AllowlistSync.Reachability.Reading;

namespace AllowlistSync.ProofScore.Scoring;

/// <summary>One case, proved and compared.</summary>
/// <param name="Name">The case.</param>
/// <param name="Group">What it is counted with.</param>
/// <param name="Connections">The connections, each with its piece.</param>
/// <param name="Gaps">What the reader says is missing.</param>
/// <param name="Reading">Time to read the dumps.</param>
/// <param name="Proving">Time to prove.</param>
internal sealed record CaseScore(string Name, string Group, ImmutableArray<Marked> Connections, ImmutableArray<string> Gaps, TimeSpan Reading, TimeSpan Proving)
{
    internal static CaseScore Of(ProbeCase one, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var ruleSet = RuleSetReader.Read(one.Dumps) with { Host = one.Host };
        var read = Stopwatch.GetTimestamp();
        var question = new Question
        {
            Sources = PrefixSet.Of(one.Probes.Select(probe => probe.Source)),
            Ports = PortSet.Of(one.Probes.Select(probe => PortRange.Tcp(probe.Port)).Distinct()),
            Interface = one.Interface,
            Local = one.Local,
            GatewayAddress = one.Gateway,
        };
        var proof = Prover.Prove(ruleSet, question, cancellationToken);
        var traced = new TracedRule(ruleSet);
        var proved = Stopwatch.GetTimestamp();
        return new(
            one.Name, one.Group, [.. one.Probes.Select(probe => Marked(probe, PieceOf(proof, probe), traced))], [.. ruleSet.Gaps.Select(gap => gap.Message)],
            Stopwatch.GetElapsedTime(began, read), Stopwatch.GetElapsedTime(read, proved));
    }

    private static Marked Marked(Probe probe, ProofPiece? piece, TracedRule traced) => new(probe, piece) { RuleAgrees = traced.Agrees(probe, piece) };

    private static ProofPiece? PieceOf(Proof proof, Probe probe) => proof.Pieces.FirstOrDefault(piece =>
        piece.From.Family == probe.Source.Family && piece.From.First <= probe.Source.First && probe.Source.First <= piece.From.Last
        && piece.Port.Protocol != TransportProtocol.Udp && piece.Port.First <= probe.Port && probe.Port <= piece.Port.Last);
}
