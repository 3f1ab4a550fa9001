using System.Collections.Immutable;
using System.Globalization;
using AllowlistSync.Core.Verifying;

namespace AllowlistSync.Core.Reporting;

/// <summary>A proof for a shell: the matrix of ranges and ports, a paragraph for each reason, and what it rests on. Pure.</summary>
public static class ProofText
{
    private const int MostRows = 50;
    private const int MostGroups = 20;
    private const int MostDoubts = 4;
    private const int CellWidth = 13;
    private const int Indent = 2;

    /// <summary>Writes it, without a heading.</summary>
    public static void Write(ShellText text, ProofReport report)
    {
        WriteMatrix(text, report, report.Matrix);
        WriteGroups(text, report.Groups.Blocked);
        WriteGroups(text, report.Groups.Unknown);
        WriteAccepted(text, report.Groups.Accepted);
        foreach (var assumption in report.Assumptions.OrderByDescending(assumption => assumption.Certainty == Certainty.Warning))
        {
            text.Paragraph(Indent, ProofWords.Of(assumption.Certainty) + ":", assumption.Text, ProofWords.ToneOf(assumption.Certainty));
        }
    }

    private static void WriteMatrix(ShellText text, ProofReport report, ProofMatrix matrix)
    {
        var rows = matrix.Rows;
        if (rows.Length > MostRows)
        {
            // What is wrong is shown first.
            rows = [.. rows.OrderBy(row => row.Cells.All(cell => cell.Is(ReachabilityVerdict.Accepted))).Take(MostRows).OrderBy(row => row.Range)];
        }

        var rangeWidth = Math.Max("range".Length, rows.Select(row => row.Range.ToString().Length).DefaultIfEmpty(0).Max()) + 2;
        var perTable = Math.Max(1, (ShellText.Columns - Indent - rangeWidth) / CellWidth);
        for (var first = 0; first < matrix.Ports.Length; first += perTable)
        {
            var ports = matrix.Ports.Skip(first).Take(perTable).Select(port => (port.ToString(), CellWidth, Tone.Strong));
            text.Row(Indent, ports.Prepend(("range", rangeWidth, Tone.Strong)));
            foreach (var row in rows)
            {
                var cells = row.Cells.Skip(first).Take(perTable).Select(cell => (ProofWords.Of(cell), CellWidth, ProofWords.ToneOf(cell)));
                text.Row(Indent, cells.Prepend((row.Range.ToString(), rangeWidth, Tone.Normal)));
            }

            WriteLeftOut(text, report, rows.Length);
            text.Blank();
        }
    }

    private static void WriteLeftOut(ShellText text, ProofReport report, int shown)
    {
        if (report.Asked.Length > shown)
        {
            text.Line(Indent, string.Create(CultureInfo.InvariantCulture, $"... and {report.Asked.Length - shown} more (--output json lists all)"), "", Tone.Faint);
        }
    }

    private static void WriteGroups(ShellText text, ImmutableArray<ProofGroup> groups)
    {
        foreach (var group in groups.Take(MostGroups))
        {
            WriteGroup(text, group);
        }

        if (groups.Length > MostGroups)
        {
            text.Line(Indent, string.Create(CultureInfo.InvariantCulture, $"... and {groups.Length - MostGroups} more reasons (--output json lists all)"), "", Tone.Faint);
            text.Blank();
        }
    }

    private static void WriteGroup(ShellText text, ProofGroup group)
    {
        var piece = group.Example;
        if (piece.Verdict == ReachabilityVerdict.Blocked)
        {
            text.Paragraph(Indent, $"BLOCKED, visitors see {piece.VisitorSees}:", ProofWords.Happening(piece.How), Tone.Bad);
        }
        else
        {
            text.Paragraph(Indent, "UNKNOWN:", piece.How is null ? "it cannot be told from the rules" : $"may be {ProofWords.Happening(piece.How)}", Tone.Warning);
        }

        foreach (var (ports, sources) in group.Who)
        {
            text.Paragraph(Indent + 2, ports + ":", sources);
        }

        WriteRule(text, piece);
        foreach (var doubt in piece.Doubts.Take(MostDoubts))
        {
            WriteDoubt(text, piece, doubt);
        }

        if (piece.Doubts.Length > MostDoubts)
        {
            text.Line(Indent + 2, "", string.Create(CultureInfo.InvariantCulture, $"... and {piece.Doubts.Length - MostDoubts} more (--output json lists all)"));
        }

        if (ProofAdvice.For(piece) is { Length: > 0 } advice)
        {
            text.Paragraph(Indent + 2, "to do:", advice);
        }

        text.Blank();
    }

    private static void WriteRule(ShellText text, ProofPiece piece)
    {
        if (piece.Rule is { } rule)
        {
            text.Paragraph(Indent + 2, "rule:", rule.Text, Tone.Strong);
            text.Paragraph(Indent + 2, "in:", rule.Where);
            if (rule.CalledBy is { } caller)
            {
                text.Paragraph(Indent + 2, "called by:", caller);
            }
        }

        foreach (var step in ProofWords.Translations(piece))
        {
            text.Paragraph(Indent + 2, "after:", $"{step.Rule.Text} ({step.Rule.Where})");
        }
    }

    private static void WriteDoubt(ShellText text, ProofPiece piece, Doubt doubt)
    {
        text.Paragraph(Indent + 2, "why:", doubt.Reason);
        if (doubt.Rule != piece.Rule && doubt.Rule.Text.Length > 0)
        {
            text.Paragraph(Indent + 4, "in", $"{doubt.Rule.Text} ({doubt.Rule.Where})");
        }
    }

    // One line for each rule that lets something in: an allowlist entry that decides nothing is not among them.
    private static void WriteAccepted(ShellText text, ImmutableArray<ProofGroup> groups)
    {
        foreach (var group in groups.Take(MostGroups))
        {
            var reaches = group.Example.Reaches is { } behind ? $", which reaches {behind}" : "";
            text.Paragraph(Indent, "accepted:", group.WhoText + reaches, Tone.Good);
            text.Paragraph(Indent + 2, "by:", ProofWords.Admitting(group.Example) is { } rule ? $"{rule.Text} ({rule.Where})" : "no chain looks at it");
        }

        if (!groups.IsEmpty)
        {
            text.Blank();
        }
    }
}
