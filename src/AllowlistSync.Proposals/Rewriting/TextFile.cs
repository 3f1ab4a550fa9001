using System.Text;

namespace AllowlistSync.Proposals.Rewriting;

/// <summary>A piece of text in the place of another.</summary>
/// <param name="Start">The first character that is replaced.</param>
/// <param name="Length">How many are.</param>
/// <param name="Text">What stands there afterwards.</param>
internal readonly record struct TextEdit(int Start, int Length, string Text);

/// <summary>A file as text: UTF-8, with or without a byte order mark. What is not edited keeps its bytes.</summary>
internal sealed class TextFile
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly bool _hasMark;

    private TextFile(string path, string text, bool hasMark) => (Path, Text, _hasMark) = (path, text, hasMark);

    /// <summary>Its path, for messages.</summary>
    public string Path { get; }

    /// <summary>Its text without a byte order mark.</summary>
    public string Text { get; }

    /// <summary>Reads it.</summary>
    /// <exception cref="RewriteException">It is no UTF-8.</exception>
    public static TextFile Read(string path, ReadOnlyMemory<byte> content)
    {
        try
        {
            var text = s_strict.GetString(content.Span);
            return text.StartsWith('\uFEFF') ? new TextFile(path, text[1..], hasMark: true) : new TextFile(path, text, hasMark: false);
        }
        catch (ArgumentException)
        {
            throw new RewriteException("not-text", $"{path} is no UTF-8 text", "save it as UTF-8, or name another file");
        }
    }

    /// <summary>Its bytes with some edits, which must not overlap.</summary>
    public byte[] With(IEnumerable<TextEdit> edits)
    {
        var text = new StringBuilder(_hasMark ? "\uFEFF" : "");
        var at = 0;
        foreach (var edit in edits.OrderBy(edit => edit.Start))
        {
            text.Append(Text, at, edit.Start - at).Append(edit.Text);
            at = edit.Start + edit.Length;
        }

        return s_strict.GetBytes(text.Append(Text, at, Text.Length - at).ToString());
    }

    /// <summary>The line of a character, from 1.</summary>
    public int LineOf(int at) => Text.AsSpan(0, at).Count('\n') + 1;

    /// <summary>The line end of the line that a character is in: that of the file's first line where its own has none.</summary>
    public string LineEndAt(int at)
    {
        var end = Text.IndexOf('\n', at);
        end = end < 0 ? Text.IndexOf('\n', StringComparison.Ordinal) : end;
        return end > 0 && Text[end - 1] == '\r' ? "\r\n" : "\n";
    }

    /// <summary>The first character of the line that a character is in.</summary>
    public int LineStart(int at) => at == 0 ? 0 : Text.LastIndexOf('\n', at - 1) + 1;

    /// <summary>The first character of the line behind the one that a character is in.</summary>
    public int LineEnd(int at) => Text.IndexOf('\n', at) is var end && end < 0 ? Text.Length : end + 1;

    /// <summary>Whether only blanks stand before a character on its line.</summary>
    public bool IsFirstOnLine(int at) => !Text.AsSpan(LineStart(at), at - LineStart(at)).ContainsAnyExcept(' ', '\t');

    /// <summary>This file with a line end behind its last line.</summary>
    public TextFile WithLastLineEnd() => new(Path, Text + LineEndAt(Text.Length), _hasMark);

    /// <summary>One step further in than the blanks of a line: a tab where tabs are used.</summary>
    public static string StepAfter(string indent) => indent.Contains('\t', StringComparison.Ordinal) ? "\t" : "  ";

    /// <summary>The blanks at the beginning of the line that a character is in.</summary>
    public string IndentAt(int at)
    {
        var start = LineStart(at);
        var end = start;
        while (end < Text.Length && Text[end] is ' ' or '\t')
        {
            end++;
        }

        return Text[start..end];
    }
}
