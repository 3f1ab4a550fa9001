namespace AllowlistSync.Core.Reporting;

/// <summary>What an administrator reads in a shell after <c>diff</c>, <c>apply</c> or <c>remove</c>. Pure.</summary>
public static class TextReport
{
    /// <summary>Writes the sources, the targets and a summary line.</summary>
    public static void Write(RunReport report, TextWriter output, Style style)
    {
        var text = new ShellText(output, style);
        WriteParts(report, text);
        text.Line(0, ReportSummary.Of(report), "", report.ExitCode switch
        {
            ExitCodes.Ok => Tone.Good,
            ExitCodes.Differences => Tone.Warning,
            _ => Tone.Bad,
        });
    }

    /// <summary>Writes the sources and the targets, for a command that has more to say.</summary>
    public static void WriteParts(RunReport report, ShellText text)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(text);
        foreach (var source in report.Sources)
        {
            TextSource.Write(text, source, report.At);
            text.Blank();
        }

        foreach (var target in report.Targets)
        {
            TextTarget.Write(text, target);
            text.Blank();
        }
    }
}
