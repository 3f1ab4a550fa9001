namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Parses the blocks of tables, chains and sets, and the rules in them.</summary>
internal sealed class NftTextBlocks
{
    private readonly NftTextCursor cursor;
    private readonly NftTextParser parser;
    private readonly NftTextStatements statements;
    private readonly NftTextChainHeads heads;
    private readonly NftTextSets sets;

    /// <param name="cursor">Where the text is read.</param>
    /// <param name="parser">Whose blocks they are.</param>
    public NftTextBlocks(NftTextCursor cursor, NftTextParser parser)
    {
        (this.cursor, this.parser) = (cursor, parser);
        var expressions = new NftTextExpressions(cursor);
        statements = new(cursor, expressions);
        heads = new(cursor, expressions);
        sets = new(cursor, expressions, new(cursor, expressions));
    }

    /// <summary>Whether a word starts a named object that has no meaning of its own.</summary>
    public static bool IsObject(string word) => word is "counter" or "quota" or "limit" or "ct" or "secmark" or "synproxy" or "flowtable" or "tunnel";

    /// <summary>Reads the block of a table.</summary>
    public bool ReadTable(NftScriptTable table)
    {
        var open = cursor.Next();
        for (cursor.SkipBreaks(); !cursor.Take("}"); cursor.SkipBreaks())
        {
            cursor.RequireMore(open);
            var start = cursor.Position;
            if (!ReadMember(table) || cursor.HasFailed || !cursor.IsAtLineEnd)
            {
                cursor.HasFailed = false;
                cursor.Position = start;
                cursor.SkipLine();
                parser.Miss(table.Family, start, $"'{cursor.TextFrom(start)}' in table {table.Family} {table.Name} is not understood");
            }
        }

        return true;
    }

    /// <summary>Reads the block of a chain.</summary>
    public bool ReadChain(NftScriptTable table, NftScriptChain chain)
    {
        var open = cursor.Now;
        cursor.Expect("{");
        for (cursor.SkipBreaks(); !cursor.HasFailed && !cursor.Take("}"); cursor.SkipBreaks())
        {
            cursor.RequireMore(open);
            ReadLine(table, chain);
        }

        return !cursor.HasFailed;
    }

    /// <summary>Reads the block of a set or map.</summary>
    public bool ReadSet(NftScriptSet set)
    {
        sets.ReadBlock(set);
        return !cursor.HasFailed;
    }

    /// <summary>Reads elements in braces.</summary>
    public List<NftTextTree> ReadElements(NftScriptSet set) => sets.ReadElements(set);

    /// <summary>Reads one rule to the end of its line.</summary>
    public NftScriptRule ReadRule()
    {
        var start = cursor.Position;
        var parts = statements.ParseRule();
        var text = cursor.TextFrom(start);
        return new(null, parts, text, Handle());
    }

    /// <summary>Reads only the parts of a rule, from a text that holds nothing else.</summary>
    public List<NftTextTree> ReadParts() => statements.ParseRule();

    private bool ReadMember(NftScriptTable table)
    {
        var word = cursor.Next().Text;
        switch (word)
        {
            case "flags":
                ReadFlags(table);
                return true;
            case "comment":
                _ = cursor.Name();
                return true;
            case "chain":
                return ReadChain(table, table.Make(cursor.Name()));
            case "set" or "map":
                var name = cursor.Name();
                if (!table.Sets.TryGetValue(name, out var set))
                {
                    table.Sets[name] = set = NftScriptSet.New(name);
                    set.IsMap = word == "map";
                }

                return ReadSet(set);
            default:
                cursor.SkipLine();
                return IsObject(word);
        }
    }

    private void ReadFlags(NftScriptTable table)
    {
        do
        {
            table.IsDormant |= cursor.Name() == "dormant";
        }
        while (cursor.Take(","));
    }

    private void ReadLine(NftScriptTable table, NftScriptChain chain)
    {
        var start = cursor.Position;
        switch (cursor.Now.Text)
        {
            case "type" when cursor.Ahead(2).Is("hook"):
                chain.Head = heads.Parse(table.Family);
                break;
            case "policy":
                cursor.Next();
                SetPolicy(chain, cursor.Now.Kind == NftTextTokenKind.Variable ? "$" + cursor.Next().Text : cursor.Name());
                break;
            case "devices" or "device" when chain.Head is { } head:
                chain.Head = head with { Devices = heads.ParseDevices() };
                break;
            case "comment" when cursor.Ahead(1).Kind == NftTextTokenKind.Quoted && cursor.Ahead(2).Kind is NftTextTokenKind.Break or NftTextTokenKind.Comment:
                cursor.Next();
                cursor.Next();
                break;
            case "flags" when cursor.Ahead(1).Is("offload"):
                cursor.Next();
                cursor.Next();
                break;
            default:
                AddRule(chain);
                return;
        }

        if (cursor.HasFailed || !cursor.IsAtLineEnd)
        {
            cursor.HasFailed = false;
            cursor.Position = start;
            cursor.SkipLine();
            parser.Miss(table.Family, start, $"'{cursor.TextFrom(start)}' of chain {table.Family} {table.Name} {chain.Name} is not understood");
        }
    }

    private void AddRule(NftScriptChain chain)
    {
        var rule = ReadRule();
        if (rule.Parts.Count > 0 || rule.Text.Length > 0)
        {
            chain.Rules.Add(rule);
        }
    }

    private static void SetPolicy(NftScriptChain chain, string policy)
    {
        if (chain.Head is { } head)
        {
            head.Policy = policy;
        }
        else
        {
            chain.Policy = policy;
        }
    }

    // nft -a: # handle 12
    private long? Handle()
    {
        var note = cursor.Now.Kind == NftTextTokenKind.Comment ? cursor.Now.Text.AsSpan().Trim() : default;
        return note.StartsWith("handle ", StringComparison.Ordinal) && long.TryParse(note[7..], out var handle) ? handle : null;
    }
}
