namespace AllowlistSync.Proposals.Rewriting;

/// <summary>Cuts HCL into tokens and pairs its brackets. Comments are no tokens.</summary>
internal sealed class HclTokens
{
    private readonly TextFile _file;
    private readonly List<HclToken> _tokens = [];
    private readonly Dictionary<int, int> _pairs = [];
    private readonly Stack<int> _open = [];

    private HclTokens(TextFile file) => _file = file;

    /// <summary>How many there are.</summary>
    public int Count => _tokens.Count;

    /// <summary>One of them.</summary>
    public HclToken this[int index] => _tokens[index];

    /// <summary>Reads a file.</summary>
    /// <exception cref="RewriteException">Something does not end, or brackets do not pair.</exception>
    public static HclTokens Read(TextFile file)
    {
        var tokens = new HclTokens(file);
        for (var at = 0; at < file.Text.Length;)
        {
            at = tokens.Next(at);
        }

        return tokens._open.TryPeek(out var open) ? throw tokens.Wrong(tokens[open].Start, $"{tokens.TextOf(open)} is not closed") : tokens;
    }

    /// <summary>The token that closes a bracket.</summary>
    public int CloseOf(int open) => _pairs[open];

    /// <summary>Whether there is a token of this one character.</summary>
    public bool Is(int index, char sign) => index < Count && _tokens[index].Kind == HclKind.Other && _tokens[index].End == _tokens[index].Start + 1 && _file.Text[_tokens[index].Start] == sign;

    /// <summary>Whether a token is of a kind.</summary>
    public bool Is(int index, HclKind kind) => index < Count && _tokens[index].Kind == kind;

    /// <summary>The text of a token; of a text in quotes what is between them.</summary>
    public string TextOf(int index) => _tokens[index] is { Kind: HclKind.Text or HclKind.Template } text ? _file.Text[(text.Start + 1)..(text.End - 1)] : _file.Text[_tokens[index].Start.._tokens[index].End];

    private int Next(int at)
    {
        var text = _file.Text.AsSpan(at);
        return text switch
        {
            [' ' or '\t' or '\r', ..] => at + 1,
            ['#', ..] or ['/', '/', ..] => at + (text.IndexOf('\n') is var end && end < 0 ? text.Length : end),
            ['/', '*', ..] => at + 2 + (text[2..].IndexOf("*/") is var end && end < 0 ? throw Wrong(at, "a comment does not end") : end + 2),
            ['\n', ..] => Add(HclKind.LineEnd, at, at + 1),
            ['"', ..] => Quoted(at),
            ['<', '<', ..] => Heredoc(at),
            ['=', '=' or '>', ..] => Add(HclKind.Other, at, at + 2),
            ['[' or '{' or '(' or ']' or '}' or ')', ..] => Bracket(at),
            [var c, ..] when IsName(c) => Add(char.IsAsciiDigit(c) ? HclKind.Other : HclKind.Name, at, at + Word(text)),
            _ => Add(HclKind.Other, at, at + 1),
        };
    }

    private static bool IsName(char c) => char.IsLetterOrDigit(c) || c is '_' or '-';

    private static int Word(ReadOnlySpan<char> text)
    {
        var end = 1;
        while (end < text.Length && IsName(text[end]))
        {
            end++;
        }

        return end;
    }

    private int Add(HclKind kind, int start, int end)
    {
        _tokens.Add(new HclToken(kind, start, end));
        return end;
    }

    private int Bracket(int at)
    {
        if (_file.Text[at] is '[' or '{' or '(')
        {
            _open.Push(_tokens.Count);
        }
        else if (_open.TryPop(out var open) && (_file.Text[_tokens[open].Start], _file.Text[at]) is ('[', ']') or ('{', '}') or ('(', ')'))
        {
            _pairs[open] = _tokens.Count;
        }
        else
        {
            throw Wrong(at, $"{_file.Text[at]} closes nothing");
        }

        return Add(HclKind.Other, at, at + 1);
    }

    private int Quoted(int start)
    {
        var isTemplate = false;
        for (var at = start + 1; at < _file.Text.Length && _file.Text[at] != '\n'; at++)
        {
            switch (_file.Text.AsSpan(at))
            {
                case ['\\', _, ..] or ['$', '$', '{', ..] or ['%', '%', '{', ..]:
                    at++;
                    break;
                case ['$' or '%', '{', ..]:
                    (isTemplate, at) = (true, EndOfTemplate(at + 2));
                    break;
                case ['"', ..]:
                    return Add(isTemplate ? HclKind.Template : HclKind.Text, start, at + 1);
            }
        }

        throw Wrong(start, "a text does not end");
    }

    // A template holds an expression, which may hold texts with templates; a stack of what is open rather than recursion, as a file may nest without end.
    private int EndOfTemplate(int start)
    {
        var open = new Stack<char>("{");
        for (var at = start; at < _file.Text.Length; at++)
        {
            var (c, inText) = (_file.Text[at], open.Peek() == '"');
            if (inText && c == '\\')
            {
                at++;
            }
            else if (c == '"' && !inText)
            {
                open.Push('"');
            }
            else if (c == '{' && (!inText || _file.Text[at - 1] is '$' or '%'))
            {
                open.Push('{');
            }
            else if ((inText ? c == '"' : c == '}') && open.Pop() is var _ && open.Count == 0)
            {
                return at;
            }
        }

        throw Wrong(start - 2, "a template does not end");
    }

    private int Heredoc(int start)
    {
        var word = start + (_file.Text.AsSpan(start) is ['<', '<', '-', ..] ? 3 : 2);
        if (word >= _file.Text.Length || !IsName(_file.Text[word]))
        {
            return Add(HclKind.Other, start, start + 1);
        }

        var name = _file.Text.AsSpan(word, Word(_file.Text.AsSpan(word)));
        for (var line = _file.LineEnd(word); line < _file.Text.Length; line = _file.LineEnd(line))
        {
            if (_file.Text.AsSpan(line, _file.LineEnd(line) - line).Trim().SequenceEqual(name))
            {
                return Add(HclKind.Other, start, line + _file.Text.AsSpan(line, _file.LineEnd(line) - line).TrimEnd().Length);
            }
        }

        throw Wrong(start, "a heredoc does not end");
    }

    private RewriteException Wrong(int at, string what) => new("hcl-syntax", $"{_file.Path}, line {_file.LineOf(at)}: {what}", "mend the file");
}
