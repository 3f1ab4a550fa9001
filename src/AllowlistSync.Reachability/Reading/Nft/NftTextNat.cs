namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Parses the statements that send packets elsewhere: <c>dnat</c>, <c>redirect</c>, <c>tproxy</c>, <c>dup</c>, <c>fwd</c>, <c>flow</c>.</summary>
internal sealed class NftTextNat(NftTextCursor cursor, NftTextExpressions expressions)
{
    /// <summary>Parses one; null, with nothing read, when none of them starts here.</summary>
    public NftTextTree? TryParse() => cursor.Now.Text switch
    {
        "snat" or "dnat" => Translate(cursor.Next().Text, hasAddress: true),
        "redirect" or "masquerade" => Translate(cursor.Next().Text, hasAddress: false),
        "tproxy" => Translate(cursor.Next().Text, hasAddress: true),
        "dup" => Forward(cursor.Next().Text, "addr"),
        "fwd" => Forward(cursor.Next().Text, "dev"),
        "flow" => Flow(),
        _ => null,
    };

    private NftTextTree Translate(string kind, bool hasAddress)
    {
        var members = new List<(string, NftTextTree)>();
        ReadFamily(members);
        var types = new List<NftTextTree>();
        while (cursor.Now.Text is "prefix" or "interval" && cursor.Now.Kind == NftTextTokenKind.Word)
        {
            types.Add(NftTextTree.Word(cursor.Next().Text));
        }

        ReadWays(types);
        if (cursor.Take("to") || NftTextSelectors.IsPair(cursor.Now, cursor.Ahead(1)))
        {
            ReadTarget(members, hasAddress);
        }

        ReadFlags(members);
        if (types.Count > 0)
        {
            members.Add(("type_flags", NftTextTree.List(types)));
        }

        return NftTextTree.Of(kind, members.Count == 0 ? NftTextTree.Nothing : NftTextTree.Object([.. members]));
    }

    private void ReadFamily(List<(string, NftTextTree)> members)
    {
        if ((cursor.Is("ip") || cursor.Is("ip6")) && !NftTextSelectors.IsPair(cursor.Now, cursor.Ahead(1)))
        {
            members.Add(("family", NftTextTree.Word(cursor.Next().Text)));
        }
    }

    // dnat ip addr . port to ...: the word is only there to say what the map holds.
    private void ReadWays(List<NftTextTree> types)
    {
        if (cursor.Is("addr") && cursor.Ahead(1).Is("."))
        {
            cursor.Next();
            cursor.Next();
            cursor.Expect("port");
            types.Add(NftTextTree.Word("concat"));
        }
    }

    private void ReadTarget(List<(string, NftTextTree)> members, bool hasAddress)
    {
        ReadFamily(members);
        if (!cursor.Is(":"))
        {
            members.Add((hasAddress ? "addr" : "port", NftTextServices.Resolve(expressions.Concatenation(keys: true), [!hasAddress])));
        }

        if (cursor.Take(":"))
        {
            members.Add(("port", NftTextServices.Resolve(expressions.Concatenation(keys: true), [true])));
        }
    }

    private void ReadFlags(List<(string, NftTextTree)> members)
    {
        var flags = new List<NftTextTree>();
        while (cursor.Now.Text is "random" or "fully-random" or "persistent" or "netmap" || (flags.Count > 0 && cursor.Is(",")))
        {
            if (cursor.Next().Text is not "," and var flag)
            {
                flags.Add(NftTextTree.Word(flag));
            }
        }

        if (flags.Count > 0)
        {
            members.Add(("flags", NftTextTree.List(flags)));
        }
    }

    private NftTextTree Forward(string kind, string first)
    {
        var members = new List<(string, NftTextTree)>();
        ReadFamily(members);
        cursor.Expect("to");
        members.Add((first, expressions.Concatenation(keys: true)));
        if (cursor.Take("device"))
        {
            members.Add(("dev", expressions.Concatenation(keys: true)));
        }

        return NftTextTree.Of(kind, NftTextTree.Object([.. members]));
    }

    private NftTextTree Flow()
    {
        cursor.Next();
        _ = cursor.Take("add") || cursor.Take("offload");
        cursor.Expect("@");
        return NftTextTree.Of("flow", NftTextTree.Object(("op", NftTextTree.Word("add")), ("flowtable", NftTextTree.Word("@" + cursor.Name()))));
    }
}
