namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Parses expressions: what a condition looks at, what it is compared with, and the elements of sets and maps.</summary>
internal sealed class NftTextExpressions
{
    private const int MostNested = 200;
    private static readonly string[][] Operators = [["|"], ["^"], ["&"], ["<<", ">>"]];
    private readonly NftTextCursor cursor;
    private readonly NftTextKeys keyParser;
    private int depth;

    public NftTextExpressions(NftTextCursor cursor)
    {
        this.cursor = cursor;
        keyParser = new(cursor, this);
    }

    /// <summary>Several values joined by dots; one of them stands for itself.</summary>
    /// <param name="keys">Whether a single word such as <c>mark</c> is something to look at, and not a value.</param>
    public NftTextTree Concatenation(bool keys)
    {
        var first = Range(keys);
        if (!cursor.Is("."))
        {
            return cursor.Is("map") ? Map(first) : first;
        }

        var parts = new List<NftTextTree> { first };
        while (cursor.Take("."))
        {
            parts.Add(Range(keys));
        }

        var all = NftTextTree.Of("concat", NftTextTree.List(parts));
        return cursor.Is("map") ? Map(all) : all;
    }

    /// <summary>What a map or a write gives; of the values, only a class of traffic has a colon in it: <c>1:12</c>.</summary>
    /// <param name="keys">As in <see cref="Concatenation"/>.</param>
    public NftTextTree Value(bool keys)
    {
        var start = cursor.Position;
        var value = Concatenation(keys);
        if (!cursor.Is(":") || cursor.Ahead(1).Kind != NftTextTokenKind.Word)
        {
            return value;
        }

        cursor.Next();
        cursor.Next();
        return NftTextTree.Word(cursor.TextFrom(start));
    }

    /// <summary>A single thing to look at, without what it might be joined with.</summary>
    public NftTextTree Key() => Primary(keys: true);

    /// <summary>Values separated by commas, such as flags; a single one stands for itself.</summary>
    public NftTextTree ValueList()
    {
        var first = Concatenation(keys: false);
        if (!cursor.Is(","))
        {
            return first;
        }

        var items = new List<NftTextTree> { first };
        while (cursor.Take(","))
        {
            items.Add(Concatenation(keys: false));
        }

        return NftTextTree.List(items);
    }

    /// <summary>A set in braces, or the name of one: <c>{ 1, 2 }</c>, <c>@name</c>.</summary>
    public NftTextTree SetOrName()
    {
        if (cursor.Take("@"))
        {
            return NftTextTree.Word("@" + cursor.Name());
        }

        return cursor.Is("{") ? NftTextTree.Of("set", NftTextTree.List(Elements())) : cursor.Fail();
    }

    /// <summary>The elements in braces.</summary>
    public List<NftTextTree> Elements()
    {
        var elements = new List<NftTextTree>();
        ReadElements(elements);
        return elements;
    }

    /// <summary>A verdict, as it stands in a rule or as the value of a map; null when there is none here.</summary>
    public NftTextTree? Verdict()
    {
        if (cursor.Now.Kind != NftTextTokenKind.Word)
        {
            return null;
        }

        switch (cursor.Now.Text)
        {
            case "accept" or "drop" or "continue" or "return":
                return NftTextTree.Of(cursor.Next().Text, NftTextTree.Nothing);
            case "jump" or "goto" when cursor.Ahead(1).Kind is NftTextTokenKind.Word or NftTextTokenKind.Quoted:
                return NftTextTree.Of(cursor.Next().Text, NftTextTree.Of("target", cursor.Name()));
            default:
                return null;
        }
    }

    // A variable that holds a set may stand inside of a set.
    private void ReadElements(List<NftTextTree> elements)
    {
        var open = cursor.Now;
        cursor.Expect("{");
        cursor.SkipBreaks();
        if (++depth > MostNested)
        {
            cursor.Fail();
        }

        while (!cursor.HasFailed && !cursor.Take("}"))
        {
            cursor.RequireMore(open);
            if (cursor.Is("{"))
            {
                ReadElements(elements);
            }
            else
            {
                elements.Add(Element());
            }

            cursor.SkipBreaks();
            cursor.HasFailed |= !cursor.Take(",") && !cursor.Is("}");
            cursor.SkipBreaks();
        }

        depth--;
    }

    private NftTextTree Element()
    {
        var key = Concatenation(keys: false);
        var options = new List<(string, NftTextTree)>();
        ReadOptions(options);
        NftTextTree? value = null;
        if (cursor.Take(":"))
        {
            cursor.SkipBreaks();
            value = Verdict() ?? Value(keys: false);
            ReadOptions(options);
        }

        key = options.Count == 0 ? key : NftTextTree.Of("elem", NftTextTree.Object([("val", key), .. options]));
        return value is null ? key : NftTextTree.List([key, value]);
    }

    private void ReadOptions(List<(string, NftTextTree)> options)
    {
        while (cursor.Now.Kind == NftTextTokenKind.Word)
        {
            switch (cursor.Now.Text)
            {
                case "timeout" or "expires":
                    options.Add((cursor.Next().Text, Seconds()));
                    break;
                case "comment":
                    options.Add((cursor.Next().Text, NftTextTree.Word(cursor.Name())));
                    break;
                case "counter":
                    options.Add((cursor.Next().Text, Counts()));
                    break;
                default:
                    options.Add(("statement", NftTextTree.Word(RestOfElement())));
                    return;
            }
        }
    }

    // A limit of one element: what it does cannot be known, only that it is there.
    private string RestOfElement()
    {
        var start = cursor.Position;
        while (!cursor.IsAtEnd && !cursor.Is(",") && !cursor.Is("}") && !cursor.Is(":") && !cursor.Is("{"))
        {
            cursor.Next();
        }

        return cursor.TextFrom(start);
    }

    private NftTextTree Seconds()
    {
        var text = cursor.Name();
        return NftTextNumbers.TryReadSeconds(text, out var seconds) ? NftTextTree.Number(seconds) : NftTextTree.Word(text);
    }

    /// <summary>What follows <c>counter</c>.</summary>
    public NftTextTree Counts()
    {
        if (!cursor.Take("packets"))
        {
            return NftTextTree.Nothing;
        }

        var packets = cursor.Number();
        cursor.Expect("bytes");
        return NftTextTree.Object(("packets", NftTextTree.Number(packets)), ("bytes", NftTextTree.Number(cursor.Number())));
    }

    private NftTextTree Map(NftTextTree key)
    {
        cursor.Expect("map");
        return NftTextTree.Of("map", NftTextTree.Object(("key", key), ("data", SetOrName())));
    }

    private NftTextTree Range(bool keys)
    {
        var value = Binary(0, keys);
        if (cursor.Is("-"))
        {
            cursor.Next();
            return NftTextTree.Of("range", NftTextTree.List([value, Binary(0, keys)]));
        }

        if (cursor.Is("/") && NftTextNumbers.TryRead(cursor.Ahead(1).Text, out var length))
        {
            cursor.Next();
            cursor.Next();
            return NftTextTree.Of("prefix", NftTextTree.Object(("addr", value), ("len", NftTextTree.Number(length))));
        }

        return value;
    }

    private NftTextTree Binary(int level, bool keys)
    {
        if (level == Operators.Length)
        {
            return Primary(keys);
        }

        var left = Binary(level + 1, keys);
        while (Operator(cursor.Now) is { } symbol && Array.IndexOf(Operators[level], symbol) >= 0)
        {
            var isWord = cursor.Next().Kind == NftTextTokenKind.Word;
            var right = Binary(level + 1, keys);

            // Of CONNMARK iptables says "ct mark xor X and Y", meaning (ct mark & Y) ^ X, and nft reads the same words otherwise.
            left = isWord && symbol != "&" && right["&"] is not null ? cursor.Fail() : Join(symbol, left, right);
        }

        return left;
    }

    // nft writes signs; the words come from iptables, whose targets nft 1.0.6 prints as it is told: "meta mark set mark and 0xffffff0f xor 0x10".
    private static string? Operator(NftTextToken token) => (token.Kind, token.Text) switch
    {
        (NftTextTokenKind.Symbol, _) => token.Text,
        (NftTextTokenKind.Word, "and") => "&",
        (NftTextTokenKind.Word, "or") => "|",
        (NftTextTokenKind.Word, "xor") => "^",
        _ => null,
    };

    // Names of bits are a list in JSON: (syn | ack) is ["syn", "ack"].
    private static NftTextTree Join(string symbol, NftTextTree left, NftTextTree right) =>
        symbol == "|" && Names(left) is { } one && Names(right) is { } other
            ? NftTextTree.List([.. one, .. other])
            : NftTextTree.Of(symbol, NftTextTree.List([left, right]));

    private static IReadOnlyList<NftTextTree>? Names(NftTextTree tree) => tree.AsWord is not null ? [tree] : tree.AsList;

    private NftTextTree Primary(bool keys)
    {
        var token = cursor.Now;
        if (token.Is("@") && cursor.Ahead(2).Is(","))
        {
            return keyParser.Parse();
        }

        if (NftTextSelectors.IsPair(token, cursor.Ahead(1)) || (keys && NftTextSelectors.StartsAt(token, cursor.Ahead(1)) && !token.Is("(")))
        {
            return keyParser.Parse();
        }

        return token.Kind switch
        {
            NftTextTokenKind.Quoted => NftTextTree.Word(cursor.Next().Text),
            NftTextTokenKind.Word => Literal(cursor.Next().Text),
            NftTextTokenKind.Symbol => Punctuated(token.Text, keys),
            _ => cursor.Fail(),
        };
    }

    private static NftTextTree Literal(string text) =>
        NftTextNumbers.TryRead(text, out var number) ? NftTextTree.Number(number)
        : text switch
        {
            "exists" => NftTextTree.Flag(true),
            "missing" => NftTextTree.Flag(false),
            _ => NftTextTree.Word(text),
        };

    private NftTextTree Punctuated(string symbol, bool keys)
    {
        switch (symbol)
        {
            case "@" or "{":
                return SetOrName();
            case "*":
                cursor.Next();
                return NftTextTree.Word("*");
            case "[":
                cursor.Next();
                var address = NftTextTree.Word(cursor.Name());
                cursor.Expect("]");
                return address;
            case "(" when depth < MostNested:
                cursor.Next();
                depth++;
                var inner = Concatenation(keys);
                while (inner.AsWord is not null && cursor.Take(","))
                {
                    inner = Join("|", inner, Concatenation(keys));
                }

                depth--;
                cursor.Expect(")");
                return inner;
            default:
                return cursor.Fail();
        }
    }
}
