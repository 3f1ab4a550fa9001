namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>The commands that change what is there: add, create, insert, replace, delete, destroy, rename.</summary>
internal sealed class NftScriptEdits(NftTextCursor cursor, NftTextParser parser, NftTextBlocks blocks)
{
    private int start;

    /// <summary>Does one, whose verb has been read; false when it is not understood.</summary>
    public bool Do(string verb)
    {
        start = cursor.Position;
        var kind = cursor.Now.Kind == NftTextTokenKind.Word ? cursor.Now.Text : "";
        if (NftTextBlocks.IsObject(kind))
        {
            cursor.SkipLine();
            return true;
        }

        if (kind is "table" or "chain" or "set" or "map" or "element" or "rule")
        {
            cursor.Next();
        }

        var isRemoval = verb is "delete" or "destroy";
        return kind switch
        {
            "table" => isRemoval ? parser.DeleteTable(verb == "destroy") : parser.Table(verb == "create"),
            "chain" => Chain(verb),
            "set" or "map" => isRemoval ? DeleteSet(verb == "destroy") : AddSet(verb, kind == "map"),
            "element" => Elements(verb),
            _ => Rule(verb),
        };
    }

    private bool Chain(string verb)
    {
        if (Table() is not { } table)
        {
            return Pass();
        }

        var name = cursor.Name();
        var found = table.Find(name);
        switch (verb)
        {
            case "rename":
                return Rename(table, found);
            case "delete" or "destroy":
                return DeleteChain(table, found, name, verb == "destroy");
            case "create" when found is not null:
                Refuse(table, $"chain {name} is there already");
                break;
        }

        var chain = table.Make(name);
        return !cursor.Is("{") || blocks.ReadChain(table, chain);
    }

    private bool DeleteChain(NftScriptTable table, NftScriptChain? chain, string name, bool isLenient)
    {
        if (chain is null)
        {
            if (!isLenient)
            {
                Refuse(table, $"there is no chain {name}");
            }

            return Pass();
        }

        table.Remove(chain);
        if (cursor.Is("{"))
        {
            cursor.SkipBlock();
        }

        return true;
    }

    // Rules that jump to it follow it in the kernel, where they hold the chain itself; here they hold its name.
    private bool Rename(NftScriptTable table, NftScriptChain? chain)
    {
        var name = cursor.Name();
        Refuse(table, $"chain {chain?.Name} would become {name}, which this version does not follow");
        return true;
    }

    private bool AddSet(string verb, bool isMap)
    {
        if (Table() is not { } table)
        {
            return Pass();
        }

        var name = cursor.Name();
        if (!table.Sets.TryGetValue(name, out var set))
        {
            table.Sets[name] = set = NftScriptSet.New(name);
            set.IsMap = isMap;
        }
        else if (verb == "create")
        {
            Refuse(table, $"set {name} is there already");
        }

        return !cursor.Is("{") || blocks.ReadSet(set);
    }

    private bool DeleteSet(bool isLenient)
    {
        if (Table() is not { } table)
        {
            return Pass();
        }

        var name = cursor.Name();
        if (!table.Sets.Remove(name) && !isLenient)
        {
            Refuse(table, $"there is no set {name}");
        }

        return true;
    }

    private bool Elements(string verb)
    {
        if (Table() is not { } table)
        {
            return Pass();
        }

        var name = cursor.Name();
        if (!table.Sets.TryGetValue(name, out var set))
        {
            Refuse(table, $"there is no set {name}");
            return Pass();
        }

        var elements = blocks.ReadElements(set);
        switch (verb)
        {
            case "delete" or "destroy":
                set.Delete(elements, verb == "destroy");
                return !cursor.HasFailed;
            case "add" or "create":
                set.Add(elements);
                return !cursor.HasFailed;
            default:
                return false;
        }
    }

    private bool Rule(string verb)
    {
        if (Table() is not { } table)
        {
            return Pass();
        }

        if (table.Find(cursor.Name()) is not { } chain)
        {
            Refuse(table, "the chain of the rule is not there");
            return Pass();
        }

        if (!TryPlace(table, chain, out var at))
        {
            return Pass();
        }

        switch (verb)
        {
            case "delete" or "destroy" when at is { } index:
                chain.Rules.RemoveAt(index);
                return true;
            case "replace" when at is { } index:
                chain.Rules[index] = blocks.ReadRule() with { Handle = chain.Rules[index].Handle };
                return true;
            case "insert":
                chain.Rules.Insert(at ?? 0, blocks.ReadRule());
                return true;
            case "add" or "create":
                chain.Rules.Insert(at + 1 ?? chain.Rules.Count, blocks.ReadRule());
                return true;
            default:
                return false;
        }
    }

    // The rule that a place names: before it with insert, behind it with add (nft(8), "Rules").
    private bool TryPlace(NftScriptTable table, NftScriptChain chain, out int? at)
    {
        at = null;
        if (cursor.Now.Text is not ("position" or "handle" or "index"))
        {
            return true;
        }

        var isIndex = cursor.Next().Text == "index";
        var number = cursor.Number();
        var index = isIndex ? (int)Math.Min(number, int.MaxValue) : chain.Rules.FindIndex(rule => rule.Handle == (long)number);
        if (index < 0 || index >= chain.Rules.Count)
        {
            Refuse(table, $"chain {chain.Name} has no rule with the {(isIndex ? "index" : "handle")} {number}");
            return false;
        }

        at = index;
        return true;
    }

    private NftScriptTable? Table()
    {
        var family = parser.Family();
        return parser.Existing(family, cursor.Name(), start);
    }

    private void Refuse(NftScriptTable table, string why) =>
        parser.Miss(table.Family, start, $"table {table.Family} {table.Name}: {why}; the kernel refuses such a script, or it does what is not followed here");

    private bool Pass()
    {
        cursor.SkipLine();
        return true;
    }
}
