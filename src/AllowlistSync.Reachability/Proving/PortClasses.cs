using System.Collections;
using AllowlistSync.Core.Desired;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Proving;

/// <summary>Ports of one transport that no rule tells apart: what holds for one holds for all, so they are proved together.</summary>
/// <param name="Protocol">The transport.</param>
/// <param name="Ports">The ports.</param>
internal sealed record PortClass(TransportProtocol Protocol, NumberSet Ports);

/// <summary>Divides asked ports by what rules compare ports with.</summary>
internal static class PortClasses
{
    // Beyond that, comparing every piece with every rule's ports would cost more than proving the pieces one by one.
    private const int MaxComparisons = 4_000_000;

    /// <summary>The classes.</summary>
    public static IEnumerable<PortClass> Of(PortSet asked, IReadOnlyCollection<NumberSet> compared)
    {
        var cuts = compared.SelectMany(set => set.Ranges).SelectMany(range => new[] { (int)range.First, range.Last >= 65535 ? 65536 : (int)range.Last + 1 }).Distinct().Order().ToArray();
        var pieces = asked.Ranges.SelectMany(Concrete).SelectMany(range => Pieces(range, cuts)).ToList();
        if ((long)pieces.Count * compared.Count > MaxComparisons)
        {
            return pieces.Select(piece => new PortClass(piece.Protocol, NumberSet.Of(piece.First, piece.Last)));
        }

        return pieces
            .GroupBy(piece => (piece.Protocol, Signature: Signature(piece, compared)))
            .Select(group => new PortClass(group.Key.Protocol, NumberSet.OfRanges(group.Select(piece => new NumberRange(piece.First, piece.Last)))));
    }

    // A target without ports of its own asks for every port.
    private static IEnumerable<PortRange> Concrete(PortRange range) => range.Protocol == TransportProtocol.Any
        ? [new(TransportProtocol.Tcp, range.First, range.Last), new(TransportProtocol.Udp, range.First, range.Last)]
        : [range];

    private static IEnumerable<PortRange> Pieces(PortRange range, int[] cuts)
    {
        var first = (int)range.First;
        for (var at = Array.BinarySearch(cuts, first + 1) is var found && found >= 0 ? found : ~found; at < cuts.Length && cuts[at] <= range.Last; at++)
        {
            yield return range with { First = (ushort)first, Last = (ushort)(cuts[at] - 1) };
            first = cuts[at];
        }

        yield return range with { First = (ushort)first };
    }

    private static string Signature(PortRange piece, IReadOnlyCollection<NumberSet> compared)
    {
        var bits = new BitArray(compared.Count);
        var at = 0;
        foreach (var set in compared)
        {
            bits[at++] = set.Contains(piece.First);
        }

        var bytes = new byte[(compared.Count / 8) + 1];
        bits.CopyTo(bytes, 0);
        return Convert.ToHexString(bytes);
    }
}
