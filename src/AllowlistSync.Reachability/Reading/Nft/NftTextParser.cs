namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Carries out a text of nft's language, line by line, on a state: the output of <c>nft list ruleset</c> is such a text as well.</summary>
internal sealed class NftTextParser
{
    private static readonly string[] Families = ["ip", "ip6", "inet", "arp", "bridge", "netdev"];
    private readonly string name;
    private readonly NftTextCursor cursor;
    private readonly NftScriptState state;
    private readonly NftTextBlocks blocks;
    private readonly NftScriptEdits edits;

    /// <param name="name">For messages.</param>
    /// <param name="text">The text.</param>
    /// <param name="state">What it is carried out on.</param>
    public NftTextParser(string name, string text, NftScriptState state)
    {
        this.name = name;
        this.state = state;
        cursor = new(name, text);
        blocks = new(cursor, this);
        edits = new(cursor, this, blocks);
    }

    /// <summary>How many commands were understood.</summary>
    public int Understood { get; private set; }

    /// <summary>Carries out the whole text.</summary>
    /// <exception cref="DumpException">A brace is never closed.</exception>
    public void Run()
    {
        for (cursor.SkipBreaks(); !cursor.IsAtEnd; cursor.SkipBreaks())
        {
            var start = cursor.Position;
            cursor.HasFailed = false;
            if (!Command() || cursor.HasFailed || !cursor.IsAtLineEnd || cursor.Is("}"))
            {
                Skip(start);
            }
            else
            {
                Understood++;
            }
        }
    }

    /// <summary>Remembers that something is missing.</summary>
    public void Miss(string? family, int start, string what)
    {
        var position = cursor.Position;
        cursor.Position = start;
        var line = cursor.LineOf(cursor.Now);
        cursor.Position = position;
        state.Miss(family, $"{name}, line {line}: {what}");
    }

    /// <summary>A table that must be there; null, with a gap, when it is not.</summary>
    public NftScriptTable? Existing(string family, string table, int start)
    {
        if (state.Find(family, table) is { } found)
        {
            found.IsTouched = true;
            return found;
        }

        Miss(family, start, $"there is no table {family} {table}; the kernel refuses a script that asks for one");
        return null;
    }

    /// <summary>A family, which may be left out.</summary>
    public string Family() => cursor.Now.Kind == NftTextTokenKind.Word && Families.Contains(cursor.Now.Text) ? cursor.Next().Text : "ip";

    private void Skip(int start)
    {
        cursor.Position = start;
        _ = cursor.Take("}");
        cursor.SkipLine();
        Miss(null, start, $"'{Short(cursor.TextFrom(start))}' is not understood");
        cursor.HasFailed = false;
    }

    private static string Short(string text) => text.Length <= 100 ? text : text[..100] + "...";

    private bool Command()
    {
        var start = cursor.Position;
        switch (cursor.Now.Text)
        {
            case "add" or "create" or "insert" or "replace" or "delete" or "destroy" or "rename":
                return edits.Do(cursor.Next().Text);
            case "flush":
                return Flush();
            case "list" or "reset" or "monitor" or "export" or "describe":
                cursor.SkipLine();
                return true;
            case "include":
                cursor.SkipLine();
                Miss(null, start, $"{cursor.TextFrom(start)} is not followed; the rules of that file are missing");
                return true;
            case "table":
                cursor.Next();
                return Table(mustBeNew: false);
            case "chain" or "rule" or "set" or "map" or "element" or "flowtable" or "counter" or "quota" or "limit" or "ct" or "secmark" or "synproxy":
                return edits.Do("add");
            default:
                return false;
        }
    }

    /// <summary>What follows <c>table</c>.</summary>
    public bool Table(bool mustBeNew)
    {
        var start = cursor.Position;
        var family = Family();
        var table = cursor.Name();
        if (cursor.HasFailed)
        {
            return false;
        }

        if (mustBeNew && state.Find(family, table) is not null)
        {
            Miss(family, start, $"table {family} {table} is there already; the kernel refuses to create it");
        }

        var made = state.Make(family, table);
        made.IsDormant = false;
        return !cursor.Is("{") || blocks.ReadTable(made);
    }

    /// <summary>Takes out a table.</summary>
    public bool DeleteTable(bool isLenient)
    {
        var start = cursor.Position;
        var family = Family();
        if (cursor.Is("handle"))
        {
            return false;
        }

        var table = cursor.Name();
        if (state.Find(family, table) is { } found)
        {
            state.Remove(found);
        }
        else if (!isLenient)
        {
            Existing(family, table, start);
        }

        return true;
    }

    private bool Flush()
    {
        cursor.Next();
        var (start, kind) = (cursor.Position, cursor.Name());
        if (kind == "ruleset")
        {
            state.Clear(cursor.IsAtLineEnd ? null : Family());
            return true;
        }

        var family = Family();
        if (Existing(family, cursor.Name(), start) is not { } table)
        {
            return true;
        }

        switch (kind)
        {
            case "table":
                table.Chains.ForEach(chain => chain.Rules.Clear());
                return true;
            case "chain" when table.Find(cursor.Name()) is { } chain:
                chain.Rules.Clear();
                return true;
            case "set" or "map" or "meter" when table.Sets.TryGetValue(cursor.Name(), out var set):
                set.Clear();
                return true;
            default:
                return false;
        }
    }
}
