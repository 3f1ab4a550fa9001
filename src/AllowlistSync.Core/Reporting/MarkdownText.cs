using System.Text;

namespace AllowlistSync.Core.Reporting;

/// <summary>Text from outside, made harmless for GitHub-flavoured Markdown: it stays one line, in its table cell, and is no markup, HTML or mention.</summary>
public static class MarkdownText
{
    /// <summary>The longest message that is shown; longer ones are cut and say so.</summary>
    public const int LongestMessage = 1000;

    private const string Cut = " ... (cut; `--output json` has it all)";

    /// <summary>Escapes a message or a name.</summary>
    public static string Escape(string text)
    {
        var clean = ShellText.Clean(text);
        var tooLong = clean.Length > LongestMessage;
        var escaped = new StringBuilder(clean.Length);
        foreach (var c in tooLong ? clean.AsSpan(0, LongestMessage) : clean)
        {
            Append(escaped, c);
        }

        return tooLong ? escaped.Append(Cut).ToString() : escaped.ToString();
    }

    private static void Append(StringBuilder escaped, char c)
    {
        switch (c)
        {
            case '&': escaped.Append("&amp;"); break;
            case '<': escaped.Append("&lt;"); break;
            case '>': escaped.Append("&gt;"); break;
            // GitHub finds mentions in the rendered text, so an escape does not stop them; a comment in between does.
            case '@': escaped.Append("@<!-- -->"); break;
            case '\\' or '`' or '*' or '_' or '[' or ']' or '|' or '~' or '#' or '$' or '!': escaped.Append('\\').Append(c); break;
            default: escaped.Append(c); break;
        }
    }
}
