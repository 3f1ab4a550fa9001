using System.Net;
using System.Net.Sockets;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Cuts nft's language into tokens, as src/scanner.l of nftables does. Never fails: what is no token of the language becomes a symbol that no rule knows.</summary>
internal sealed class NftTextLexer
{
    private static readonly string[] LongSymbols = ["==", "!=", "<=", ">=", "<<", ">>"];
    private readonly string source;
    private readonly List<NftTextToken> tokens = [];
    private readonly HashSet<string> words = new(StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> known;
    private int at;

    private NftTextLexer(string source)
    {
        this.source = source;
        known = words.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The tokens, the last of which is the end.</summary>
    public static List<NftTextToken> Read(string source)
    {
        var lexer = new NftTextLexer(source);
        while (lexer.at < source.Length)
        {
            lexer.ReadOne();
        }

        lexer.tokens.Add(new(NftTextTokenKind.End, "", source.Length, source.Length));
        return lexer.tokens;
    }

    private void ReadOne()
    {
        var c = source[at];
        switch (c)
        {
            case '\n' or ';':
                Add(NftTextTokenKind.Break, c == ';' ? ";" : "\n", at, at + 1);
                break;
            case ' ' or '\t' or '\r' or '\uFEFF':
                at++;
                break;
            case '\\' when IsContinuation(out var next):
                at = next;
                break;
            case '#':
                ReadComment();
                break;
            case '"':
                ReadQuoted();
                break;
            case '$' when at + 1 < source.Length && IsWordStart(source[at + 1]):
                AddVariable();
                break;
            default:
                ReadWordOrSymbol(c);
                break;
        }
    }

    private bool IsContinuation(out int next)
    {
        next = at + 1;
        while (next < source.Length && source[next] is ' ' or '\t' or '\r')
        {
            next++;
        }

        next++;
        return next <= source.Length && source[next - 1] == '\n';
    }

    private void ReadComment()
    {
        var end = source.IndexOf('\n', at);
        end = end < 0 ? source.Length : end;
        Add(NftTextTokenKind.Comment, Known(source.AsSpan(at + 1, end - at - 1)), at, end);
    }

    private void ReadQuoted()
    {
        var end = source.AsSpan(at + 1).IndexOfAny('"', '\n');
        var close = end < 0 ? source.Length : at + 1 + end;
        var isClosed = close < source.Length && source[close] == '"';
        Add(NftTextTokenKind.Quoted, Known(source.AsSpan(at + 1, close - at - 1)), at, isClosed ? close + 1 : close);
    }

    private void AddVariable()
    {
        var end = at + 1;
        while (end < source.Length && (char.IsAsciiLetterOrDigit(source[end]) || source[end] is '_' or '.' or '-' or '/'))
        {
            end++;
        }

        Add(NftTextTokenKind.Variable, source[(at + 1)..end], at, end);
    }

    private void ReadWordOrSymbol(char c)
    {
        var end = c == ':' || char.IsAsciiHexDigit(c) ? AddressEnd() : at;
        end = end > at ? end : WordEnd(c);
        if (end > at)
        {
            Add(NftTextTokenKind.Word, Known(source.AsSpan(at, end - at)), at, end);
            return;
        }

        foreach (var symbol in LongSymbols)
        {
            if (source.AsSpan(at).StartsWith(symbol, StringComparison.Ordinal))
            {
                Add(NftTextTokenKind.Symbol, symbol, at, at + 2);
                return;
            }
        }

        Add(NftTextTokenKind.Symbol, Known(source.AsSpan(at, 1)), at, at + 1);
    }

    // An IPv6 or hardware address; a single colon belongs to a map (80 : 8080) or a translation (10.0.0.1:80).
    private int AddressEnd()
    {
        var (end, colons) = (at, 0);
        while (end < source.Length && (char.IsAsciiHexDigit(source[end]) || source[end] is ':' or '.'))
        {
            colons += source[end] == ':' ? 1 : 0;
            end++;
        }

        while (colons >= 2 && end > at && (end == source.Length || !char.IsAsciiLetterOrDigit(source[end])))
        {
            var span = source.AsSpan(at, end - at);
            if ((IPAddress.TryParse(span, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6) || IsHardware(span))
            {
                return end;
            }

            if (span[^1] is not (':' or '.'))
            {
                return at;
            }

            end--;
        }

        return at;
    }

    private static bool IsHardware(ReadOnlySpan<char> text)
    {
        var groups = 0;
        foreach (var group in text.Split(':'))
        {
            groups++;
            if (group.End.Value - group.Start.Value is not (1 or 2))
            {
                return false;
            }
        }

        return groups == 6;
    }

    // Words that start with a digit (numbers, IPv4 addresses, times) end at - and /, names do not: echo-request, mbytes/second.
    private int WordEnd(char c)
    {
        var end = at;
        if (char.IsAsciiDigit(c))
        {
            while (end < source.Length && (char.IsAsciiLetterOrDigit(source[end]) || source[end] is '_' or '.'))
            {
                end++;
            }

            return end;
        }

        if (!IsWordStart(c) && !(c == '.' && at + 1 < source.Length && char.IsAsciiLetterOrDigit(source[at + 1])))
        {
            return at;
        }

        while (end < source.Length && (char.IsLetterOrDigit(source[end]) || source[end] is '_' or '.' or '-' or '/'))
        {
            end++;
        }

        return end < source.Length && source[end] == '*' ? end + 1 : end;
    }

    private static bool IsWordStart(char c) => char.IsLetter(c) || c == '_';

    private void Add(NftTextTokenKind kind, string text, int start, int end)
    {
        tokens.Add(new(kind, text, start, end));
        at = end;
    }

    // Most words come again and again.
    private string Known(ReadOnlySpan<char> text)
    {
        if (!known.TryGetValue(text, out var word))
        {
            word = text.ToString();
            words.Add(word);
        }

        return word;
    }
}
