using System.Collections.Immutable;
using System.Globalization;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.Verifying;
using AllowlistSync.Reachability.Collecting;
using AllowlistSync.Reachability.Proving;

namespace AllowlistSync.Verification;

/// <summary>Puts questions to the prover, and adds what can be seen of the host.</summary>
internal sealed class Verifier(VerifyArguments arguments, RuleSetInput input, IHost host)
{
    public VerifyArguments Arguments => arguments;

    public RuleSetInput Input => input;

    /// <summary>The proof for one target.</summary>
    public async Task<ProofReport> ProveAsync(Wanted wanted, CancellationToken cancellationToken)
    {
        var proof = Prover.Prove(input.RuleSet, QuestionOf(PrefixSet.Of(wanted.Ranges), wanted.Ports), cancellationToken);
        var report = new ProofReport(wanted.Target, wanted.Ranges, wanted.Ports, proof);
        return input.IsLive
            ? report with { Assumptions = [.. await LookAsync(proof, cancellationToken), .. report.Assumptions.Where(assumption => assumption.Text is not (Assumptions.Listener or Assumptions.NothingElse))] }
            : report;
    }

    /// <summary>The verdict for each of some packets, in their order; those of one port are asked together.</summary>
    public ImmutableArray<(Packet Packet, ImmutableArray<ProofPiece> Pieces)> Prove(ImmutableArray<Packet> packets, CancellationToken cancellationToken)
    {
        var answers = new Dictionary<Packet, ImmutableArray<ProofPiece>>();
        foreach (var port in packets.GroupBy(packet => packet.Port))
        {
            var sources = port.Select(packet => packet.Source).Distinct().ToImmutableArray();
            var ports = PortSet.Of(port.Key);
            var proof = Prover.Prove(input.RuleSet, QuestionOf(PrefixSet.Of(sources), ports), cancellationToken);
            foreach (var cell in new ProofReport(arguments.Subject, sources, ports, proof).Cells(sources))
            {
                answers[new Packet(cell.Range, port.Key)] = cell.Pieces;
            }
        }

        return [.. packets.Select(packet => (packet, answers[packet]))];
    }

    /// <summary>What would make the verdicts sharper; null when nothing would.</summary>
    public string? HintOf(IEnumerable<ProofPiece> pieces) =>
        arguments.Interface is null && !input.IsLive && pieces.Any(piece => piece.Verdict == ReachabilityVerdict.Unknown && UsualInterface(piece.From.Family) is null)
            ? "the rules of a file do not say through which interface packets come: where a verdict depends on it, give --interface NAME and --local ADDRESS, or the output of `ip -j address` and `ip -j route` as further --ruleset"
            : null;

    private string? UsualInterface(IpFamily family) => input.RuleSet.Host.DefaultInterface(family);

    /// <summary>The way of one packet, rule by rule.</summary>
    public Output.Explanation Explain(Packet packet, CancellationToken cancellationToken)
    {
        var pieces = Prove([packet], cancellationToken)[0].Pieces;
        var steps = Explainer.Explain(input.RuleSet, QuestionOf(PrefixSet.Of(packet.Source), PortSet.Of(packet.Port)), packet.Source, packet.Port, cancellationToken);
        return new Output.Explanation($"{Packet.Address(packet.Source)} to port {packet.Port} ({input.Name})", steps, pieces[0]);
    }

    private Question QuestionOf(PrefixSet sources, PortSet ports) => new() { Sources = sources, Ports = ports, Interface = arguments.Interface, Local = arguments.Local };

    private async Task<ImmutableArray<Assumption>> LookAsync(Proof proof, CancellationToken cancellationToken)
    {
        var usual = UsualInterface(IpFamily.IPv4) ?? UsualInterface(IpFamily.IPv6);
        var through = arguments.Interface ?? usual;
        return await HostLook.LookAsync(host, through, through == usual, LocalPorts(proof), cancellationToken);
    }

    // A translation to another port of this host says so as `:8443`; one to another host has its listener there.
    private static IEnumerable<int> LocalPorts(Proof proof)
    {
        foreach (var (port, reaches) in proof.Pieces.Where(piece => piece.Verdict == ReachabilityVerdict.Accepted).Select(piece => (piece.Port, piece.Reaches)).Distinct())
        {
            if (reaches is null && port.Protocol == TransportProtocol.Tcp && port.First == port.Last)
            {
                yield return port.First;
            }
            else if (reaches is [':', ..] && int.TryParse(reaches.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var local))
            {
                yield return local;
            }
        }
    }
}
