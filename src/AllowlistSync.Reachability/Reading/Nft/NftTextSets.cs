namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Parses the block of a set or map.</summary>
internal sealed class NftTextSets(NftTextCursor cursor, NftTextExpressions expressions, NftTextActions actions)
{
    /// <summary>The types of the key of a set, from its definition in JSON.</summary>
    public static IReadOnlyList<string> TypesOf(NftTextTree? type) =>
        type?.AsWord is { } one ? [one] : type?.AsList is { } several ? [.. several.Select(part => part.AsWord ?? "")] : [];

    /// <summary>Reads the lines up to the closing brace into a set.</summary>
    public void ReadBlock(NftScriptSet set)
    {
        var open = cursor.Now;
        cursor.Expect("{");
        cursor.SkipBreaks();
        while (!cursor.HasFailed && !cursor.Take("}"))
        {
            cursor.RequireMore(open);
            ReadLine(set);
            cursor.SkipBreaks();
        }
    }

    /// <summary>Reads elements in braces, with the names of services as numbers where the set is one of ports.</summary>
    public List<NftTextTree> ReadElements(NftScriptSet set)
    {
        var isPort = TypesOf(set["type"]).Select(type => type == "inet_service").ToArray();
        var elements = expressions.Elements();
        return isPort.Contains(true) ? [.. elements.Select(element => NftTextServices.Resolve(element, isPort))] : elements;
    }

    private void ReadLine(NftScriptSet set)
    {
        var start = cursor.Position;
        switch (cursor.Next().Text)
        {
            case "type":
                ReadType(set, TypeName);
                break;
            case "typeof":
                ReadType(set, TypeOfKey);
                break;
            case "flags":
                set["flags"] = Words(",");
                break;
            case "timeout":
                set["timeout"] = NftTextNumbers.TryReadSeconds(cursor.Name(), out var seconds) ? NftTextTree.Number(seconds) : NftTextTree.Nothing;
                break;
            case "gc-interval" or "policy" or "comment" or "size" or "handle":
                _ = cursor.Name();
                break;
            case "auto-merge":
                set["auto-merge"] = NftTextTree.Flag(true);
                break;
            case "elements":
                cursor.Expect("=");
                set.Add(ReadElements(set));
                break;
            default:
                cursor.Position = start;
                ReadStatement(set);
                break;
        }

        if (!cursor.IsAtLineEnd || cursor.HasFailed)
        {
            cursor.HasFailed = false;
            cursor.Position = start;
            cursor.SkipLine();
            set["not understood"] = NftTextTree.Word(cursor.TextFrom(start));
        }
    }

    private void ReadStatement(NftScriptSet set)
    {
        var statements = new List<NftTextTree>();
        while (!cursor.IsAtLineEnd && actions.TryParse() is { } statement)
        {
            statements.Add(statement);
        }

        set["stmt"] = NftTextTree.List(statements);
    }

    private void ReadType(NftScriptSet set, Func<string> readOne)
    {
        set["type"] = Types(readOne);
        if (!cursor.Take(":"))
        {
            return;
        }

        _ = cursor.Take("interval");
        set.IsMap = true;
        set["map"] = Types(() => cursor.Is("verdict") ? cursor.Name() : readOne());
    }

    private NftTextTree Types(Func<string> readOne)
    {
        var types = new List<NftTextTree> { NftTextTree.Word(readOne()) };
        while (cursor.Take("."))
        {
            types.Add(NftTextTree.Word(readOne()));
        }

        return types.Count == 1 ? types[0] : NftTextTree.List(types);
    }

    private string TypeName() => cursor.Name();

    private string TypeOfKey()
    {
        if (!NftTextSelectors.StartsAt(cursor.Now, cursor.Ahead(1)))
        {
            // typeof vlan id, an integer and the like: only the place counts.
            while (!cursor.IsAtLineEnd && !cursor.Is(".") && !cursor.Is(":"))
            {
                cursor.Next();
            }

            return "integer";
        }

        return TypeOf(expressions.Key());
    }

    private static string TypeOf(NftTextTree key) =>
        (key["payload"]?["protocol"]?.AsWord, key["payload"]?["field"]?.AsWord ?? key["meta"]?["key"]?.AsWord ?? key["ct"]?["key"]?.AsWord) switch
        {
            ("ether", "saddr" or "daddr") => "ether_addr",
            ("ip", "saddr" or "daddr") or (null, "ip saddr" or "ip daddr") => "ipv4_addr",
            ("ip6", "saddr" or "daddr") or (null, "ip6 saddr" or "ip6 daddr") => "ipv6_addr",
            (_, "sport" or "dport" or "proto-src" or "proto-dst") => "inet_service",
            (_, "protocol" or "nexthdr" or "l4proto") => "inet_proto",
            (null, "iifname" or "oifname") => "ifname",
            (null, "iif" or "oif") => "iface_index",
            (null, "mark") => "mark",
            (null, "state") => "ct_state",
            (null, "nfproto") => "nf_proto",
            _ => "integer",
        };

    private NftTextTree Words(string separator)
    {
        var words = new List<NftTextTree> { NftTextTree.Word(cursor.Name()) };
        while (cursor.Take(separator))
        {
            words.Add(NftTextTree.Word(cursor.Name()));
        }

        return NftTextTree.List(words);
    }
}
