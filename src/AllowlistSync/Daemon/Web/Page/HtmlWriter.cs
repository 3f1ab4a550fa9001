using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace AllowlistSync.Daemon.Web.Page;

/// <summary>Text that is markup already. Only what this program wrote itself is made into it.</summary>
/// <param name="Text">The markup.</param>
internal readonly record struct Markup(string Text);

/// <summary>
/// Writes HTML. The fixed parts of an interpolated string are markup, what is put into it is text and is escaped, so that nothing
/// can be forgotten; a <see cref="Markup"/> alone goes in as it is.
/// </summary>
internal sealed class HtmlWriter
{
    private readonly StringBuilder _text = new();

    /// <summary>Appends markup with texts in it.</summary>
    public HtmlWriter Add([InterpolatedStringHandlerArgument("")] HtmlInsertion insertion)
    {
        _ = insertion;
        return this;
    }

    /// <summary>A piece of markup with texts in it.</summary>
    public static Markup Of(Action<HtmlWriter> write)
    {
        var html = new HtmlWriter();
        write(html);
        return new(html.ToString());
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    internal void Raw(string markup) => _text.Append(markup);

    internal void Escaped(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            _ = c switch
            {
                '&' => _text.Append("&amp;"),
                '<' => _text.Append("&lt;"),
                '>' => _text.Append("&gt;"),
                '"' => _text.Append("&quot;"),
                '\'' => _text.Append("&#39;"),
                _ => _text.Append(IsShown(c) ? c : '\ufffd'),
            };
        }
    }

    // Controls are no text, and some characters turn what follows around.
    private static bool IsShown(char c) => !(char.IsControl(c) && c is not ('\n' or '\t')) && c is not ((>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069'));
}

/// <summary>Takes an interpolated string apart for <see cref="HtmlWriter.Add"/>.</summary>
[InterpolatedStringHandler]
internal readonly struct HtmlInsertion
{
    private readonly HtmlWriter _html;

    public HtmlInsertion(int literalLength, int formattedCount, HtmlWriter html)
    {
        _ = literalLength + formattedCount;
        _html = html;
    }

    public void AppendLiteral(string markup) => _html.Raw(markup);

    public void AppendFormatted(string? text) => _html.Escaped(text);

    public void AppendFormatted(int number) => _html.Raw(number.ToString(CultureInfo.InvariantCulture));

    public void AppendFormatted(Markup markup) => _html.Raw(markup.Text);
}
