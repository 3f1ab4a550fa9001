using System.Globalization;
using System.Text;
using AllowlistSync.Core.Verifying;

namespace AllowlistSync.Core.Reporting;

/// <summary>A proof as Markdown: the matrix, then the reasons. Pure.</summary>
public static class ProofMarkdown
{
    /// <summary>Writes it, without a heading.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="report">The proof.</param>
    /// <param name="limit">How many lines of one list are shown.</param>
    public static void Write(StringBuilder text, ProofReport report, int limit)
    {
        var matrix = report.Matrix;
        var header = $"| range | {string.Join(" | ", matrix.Ports)} |\n| --- |{string.Concat(matrix.Ports.Select(_ => " --- |"))}";
        var rows = matrix.Rows.OrderBy(row => row.Cells.All(cell => cell.Is(ReachabilityVerdict.Accepted)))
            .Select(row => $"| `{row.Range}` | {string.Join(" | ", row.Cells.Select(CellOf))} |");
        MarkdownParts.Table(text, header, [.. rows], limit);
        text.Append('\n');
        WriteGroups(text, report.Groups.Blocked, limit);
        WriteGroups(text, report.Groups.Unknown, limit);
        WriteAccepted(text, report.Groups.Accepted, limit);
        WriteAssumptions(text, report);
    }

    private static string CellOf(ProofCell cell) => cell.Is(ReachabilityVerdict.Accepted) ? "accepted" : $"**{ProofWords.Of(cell)}**";

    private static void WriteGroups(StringBuilder text, IReadOnlyList<ProofGroup> groups, int limit)
    {
        foreach (var group in groups.Take(limit))
        {
            var piece = group.Example;
            var head = piece.Verdict == ReachabilityVerdict.Blocked ? $"blocked, visitors see {piece.VisitorSees}" : "unknown";
            var happening = piece.Verdict == ReachabilityVerdict.Blocked ? $": {ProofWords.Happening(piece.How)}" : piece.How is { } how ? $": may be {ProofWords.Happening(how)}" : "";
            text.Append(CultureInfo.InvariantCulture, $"- **{head}**{happening}: {MarkdownText.Escape(group.WhoText)}\n");
            WriteRule(text, "rule", piece.Rule);
            foreach (var step in ProofWords.Translations(piece))
            {
                WriteRule(text, "after", step.Rule);
            }

            foreach (var doubt in piece.Doubts.Take(limit))
            {
                text.Append(CultureInfo.InvariantCulture, $"  - why: {MarkdownText.Escape(doubt.Reason)}\n");
                WriteRule(text, "because of", doubt.Rule == piece.Rule || doubt.Rule.Text.Length == 0 ? null : doubt.Rule);
            }

            var advice = ProofAdvice.For(piece);
            text.Append(advice.Length > 0 ? $"  - to do: {advice}\n" : "");
        }

        text.Append(groups.Count > limit ? string.Create(CultureInfo.InvariantCulture, $"- ... and {groups.Count - limit} more reasons (`--output json` lists all)\n") : "");
    }

    private static void WriteRule(StringBuilder text, string name, RuleReference? rule)
    {
        if (rule is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"  - {name}: {MarkdownText.Escape(rule.Text)} ({MarkdownText.Escape(rule.Where)}){(rule.CalledBy is { } caller ? $", called by {MarkdownText.Escape(caller)}" : "")}\n");
        }
    }

    private static void WriteAccepted(StringBuilder text, IReadOnlyList<ProofGroup> groups, int limit)
    {
        foreach (var group in groups.Take(limit))
        {
            var by = ProofWords.Admitting(group.Example) is { } rule ? $"by {MarkdownText.Escape(rule.Text)} ({MarkdownText.Escape(rule.Where)})" : "no chain looks at it";
            var reaches = group.Example.Reaches is { } behind ? $", which reaches {MarkdownText.Escape(behind)}" : "";
            text.Append(CultureInfo.InvariantCulture, $"- accepted: {MarkdownText.Escape(group.WhoText)}{reaches}: {by}\n");
        }
    }

    private static void WriteAssumptions(StringBuilder text, ProofReport report)
    {
        text.Append(report.Assumptions.IsEmpty ? "" : "\n<details><summary>What this proof rests on</summary>\n\n");
        foreach (var assumption in report.Assumptions)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {ProofWords.Of(assumption.Certainty)}: {MarkdownText.Escape(assumption.Text)}\n");
        }

        text.Append(report.Assumptions.IsEmpty ? "" : "\n</details>\n");
    }
}
