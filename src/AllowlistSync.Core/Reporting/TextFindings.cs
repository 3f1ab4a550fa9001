using System.Collections.Immutable;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Core.Reporting;

/// <summary>Findings, for a shell.</summary>
public static class TextFindings
{
    /// <summary>Writes each with its remedy.</summary>
    public static void Write(ShellText text, ImmutableArray<Finding> findings)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var finding in findings)
        {
            text.Paragraph(2, $"{ReportWords.Of(finding.Severity)}: {finding.Id}:", finding.Message, ReportWords.ToneOf(finding.Severity));
            if (finding.Remedy.Length > 0)
            {
                text.Paragraph(4, "remedy:", finding.Remedy);
            }
        }
    }
}
