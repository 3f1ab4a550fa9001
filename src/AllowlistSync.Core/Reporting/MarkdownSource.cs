using System.Globalization;
using System.Text;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Core.Reporting;

/// <summary>One source of a report, as Markdown.</summary>
internal static class MarkdownSource
{
    public static void Write(StringBuilder text, SourceOutcome source, DateTimeOffset now)
    {
        text.Append(CultureInfo.InvariantCulture, $"- source **{MarkdownText.Escape(source.Name)}**: {InForce(source, now)}\n");
        foreach (var refusal in source.Refusals)
        {
            text.Append(CultureInfo.InvariantCulture, $"  - {(source.Answered ? "refused" : "not fetched")}: **{refusal.RuleId}**: {MarkdownText.Escape(refusal.Message)} (way out: {MarkdownText.Escape(refusal.WayOut)})\n");
        }

        MarkdownParts.Findings(text, source.Findings, "  - ");
    }

    private static string InForce(SourceOutcome source, DateTimeOffset now) => source.InForce is not { } ranges
        ? "nothing in force; no list was ever believed"
        : $"{ranges.Ranges.PrefixCount(IpFamily.IPv4)} IPv4 and {ranges.Ranges.PrefixCount(IpFamily.IPv6)} IPv6 prefixes, {ReportWords.Of(ranges.Basis.Provenance)}, fetched {ReportWords.Ago(now - ranges.Basis.FetchedAt)}";
}
