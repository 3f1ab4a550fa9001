using System.Collections.Immutable;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Core.Reporting;

/// <summary>Findings, for a shell.</summary>
internal static class TextFindings
{
    public static void Write(ShellText text, ImmutableArray<Finding> findings)
    {
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
