using System.Collections.Immutable;
using System.Text;

namespace AllowlistSync.Providers.Host.Fail2Ban;

/// <summary>Reads a flat list of texts and numbers as Python prints it, such as <c>['set', 'sshd', 'addignoreip', '127.0.0.1/8']</c>.</summary>
internal static class PythonList
{
    /// <summary>Its items as text; null for anything else, such as a list in a list.</summary>
    public static ImmutableArray<string>? Read(string line)
    {
        if (line is not ['[', .., ']'])
        {
            return null;
        }

        var items = ImmutableArray.CreateBuilder<string>();
        var rest = line.AsSpan(1, line.Length - 2);
        while (!rest.IsEmpty)
        {
            if (ReadItem(ref rest) is not { } item || !(rest.IsEmpty || TrySkipComma(ref rest)))
            {
                return null;
            }

            items.Add(item);
        }

        return items.ToImmutable();
    }

    private static bool TrySkipComma(ref ReadOnlySpan<char> rest)
    {
        if (!rest.StartsWith(", "))
        {
            return false;
        }

        rest = rest[2..];
        return !rest.IsEmpty;
    }

    private static string? ReadItem(ref ReadOnlySpan<char> rest)
    {
        if (rest[0] is '\'' or '"')
        {
            return ReadText(ref rest);
        }

        var end = rest.IndexOf(',') is var comma && comma < 0 ? rest.Length : comma;
        var word = rest[..end].ToString();
        rest = rest[end..];
        return word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.') ? word : null;
    }

    // repr() escapes the quote that it uses, backslashes and what cannot be printed; of these only the first two can be in a name or an address.
    private static string? ReadText(ref ReadOnlySpan<char> rest)
    {
        var quote = rest[0];
        var text = new StringBuilder();
        for (var i = 1; i < rest.Length; i++)
        {
            if (rest[i] == quote)
            {
                rest = rest[(i + 1)..];
                return text.ToString();
            }

            if (rest[i] == '\\' && i + 1 < rest.Length)
            {
                i++;
            }

            text.Append(rest[i]);
        }

        return null;
    }
}
