namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Parses the statements that neither look at a field nor translate an address: counters, limits, rejections, writes to sets.</summary>
internal sealed class NftTextActions(NftTextCursor cursor, NftTextExpressions expressions)
{
    /// <summary>An extension of iptables, as nft's JSON names it.</summary>
    public static NftTextTree Extension(string type, string name) =>
        NftTextTree.Of("xt", NftTextTree.Object(("type", NftTextTree.Word(type)), ("name", NftTextTree.Word(name))));

    /// <summary>Parses one; null, with nothing read, when none of them starts here.</summary>
    public NftTextTree? TryParse()
    {
        switch (cursor.Now.Text)
        {
            case "notrack":
                return NftTextTree.Of(cursor.Next().Text, NftTextTree.Nothing);
            case "counter":
                return Named("counter", expressions.Counts);
            case "limit":
                return Named("limit", Limit);
            case "quota":
                return Named("quota", Quota);
            case "last":
                return Last();
            case "log":
                return Log();
            case "reject":
                return Reject();
            case "ct" when cursor.Ahead(1).Is("count"):
                return ConnectionCount();
            case "ct" when cursor.Ahead(1).Text is "timeout" or "expectation" && cursor.Ahead(2).Is("set"):
                return ConnectionObject();
            case "add" or "update" or "delete" when cursor.Ahead(1).Is("@"):
                return SetWrite();
            case "set" when cursor.Ahead(1).Text is "add" or "update" or "delete":
                return OldSetWrite();
            case "meter":
                return Meter();
            case "queue":
                return Queue();
            case "synproxy":
                return Options("synproxy");
            case "reset" when cursor.Ahead(1).Is("tcp"):
                return ResetOption();
            case "xt":
                return ParseExtension();
            default:
                return null;
        }
    }

    private NftTextTree Named(string kind, Func<NftTextTree> read)
    {
        cursor.Next();
        if (cursor.Take("name") || (cursor.Now.Kind == NftTextTokenKind.Quoted))
        {
            return NftTextTree.Of(kind, cursor.Now.Kind == NftTextTokenKind.Quoted || !NftTextSelectors.StartsAt(cursor.Now, cursor.Ahead(1))
                ? NftTextTree.Word(cursor.Name())
                : expressions.Concatenation(keys: true));
        }

        return NftTextTree.Of(kind, read());
    }

    private NftTextTree Limit()
    {
        cursor.Expect("rate");
        var isOver = cursor.Take("over");
        _ = cursor.Take("until");
        var members = new List<(string, NftTextTree)> { ("rate", NftTextTree.Number(cursor.Number())) };
        var unit = cursor.Is("/") ? "" : cursor.Name();
        cursor.Take("/");
        var slash = unit.IndexOf('/', StringComparison.Ordinal);
        members.Add(("per", NftTextTree.Word(slash < 0 ? cursor.Name() : unit[(slash + 1)..])));
        unit = slash < 0 ? unit : unit[..slash];
        if (unit.Length > 0)
        {
            members.Add(("rate_unit", NftTextTree.Word(unit)));
        }

        if (cursor.Take("burst"))
        {
            members.Add(("burst", NftTextTree.Number(cursor.Number())));
            members.Add(("burst_unit", NftTextTree.Word(cursor.Name())));
        }

        members.Add(("inv", NftTextTree.Flag(isOver)));
        return NftTextTree.Object([.. members]);
    }

    private NftTextTree Quota()
    {
        var isOver = cursor.Take("over");
        _ = cursor.Take("until");
        var members = new List<(string, NftTextTree)> { ("val", NftTextTree.Number(cursor.Number())), ("val_unit", NftTextTree.Word(cursor.Name())), ("inv", NftTextTree.Flag(isOver)) };
        if (cursor.Take("used"))
        {
            members.Add(("used", NftTextTree.Number(cursor.Number())));
            members.Add(("used_unit", NftTextTree.Word(cursor.Name())));
        }

        return NftTextTree.Object([.. members]);
    }

    private NftTextTree Last()
    {
        cursor.Next();
        return NftTextTree.Of("last", cursor.Take("used") ? NftTextTree.Word(cursor.Name()) : NftTextTree.Nothing);
    }

    private NftTextTree Log()
    {
        cursor.Next();
        var members = new List<(string, NftTextTree)>();
        while (cursor.Now.Text is "prefix" or "level" or "group" or "snaplen" or "queue-threshold" && cursor.Now.Kind == NftTextTokenKind.Word)
        {
            members.Add((cursor.Next().Text, NftTextTree.Word(cursor.Now.Kind == NftTextTokenKind.Variable ? cursor.Next().Text : cursor.Name())));
        }

        while (cursor.Take("flags"))
        {
            members.Add(("flags", NftTextTree.Word(cursor.Name())));
            while (cursor.Now.Text is "sequence" or "options" or "," or "uid" or "ether" or "all" or "skuid" or "ip" && (cursor.Is(",") || !cursor.Is("ip") || cursor.Ahead(1).Is("options")))
            {
                cursor.Next();
            }
        }

        return NftTextTree.Of("log", members.Count == 0 ? NftTextTree.Nothing : NftTextTree.Object([.. members.DistinctBy(member => member.Item1)]));
    }

    private NftTextTree Reject()
    {
        cursor.Next();
        if (!cursor.Take("with"))
        {
            return NftTextTree.Of("reject", NftTextTree.Nothing);
        }

        var type = cursor.Name();
        if (type == "tcp")
        {
            cursor.Expect("reset");
            return NftTextTree.Of("reject", NftTextTree.Of("type", "tcp reset"));
        }

        _ = cursor.Take("type");
        return NftTextTree.Of("reject", NftTextTree.Object(("type", NftTextTree.Word(type)), ("expr", NftTextTree.Word(cursor.Name()))));
    }

    private NftTextTree ConnectionCount()
    {
        cursor.Next();
        cursor.Next();
        var isOver = cursor.Take("over");
        return NftTextTree.Of("ct count", NftTextTree.Object(("val", NftTextTree.Number(cursor.Number())), ("inv", NftTextTree.Flag(isOver))));
    }

    private NftTextTree ConnectionObject()
    {
        cursor.Next();
        var kind = cursor.Next().Text;
        cursor.Next();
        return NftTextTree.Of("ct " + kind, cursor.Name());
    }

    private NftTextTree SetWrite()
    {
        var operation = cursor.Next().Text;
        cursor.Expect("@");
        var name = NftTextTree.Word("@" + cursor.Name());
        cursor.Expect("{");
        var key = KeyWithTimeout();
        var statements = StatementsOfKey();
        if (cursor.Take(":"))
        {
            var data = expressions.Verdict() ?? expressions.Concatenation(keys: true);
            cursor.Expect("}");
            return NftTextTree.Of("map", NftTextTree.Object(("op", NftTextTree.Word(operation)), ("elem", key), ("data", data), ("map", name), ("stmt", NftTextTree.List(statements))));
        }

        cursor.Expect("}");
        return WriteOf(operation, key, name, statements);
    }

    private static NftTextTree WriteOf(string operation, NftTextTree key, NftTextTree name, List<NftTextTree> statements) => NftTextTree.Of("set", statements.Count == 0
        ? NftTextTree.Object(("op", NftTextTree.Word(operation)), ("elem", key), ("set", name))
        : NftTextTree.Object(("op", NftTextTree.Word(operation)), ("elem", key), ("set", name), ("stmt", NftTextTree.List(statements))));

    private NftTextTree OldSetWrite()
    {
        cursor.Next();
        var operation = cursor.Next().Text;
        var key = KeyWithTimeout();
        cursor.Expect("@");
        return WriteOf(operation, key, NftTextTree.Word("@" + cursor.Name()), []);
    }

    private NftTextTree Meter()
    {
        cursor.Next();
        var name = cursor.Name();
        if (cursor.Take("size"))
        {
            cursor.Number();
        }

        cursor.Expect("{");
        var key = KeyWithTimeout();
        var statements = StatementsOfKey();
        cursor.Expect("}");
        return NftTextTree.Of("meter", NftTextTree.Object(("key", key), ("stmt", statements.Count == 1 ? statements[0] : NftTextTree.List(statements)), ("name", NftTextTree.Word(name))));
    }

    private NftTextTree KeyWithTimeout()
    {
        var key = expressions.Concatenation(keys: true);
        return cursor.Take("timeout")
            ? NftTextTree.Of("elem", NftTextTree.Object(("val", key), ("timeout", NftTextNumbers.TryReadSeconds(cursor.Name(), out var seconds) ? NftTextTree.Number(seconds) : NftTextTree.Nothing)))
            : key;
    }

    private List<NftTextTree> StatementsOfKey()
    {
        var statements = new List<NftTextTree>();
        while (!cursor.HasFailed && cursor.Now.Kind == NftTextTokenKind.Word && TryParse() is { } statement)
        {
            statements.Add(statement);
        }

        return statements;
    }

    private NftTextTree Queue()
    {
        cursor.Next();
        var flags = new List<NftTextTree>();
        _ = cursor.Take("flags");
        ReadFlags(flags);
        _ = cursor.Take("num") || cursor.Take("to");
        var number = cursor.IsAtLineEnd || cursor.Now.Text is "bypass" or "fanout" ? NftTextTree.Number(0) : expressions.Concatenation(keys: true);
        ReadFlags(flags);
        return NftTextTree.Of("queue", NftTextTree.Object(("num", number), ("flags", NftTextTree.List(flags))));
    }

    private void ReadFlags(List<NftTextTree> flags)
    {
        while (cursor.Now.Text is "bypass" or "fanout" or ",")
        {
            if (cursor.Next().Text is not "," and var flag)
            {
                flags.Add(NftTextTree.Word(flag));
            }
        }
    }

    private NftTextTree Options(string kind)
    {
        cursor.Next();
        if (cursor.Take("name"))
        {
            return NftTextTree.Of(kind, cursor.Name());
        }

        var members = new List<(string, NftTextTree)>();
        while (cursor.Now.Text is "mss" or "wscale")
        {
            members.Add((cursor.Next().Text, NftTextTree.Number(cursor.Number())));
        }

        var flags = new List<NftTextTree>();
        while (cursor.Now.Text is "timestamp" or "sack-perm" or "ecn")
        {
            flags.Add(NftTextTree.Word(cursor.Next().Text));
        }

        return NftTextTree.Of(kind, NftTextTree.Object([.. members, ("flags", NftTextTree.List(flags))]));
    }

    private NftTextTree ResetOption()
    {
        cursor.Next();
        cursor.Next();
        cursor.Expect("option");
        return NftTextTree.Of("reset", NftTextTree.Of("tcp option", NftTextTree.Of("name", cursor.Name())));
    }

    private NftTextTree ParseExtension()
    {
        cursor.Next();
        var type = cursor.Name();
        return Extension(type, cursor.Name());
    }
}
