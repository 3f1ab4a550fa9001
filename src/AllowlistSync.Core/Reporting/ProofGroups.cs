using System.Collections.Immutable;
using System.Globalization;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Verifying;

namespace AllowlistSync.Core.Reporting;

/// <summary>Traffic that has one verdict for one reason: what a person reads as one paragraph.</summary>
/// <param name="Example">One of its pieces: verdict, rule, doubts.</param>
/// <param name="Who">The ports and sources in words, one line for each group of ports: <c>ports 80, 443</c> and <c>all 15 IPv4 ranges</c>.</param>
internal sealed record ProofGroup(ProofPiece Example, ImmutableArray<(string Ports, string Sources)> Who)
{
    /// <summary>Who, on one line.</summary>
    public string WhoText => string.Join("; ", Who.Select(line => $"{line.Ports}: {line.Sources}"));
}

/// <summary>The pieces of a proof, put together where they have one reason. Pure.</summary>
/// <param name="Blocked">What is blocked.</param>
/// <param name="Unknown">What is not known.</param>
/// <param name="Accepted">What is let in.</param>
internal sealed record ProofGroups(ImmutableArray<ProofGroup> Blocked, ImmutableArray<ProofGroup> Unknown, ImmutableArray<ProofGroup> Accepted)
{
    /// <summary>How many ranges are named in one line.</summary>
    private const int Named = 6;

    /// <summary>From how many on the ranges of a family are counted when they are all there.</summary>
    private const int Many = 3;

    /// <summary>The groups of a proof.</summary>
    public static ProofGroups Of(ProofReport report) =>
        new(Of(report, ReachabilityVerdict.Blocked), Of(report, ReachabilityVerdict.Unknown), Of(report, ReachabilityVerdict.Accepted));

    // The one with the most traffic first.
    private static ImmutableArray<ProofGroup> Of(ProofReport report, ReachabilityVerdict verdict)
    {
        var pieces = report.Matrix.Cells.SelectMany(cell => cell.Pieces).Where(piece => piece.Verdict == verdict);
        return [.. pieces.GroupBy(Reason, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count())
            .Select(group => new ProofGroup(group.First(), [.. Who(report, group)]))];
    }

    private static string Reason(ProofPiece piece) =>
        string.Join('\n', [piece.How?.ToString() ?? "", .. Of(Deciding(piece)), piece.Reaches ?? "", .. ProofWords.Translations(piece).Select(step => step.Verdict), .. piece.Doubts.SelectMany(doubt => Of(doubt.Rule).Append(doubt.Reason))]);

    private static RuleReference? Deciding(ProofPiece piece) => piece.Verdict == ReachabilityVerdict.Accepted ? ProofWords.Admitting(piece) : piece.Rule;

    private static string[] Of(RuleReference? rule) => rule is null ? ["", "", ""] : [rule.Text, rule.Where, rule.CalledBy ?? ""];

    private static IEnumerable<(string Ports, string Sources)> Who(ProofReport report, IEnumerable<ProofPiece> pieces)
    {
        var traffic = pieces.GroupBy(piece => piece.Port)
            .Select(port => (port.Key, Sources: PrefixSet.OfRanges(port.Select(piece => piece.From))))
            .GroupBy(port => port.Sources)
            .Select(same => (Ports: PortSet.Of(same.Select(port => port.Key)), Sources: same.Key));
        return traffic.Select(slice => (ProofWords.Of(slice.Ports), Listed(report, slice.Sources)));
    }

    // Ranges as they were asked where they are whole; of the others, the part that is shorter to write: what is in, or what is out.
    private static string Listed(ProofReport report, PrefixSet sources)
    {
        var whole = report.Asked.Where(sources.Covers).ToList();
        var names = new List<string>();
        foreach (var family in new[] { IpFamily.IPv4, IpFamily.IPv6 })
        {
            var asked = report.Asked.Count(range => range.Family == family);
            if (asked >= Many && whole.Count(range => range.Family == family) == asked)
            {
                names.Add(string.Create(CultureInfo.InvariantCulture, $"all {asked} {family} ranges"));
                whole.RemoveAll(range => range.Family == family);
            }
        }

        names.AddRange(whole.Take(Named).Select(range => range.ToString()));
        var rest = sources.Except(PrefixSet.Of(report.Asked.Where(sources.Covers)));
        var parts = rest.IsEmpty ? [] : report.Asked.Where(rest.Overlaps).ToList();
        names.AddRange(parts.Take(Named).Select(range => Part(range, rest)));
        var more = Math.Max(0, whole.Count - Named) + Math.Max(0, parts.Count - Named);
        return string.Join(", ", names) + (more > 0 ? string.Create(CultureInfo.InvariantCulture, $" and {more} more (--output json lists all)") : "");
    }

    private static string Part(IpPrefix range, PrefixSet sources)
    {
        var whole = PrefixSet.Of(range);
        var (mine, others) = (sources.Intersect(whole), whole.Except(sources));
        return mine.PrefixCount(range.Family) <= others.PrefixCount(range.Family) ? Few(mine) : $"{range} without {Few(others)}";
    }

    private static string Few(PrefixSet set)
    {
        var prefixes = set.Prefixes().Take(Named + 1).ToList();
        return string.Join(", ", prefixes.Take(Named)) + (prefixes.Count > Named ? " and more" : "");
    }
}
