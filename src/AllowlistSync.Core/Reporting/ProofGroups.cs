using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Verifying;

namespace AllowlistSync.Core.Reporting;

/// <summary>Traffic that has one verdict for one reason: what a person reads as one paragraph.</summary>
/// <param name="Example">One of its pieces: verdict, rule, doubts.</param>
/// <param name="Who">The sources and ports in words, one line for each group of ports.</param>
internal sealed record ProofGroup(ProofPiece Example, ImmutableArray<string> Who);

/// <summary>Puts pieces together that have one reason. Pure.</summary>
internal static class ProofGroups
{
    /// <summary>How many ranges are named in one line.</summary>
    private const int Named = 6;

    /// <summary>The groups of a verdict, the one with the most traffic first.</summary>
    public static ImmutableArray<ProofGroup> Of(ProofReport report, ProofMatrix matrix, ReachabilityVerdict verdict)
    {
        var pieces = matrix.Cells.SelectMany(cell => cell.Pieces).Where(piece => piece.Verdict == verdict);
        return [.. pieces.GroupBy(Reason, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count())
            .Select(group => new ProofGroup(group.First(), [.. Who(report, group)]))];
    }

    private static string Reason(ProofPiece piece) =>
        string.Join('\n', [piece.How?.ToString() ?? "", .. Of(piece.Rule), piece.Reaches ?? "", .. piece.Doubts.SelectMany(doubt => Of(doubt.Rule).Append(doubt.Reason))]);

    private static string[] Of(RuleReference? rule) => rule is null ? ["", ""] : [rule.Text, rule.Where];

    private static IEnumerable<string> Who(ProofReport report, IEnumerable<ProofPiece> pieces)
    {
        var traffic = pieces.GroupBy(piece => piece.Port)
            .Select(port => (port.Key, Sources: PrefixSet.OfRanges(port.Select(piece => piece.From))))
            .GroupBy(port => port.Sources)
            .Select(same => (Ports: PortSet.Of(same.Select(port => port.Key)), Sources: same.Key));
        return traffic.Select(slice => $"{Listed(report, slice.Sources)}, port {string.Join(", ", slice.Ports.Ranges)}");
    }

    // Ranges as they were asked where they are whole; then what is left of others, in the fewest prefixes.
    private static string Listed(ProofReport report, PrefixSet sources)
    {
        var whole = report.Asked.Where(sources.Covers).ToList();
        var rest = sources.Except(PrefixSet.Of(whole)).Prefixes().ToList();
        var names = new List<string>();
        foreach (var family in new[] { IpFamily.IPv4, IpFamily.IPv6 })
        {
            var asked = report.Asked.Count(range => range.Family == family);
            var mine = whole.Where(range => range.Family == family).ToList();
            if (mine.Count == asked && asked > Named / 2)
            {
                names.Add($"all {asked} {family} ranges");
                whole.RemoveAll(range => range.Family == family);
            }
        }

        names.AddRange(whole.Concat(rest).Take(Named).Select(range => range.ToString()));
        var more = whole.Count + rest.Count - Named;
        return string.Join(", ", names) + (more > 0 ? $" and {more} more (--output json lists all)" : "");
    }
}
