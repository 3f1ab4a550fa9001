using System.Collections.Immutable;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Planning;

namespace AllowlistSync.Core.Reporting;

/// <summary>The lines of a plan, for a shell: what is added, removed, mended, and what waits to leave.</summary>
internal static class TextPlan
{
    /// <summary>The most lines of one kind; the JSON report has them all.</summary>
    public const int Shown = 50;

    public static void Write(ShellText text, Plan plan, int indent)
    {
        var add = plan.Changes.Add.Entries();
        var remove = plan.Changes.Remove.Entries();
        var width = add.Take(Shown).Concat(remove.Take(Shown)).Select(entry => entry.Prefix.ToString().Length).DefaultIfEmpty(0).Max();
        Entries(text, indent, "+", add, width, Tone.Good);
        Entries(text, indent, "-", remove, width, Tone.Bad);
        foreach (var defect in plan.Changes.Repairs)
        {
            text.Paragraph(indent, $"! repair: {defect.Id}:", defect.Message, Tone.Warning);
        }

        foreach (var ban in plan.Changes.Lift.Take(Shown))
        {
            text.Paragraph(indent, "! lift ban:", ban.ToString(), Tone.Warning);
        }

        More(text, indent, plan.Changes.Lift.Length);
        foreach (var removal in plan.Pending.Take(Shown))
        {
            text.Line(indent, "~", $"pending {removal.Prefix} until {ReportWords.Of(removal.Until)}", Tone.Faint);
        }

        More(text, indent, plan.Pending.Length);
    }

    /// <summary>Traffic, one prefix with its ports a line, the ports in one column.</summary>
    public static void Entries(ShellText text, int indent, string mark, ImmutableArray<TrafficEntry> entries, int width, Tone tone)
    {
        foreach (var entry in entries.Take(Shown))
        {
            text.Line(indent, mark, $"{entry.Prefix.ToString().PadRight(width)}   {entry.Ports}", tone);
        }

        More(text, indent, entries.Length);
    }

    private static void More(ShellText text, int indent, int count)
    {
        if (count > Shown)
        {
            text.Line(indent, $"... and {count - Shown} more (--output json lists all)", "", Tone.Faint);
        }
    }
}
