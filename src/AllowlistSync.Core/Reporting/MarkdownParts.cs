using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Core.Reporting;

/// <summary>What sources and targets of the Markdown report share.</summary>
internal static class MarkdownParts
{
    /// <summary>Lists up to this length are open; longer ones are folded.</summary>
    public const int Open = 30;

    public static void Findings(StringBuilder text, ImmutableArray<Finding> findings, string bullet)
    {
        foreach (var finding in findings)
        {
            var remedy = finding.Remedy.Length > 0 ? $" (remedy: {MarkdownText.Escape(finding.Remedy)})" : "";
            text.Append(CultureInfo.InvariantCulture, $"{bullet}{ReportWords.Of(finding.Severity)}: **{MarkdownText.Escape(finding.Id)}**: {MarkdownText.Escape(finding.Message)}{remedy}\n");
        }
    }

    /// <summary>A table of rows that are Markdown already, folded when it is long, cut at the limit.</summary>
    public static void Table(StringBuilder text, string header, IReadOnlyList<string> rows, int limit)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var folded = rows.Count > Open && limit > 0;
        text.Append(folded ? $"\n<details><summary>{rows.Count} lines</summary>\n" : "");
        if (limit > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{header}\n");
            text.AppendJoin("", rows.Take(limit).Select(row => row + "\n"));
        }

        if (rows.Count > limit)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n... and {rows.Count - limit} more lines (`--output json` lists all)\n");
        }

        text.Append(folded ? "\n</details>\n" : "");
    }
}
