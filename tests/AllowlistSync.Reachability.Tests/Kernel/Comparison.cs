using System.Net;
using AllowlistSync.Core.Verifying;
using AllowlistSync.TestKit;
using static AllowlistSync.Core.Verifying.ReachabilityVerdict;

namespace AllowlistSync.Reachability.Tests.Kernel;

/// <summary>What the kernel did with a connection, beside what the proof says of it.</summary>
internal sealed record Comparison(HandshakeResult Kernel, ProofPiece Piece)
{
    /// <summary>The proof does not say.</summary>
    public bool IsOpen => Piece.Verdict == Unknown;

    /// <summary>
    /// True when both agree on whether a connection comes about, and not on how it fails or where it ends. Where chains at one priority, or
    /// a rule that depends on a rate, lead to the same verdict by two ways, the proof shows one of them.
    /// </summary>
    public bool IsOtherWay => Difference is not null && Piece.Verdict == (Kernel.Handshake == Handshake.Accepted ? Accepted : Blocked);

    /// <summary>Null when the kernel bears the proof out; otherwise what differs.</summary>
    public string? Difference => Piece.Verdict switch
    {
        Unknown => Piece.Doubts.IsEmpty ? "unknown without a doubt that says why" : null,
        Accepted when Kernel.Handshake != Handshake.Accepted => "accepted by the proof, and not by the kernel",
        Accepted => IsReached(Kernel.Reached!) ? null : $"the proof says that {Piece.Reaches ?? "the port itself"} is reached",
        _ when Kernel.Handshake == Handshake.Accepted => "blocked by the proof, and accepted by the kernel",
        _ => IsKind ? null : $"blocked in another way than {Piece.How}",
    };

    // A refusal that does not get out of the host looks like silence.
    private bool IsKind => Piece.How switch
    {
        BlockKind.Drop => Kernel.Handshake == Handshake.TimedOut,
        BlockKind.Reject => Kernel.Handshake is Handshake.Refused or Handshake.TimedOut,
        BlockKind.AnswerDropped => Kernel.Handshake == Handshake.NoReply,
        _ => Kernel.Handshake == Handshake.Half,
    };

    /// <summary>The comparison of each probe with the piece that holds it.</summary>
    public static IEnumerable<Comparison> Of(IEnumerable<HandshakeResult> results, Proof proof)
    {
        var byPort = proof.Pieces.ToLookup(piece => piece.From.Family);
        foreach (var result in results)
        {
            var source = KernelHost.RangeOf(result.Probe.Source);
            var pieces = byPort[source.Family].Where(piece => piece.From.First <= source.First && source.First <= piece.From.Last && piece.Port.First <= result.Probe.Port && result.Probe.Port <= piece.Port.Last).ToList();
            yield return pieces.Count == 1
                ? new Comparison(result, pieces[0])
                : throw new InvalidOperationException($"{pieces.Count} pieces of the proof hold {result.Probe}, instead of one.");
        }
    }

    public override string ToString() =>
        $"{Kernel}\n  proof: {Piece.Verdict}{(Piece.How is { } how ? $" ({how})" : "")}{(Piece.Reaches is { } reaches ? $", reaches {reaches}" : "")} for {KernelText.Of(Piece.From)} port {Piece.Port}"
        + $"\n  rule:  {Piece.Rule?.Text} in {Piece.Rule?.Where}\n{string.Concat(Piece.Trace.Select(step => $"    {step.Packet}, {step.Hook}: {step.Verdict} by {step.Rule.Text} in {step.Rule.Where}\n"))}"
        + string.Concat(Piece.Doubts.Select(doubt => $"    doubt: {doubt.Reason}: {doubt.Rule.Text}\n"))
        + (Difference is { } difference ? $"  => {difference}\n" : "");

    private bool IsReached(IPEndPoint reached)
    {
        if (Piece.Reaches is not { } text)
        {
            return reached.Port == Kernel.Probe.Port;
        }

        var colon = text.LastIndexOf(':');
        var address = text[..colon].Trim('[', ']');
        return text[(colon + 1)..] == $"{reached.Port}" && (address.Length == 0 || address == $"{reached.Address}");
    }
}

/// <summary>Texts for messages.</summary>
internal static class KernelText
{
    public static string Of(Core.Addresses.IpRange range) => string.Join(", ", range.ToPrefixes().Take(3)) + (range.ToPrefixes().Skip(3).Any() ? ", ..." : "");
}
