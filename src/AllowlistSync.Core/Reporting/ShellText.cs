using System.Globalization;
using System.Text;

namespace AllowlistSync.Core.Reporting;

/// <summary>
/// Lines for a shell of 80 columns. Every text that comes from outside (an answer of a tool, a name in a foreign rule) passes
/// through <see cref="Clean"/>, so that it cannot move a cursor, change colours or fake a line of ours.
/// </summary>
public sealed class ShellText(TextWriter output, Style style)
{
    /// <summary>The width that lines are broken at.</summary>
    public const int Columns = 80;

    /// <summary>An empty line.</summary>
    public void Blank() => output.Write('\n');

    /// <summary>One line that is never broken; its mark is painted.</summary>
    public void Line(int indent, string mark, string text, Tone tone = Tone.Normal)
    {
        var space = mark.Length > 0 && text.Length > 0 ? " " : "";
        output.Write($"{new string(' ', indent)}{style.Paint(tone, Clean(mark))}{space}{Clean(text)}\n");
    }

    /// <summary>One line of a file that is shown as it is: its tabs stay.</summary>
    public void Verbatim(int indent, string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        output.Write($"{new string(' ', indent)}{string.Join('\t', line.Split('\t').Select(Clean))}\n");
    }

    /// <summary>One row of a table; each cell is padded to its width and painted.</summary>
    public void Row(int indent, IEnumerable<(string Text, int Width, Tone Tone)> cells)
    {
        var line = new StringBuilder();
        var blanks = indent;
        foreach (var (cell, width, tone) in cells)
        {
            // What pads a cell comes before the next one, so that no line ends with blanks.
            var clean = Clean(cell);
            line.Append(' ', blanks).Append(style.Paint(tone, clean));
            blanks = Math.Max(0, width - clean.Length);
        }

        output.Write(line.Append('\n').ToString());
    }

    /// <summary>A text that is broken between words; further lines are indented by two more.</summary>
    public void Paragraph(int indent, string mark, string text, Tone tone = Tone.Normal)
    {
        var first = true;
        var head = Clean(mark);
        foreach (var line in Broken(Clean(text), Columns - indent - head.Length - 1, Columns - indent - 2))
        {
            Line(first ? indent : indent + 2, first ? head : "", line, tone);
            first = false;
        }
    }

    /// <summary>The text on one line, with control and format characters (C0, C1, bidi marks) shown as <c>?</c>.</summary>
    public static string Clean(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            line.Append(c is '\n' or '\t' ? ' ' : IsUnsafe(c) ? '?' : c);
        }

        return line.ToString();
    }

    private static bool IsUnsafe(char c) => CharUnicodeInfo.GetUnicodeCategory(c)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static IEnumerable<string> Broken(string text, int firstWidth, int width)
    {
        var line = new StringBuilder();
        var room = firstWidth;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > room)
            {
                yield return line.ToString();
                line.Clear();
                room = width;
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        yield return line.ToString();
    }
}
