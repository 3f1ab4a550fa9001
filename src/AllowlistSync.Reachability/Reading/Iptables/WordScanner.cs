using System.Text;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>
/// Splits a line into words as iptables-restore does: at blanks, but not inside of double quotes, where a backslash takes the next character as
/// it is. Words stay slices of the line.
/// </summary>
internal ref struct WordScanner(ReadOnlySpan<byte> line)
{
    private readonly ReadOnlySpan<byte> _line = line;
    private int _next;

    /// <summary>Where the word starts.</summary>
    internal int Start { get; private set; }

    /// <summary>Where it ends.</summary>
    internal int End { get; private set; }

    /// <summary>Whether quotes are in it; then it is a value, never an option.</summary>
    internal bool IsQuoted { get; private set; }

    /// <summary>The word as it stands in the line.</summary>
    internal readonly ReadOnlySpan<byte> Word => _line[Start..End];

    /// <summary>Goes to the next word; false at the end.</summary>
    internal bool Next()
    {
        var at = _next;
        while (at < _line.Length && _line[at] is (byte)' ' or (byte)'\t' or (byte)'\r')
        {
            at++;
        }

        (Start, IsQuoted) = (at, false);
        while (at < _line.Length)
        {
            var step = _line[at..].IndexOfAny((byte)' ', (byte)'"', (byte)'\t');
            at = step < 0 ? _line.Length : at + step;
            if (at == _line.Length || _line[at] != '"')
            {
                break;
            }

            IsQuoted = true;
            at = AfterQuote(at + 1);
        }

        (End, _next) = (at, at);
        return End > Start;
    }

    /// <summary>The word without its quotes and backslashes.</summary>
    internal readonly string Text() => IsQuoted ? Unquote(Word) : Encoding.UTF8.GetString(Word);

    private readonly int AfterQuote(int at)
    {
        while (at < _line.Length && _line[at] != '"')
        {
            at += _line[at] == '\\' ? 2 : 1;
        }

        return Math.Min(at + 1, _line.Length);
    }

    private static string Unquote(ReadOnlySpan<byte> word)
    {
        var bytes = new byte[word.Length];
        var (count, inside) = (0, false);
        for (var i = 0; i < word.Length; i++)
        {
            if (word[i] == '"')
            {
                inside = !inside;
                continue;
            }

            if (inside && word[i] == '\\' && i + 1 < word.Length)
            {
                i++;
            }

            bytes[count++] = word[i];
        }

        return Encoding.UTF8.GetString(bytes, 0, count);
    }
}
