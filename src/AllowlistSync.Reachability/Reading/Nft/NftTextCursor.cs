namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>
/// Walks over the tokens. A failure is remembered instead of thrown: parsing goes on without effect until the statement's parser looks at
/// <see cref="HasFailed"/>, so that strange text costs no exception.
/// </summary>
internal sealed class NftTextCursor(string name, string source)
{
    private readonly List<NftTextToken> tokens = NftTextVariables.Expand(NftTextLexer.Read(source));

    /// <summary>The index of the present token.</summary>
    public int Position { get; set; }

    /// <summary>Set when the text did not fit the grammar.</summary>
    public bool HasFailed { get; set; }

    /// <summary>The present token.</summary>
    public NftTextToken Now => tokens[Position];

    /// <summary>True at the end of the text.</summary>
    public bool IsAtEnd => Now.Kind == NftTextTokenKind.End;

    /// <summary>True where a rule or a line of a block ends.</summary>
    public bool IsAtLineEnd => Now.Kind is NftTextTokenKind.End or NftTextTokenKind.Break or NftTextTokenKind.Comment || Now.Is("}");

    /// <summary>Moves on and gives the token that was left.</summary>
    public NftTextToken Next()
    {
        var token = tokens[Position];
        Position += token.Kind == NftTextTokenKind.End ? 0 : 1;
        return token;
    }

    /// <summary>The token so many places further.</summary>
    public NftTextToken Ahead(int places) => tokens[Math.Min(Position + places, tokens.Count - 1)];

    /// <summary>Whether the present token is this word or symbol.</summary>
    public bool Is(string text) => Now.Is(text);

    /// <summary>Moves over a word or symbol, when it is there.</summary>
    public bool Take(string text)
    {
        var isThere = Now.Is(text);
        Position += isThere ? 1 : 0;
        return isThere;
    }

    /// <summary>Moves over a word or symbol that must be there.</summary>
    public void Expect(string text) => HasFailed |= !Take(text);

    /// <summary>A word or a quoted string that must be there.</summary>
    public string Name()
    {
        if (Now.Kind is NftTextTokenKind.Word or NftTextTokenKind.Quoted)
        {
            return Next().Text;
        }

        HasFailed = true;
        return "";
    }

    /// <summary>A number that must be there, decimal or hexadecimal.</summary>
    public ulong Number()
    {
        if (Now.Kind is NftTextTokenKind.Word or NftTextTokenKind.Quoted && NftTextNumbers.TryRead(Now.Text, out var number))
        {
            Next();
            return number;
        }

        HasFailed = true;
        return 0;
    }

    /// <summary>Remembers a failure.</summary>
    public NftTextTree Fail()
    {
        HasFailed = true;
        return NftTextTree.Nothing;
    }

    /// <summary>Moves over ends of lines and comments.</summary>
    public void SkipBreaks()
    {
        while (Now.Kind is NftTextTokenKind.Break or NftTextTokenKind.Comment)
        {
            Position++;
        }
    }

    /// <summary>Moves to the end of the line, over blocks in braces.</summary>
    public void SkipLine()
    {
        while (!IsAtLineEnd)
        {
            if (Is("{"))
            {
                SkipBlock();
            }
            else
            {
                Next();
            }
        }
    }

    /// <summary>Moves over a block in braces.</summary>
    /// <exception cref="DumpException">It does not end.</exception>
    public void SkipBlock()
    {
        var (open, depth) = (Now, 0);
        do
        {
            depth += Is("{") ? 1 : Is("}") ? -1 : 0;
            RequireMore(open);
            Next();
        }
        while (depth > 0);
    }

    /// <summary>Refuses the end of the text inside of a block.</summary>
    /// <exception cref="DumpException">The text ends.</exception>
    public void RequireMore(NftTextToken open)
    {
        if (IsAtEnd)
        {
            throw new DumpException($"{name}, line {LineOf(open)}: the brace that opens here is never closed; the text is cut off.", "take the dump again, with the whole output of nft list ruleset");
        }
    }

    /// <summary>The text from a token's index to the present one, on one line.</summary>
    public string TextFrom(int position)
    {
        if (position >= Position)
        {
            return "";
        }

        var (start, end) = (tokens[position].Start, tokens[Position - 1].End);
        var text = source.AsSpan(start, Math.Max(0, end - start));
        return text.Contains('\n') ? OnOneLine(position) : text.ToString();
    }

    // Without comments, and with semicolons where rules of an anonymous chain ended with their lines.
    private string OnOneLine(int position)
    {
        var text = new System.Text.StringBuilder();
        for (var i = position; i < Position; i++)
        {
            var (token, last) = (tokens[i], i == position ? default : tokens[i - 1]);
            if (token.Kind == NftTextTokenKind.Comment || (i > position && token.Start == last.Start))
            {
                continue;
            }

            if (token.Kind == NftTextTokenKind.Break)
            {
                text.Append(last.Kind is NftTextTokenKind.Break or NftTextTokenKind.Comment || last.Is("{") || last.Is(",") || tokens[i + 1].Is("}") ? "" : ";");
                continue;
            }

            text.Append(i > position && token.Start > last.End ? " " : "").Append(source, token.Start, token.End - token.Start);
        }

        return text.ToString();
    }

    /// <summary>The tokens from an index to the present one as text that means the same, with variables in it replaced.</summary>
    public string Render(int position)
    {
        var text = new System.Text.StringBuilder();
        for (var i = position; i < Position; i++)
        {
            var token = tokens[i];
            text.Append(token.Kind switch
            {
                NftTextTokenKind.Comment => "",
                NftTextTokenKind.Quoted => $"\"{token.Text}\" ",
                NftTextTokenKind.Variable => $"${token.Text} ",
                NftTextTokenKind.Break => "\n",
                _ => token.Text + " ",
            });
        }

        return text.ToString();
    }

    /// <summary>The line of a token, from 1.</summary>
    public int LineOf(NftTextToken token) => source.AsSpan(0, token.Start).Count('\n') + 1;
}
