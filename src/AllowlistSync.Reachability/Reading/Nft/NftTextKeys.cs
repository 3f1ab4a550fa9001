namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Parses what a condition looks at: <c>ip saddr</c>, <c>meta mark</c>, <c>ct original proto-dst</c>, <c>fib saddr . iif oif</c>.</summary>
internal sealed class NftTextKeys(NftTextCursor cursor, NftTextExpressions expressions)
{
    /// <summary>Parses one; the caller has seen that one starts here.</summary>
    public NftTextTree Parse()
    {
        if (cursor.Is("@"))
        {
            return Raw();
        }

        var word = cursor.Next().Text;
        return word switch
        {
            "meta" => Key("meta", cursor.Name()),
            "ct" => Conntrack(),
            "fib" => Fib(),
            "socket" => Socket(),
            "osf" => Osf(),
            "ipsec" => IpSec(),
            "numgen" => NumberGenerator(),
            "jhash" or "symhash" => Hash(word),
            "exthdr" => NftTextTree.Of("exthdr", NftTextTree.Of("name", cursor.Name())),
            "rt" when cursor.Now.Text is "classid" or "nexthop" or "mtu" or "ipsec" or "ip" or "ip6" => Route(),
            "tcp" or "ip" when cursor.Take("option") => Option(word + " option"),
            "sctp" when cursor.Take("chunk") => Option("sctp chunk"),
            "arp" when cursor.Now.Text is "saddr" or "daddr" => Header(word, cursor.Name() + " " + cursor.Name()),
            _ when NftTextSelectors.IsBare(word) => Key("meta", word),
            _ when NftTextSelectors.IsHeader(word) => Header(word, cursor.Name()),
            _ when NftTextSelectors.IsExtension(word) => NftTextTree.Of("exthdr", NftTextTree.Object(("name", NftTextTree.Word(word)), ("field", NftTextTree.Word(cursor.Name())))),
            _ => cursor.Fail(),
        };
    }

    private static NftTextTree Key(string kind, string key) => NftTextTree.Of(kind, NftTextTree.Of("key", key));

    private static NftTextTree Header(string protocol, string field) =>
        NftTextTree.Of("payload", NftTextTree.Object(("protocol", NftTextTree.Word(protocol)), ("field", NftTextTree.Word(field))));

    // The ports of whatever transport there is have two spellings, of which nft itself prints the readable one.
    private NftTextTree Raw()
    {
        cursor.Next();
        var layer = cursor.Name();
        cursor.Expect(",");
        var offset = cursor.Number();
        cursor.Expect(",");
        var length = cursor.Number();
        return (layer, offset, length) switch
        {
            ("th", 0, 16) => Header("th", "sport"),
            ("th", 16, 16) => Header("th", "dport"),
            _ => NftTextTree.Of("payload", NftTextTree.Object(("base", NftTextTree.Word(layer)), ("offset", NftTextTree.Number(offset)), ("len", NftTextTree.Number(length)))),
        };
    }

    private NftTextTree Conntrack()
    {
        var key = cursor.Name();
        if (key is not ("original" or "reply"))
        {
            return Key("ct", key);
        }

        var direction = key;
        key = cursor.Name();
        key = key is "ip" or "ip6" ? key + " " + cursor.Name() : key;
        return NftTextTree.Of("ct", NftTextTree.Object(("key", NftTextTree.Word(key)), ("dir", NftTextTree.Word(direction))));
    }

    private NftTextTree Fib()
    {
        var flags = new List<NftTextTree> { NftTextTree.Word(cursor.Name()) };
        while (cursor.Take("."))
        {
            flags.Add(NftTextTree.Word(cursor.Name()));
        }

        return NftTextTree.Of("fib", NftTextTree.Object(("result", NftTextTree.Word(cursor.Name())), ("flags", NftTextTree.List(flags))));
    }

    private NftTextTree Socket()
    {
        var key = cursor.Name();
        return key == "cgroupv2" && cursor.Take("level")
            ? NftTextTree.Of("socket", NftTextTree.Object(("key", NftTextTree.Word(key)), ("level", NftTextTree.Number(cursor.Number()))))
            : Key("socket", key);
    }

    private NftTextTree Osf()
    {
        var ttl = cursor.Take("ttl") ? cursor.Name() : "";
        return NftTextTree.Of("osf", NftTextTree.Object(("key", NftTextTree.Word(cursor.Name())), ("ttl", NftTextTree.Word(ttl))));
    }

    private NftTextTree IpSec()
    {
        var direction = cursor.Name();
        var number = cursor.Take("spnum") ? cursor.Number() : 0;
        var key = cursor.Name();
        key = key is "ip" or "ip6" ? key + " " + cursor.Name() : key;
        return NftTextTree.Of("ipsec", NftTextTree.Object(("key", NftTextTree.Word(key)), ("dir", NftTextTree.Word(direction)), ("spnum", NftTextTree.Number(number))));
    }

    private NftTextTree Route()
    {
        var family = cursor.Now.Text is "ip" or "ip6" ? cursor.Name() : "";
        return NftTextTree.Of("rt", NftTextTree.Object(("key", NftTextTree.Word(cursor.Name())), ("family", NftTextTree.Word(family))));
    }

    private NftTextTree Option(string kind)
    {
        var name = cursor.Name();
        var hasField = cursor.Now.Kind == NftTextTokenKind.Word && cursor.Now.Text is not ("exists" or "missing" or "set") && !NftTextNumbers.TryRead(cursor.Now.Text, out _);
        return NftTextTree.Of(kind, hasField
            ? NftTextTree.Object(("name", NftTextTree.Word(name)), ("field", NftTextTree.Word(cursor.Name())))
            : NftTextTree.Of("name", name));
    }

    private NftTextTree NumberGenerator()
    {
        var mode = cursor.Name();
        cursor.Expect("mod");
        var modulus = cursor.Number();
        var offset = cursor.Take("offset") ? cursor.Number() : 0;
        return NftTextTree.Of("numgen", NftTextTree.Object(("mode", NftTextTree.Word(mode)), ("mod", NftTextTree.Number(modulus)), ("offset", NftTextTree.Number(offset))));
    }

    private NftTextTree Hash(string kind)
    {
        var key = kind == "jhash" ? expressions.Concatenation(keys: true) : NftTextTree.Nothing;
        cursor.Expect("mod");
        var members = new List<(string, NftTextTree)> { ("mod", NftTextTree.Number(cursor.Number())), ("expr", key) };
        while (cursor.Now.Text is "seed" or "offset")
        {
            members.Add((cursor.Name(), NftTextTree.Number(cursor.Number())));
        }

        return NftTextTree.Of(kind, NftTextTree.Object([.. members]));
    }
}
