using System.Globalization;
using System.Text;

namespace AllowlistSync.Core.Reporting;

/// <summary>A run for a pull request or a chat, under 60,000 characters (GitHub takes 65,536 in one comment). Pure.</summary>
public static class MarkdownReport
{
    /// <summary>The most characters.</summary>
    public const int MostCharacters = 60_000;

    private const string Cut = "\n*The report was cut here to fit into one comment; `--output json` has it all.*\n";

    // How many lines of one list are shown; the next smaller number is tried when the report gets too long.
    private static readonly int[] Limits = [1000, 200, 50, 10, 0];

    /// <summary>Writes the report.</summary>
    public static void Write(RunReport report, TextWriter output) => output.Write(Fitted(limit => Render(report, limit)));

    /// <summary>The longest form that fits into one comment.</summary>
    /// <param name="render">Renders with at most so many lines of one list.</param>
    internal static string Fitted(Func<int, string> render)
    {
        var text = "";
        foreach (var limit in Limits)
        {
            text = render(limit);
            if (text.Length <= MostCharacters)
            {
                return text;
            }
        }

        // With no list shown nothing is left open, so that the cut may be at any line.
        var end = text.LastIndexOf('\n', MostCharacters - Cut.Length - 1);
        return string.Concat(text.AsSpan(0, end + 1), Cut);
    }

    private static string Render(RunReport report, int limit)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"### allowlist-sync {MarkdownText.Escape(report.Command)}: {ReportSummary.Of(report)}\n\n");
        foreach (var source in report.Sources)
        {
            MarkdownSource.Write(text, source, report.At);
        }

        foreach (var target in report.Targets)
        {
            MarkdownTarget.Write(text, target, limit);
        }

        text.Append(CultureInfo.InvariantCulture, $"\n<sub>run {MarkdownText.Escape(report.RunId)}, {ReportWords.Of(report.At)}, exit code {report.ExitCode}</sub>\n");
        return text.ToString();
    }
}
