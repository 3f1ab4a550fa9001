using System.Text.Json;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Writes statements of nft's JSON the way nft writes them without <c>-j</c>; what it does not know it leaves as compact JSON.</summary>
internal static class NftJsonText
{
    private const int LongestSet = 12;

    /// <summary>A rule from its bytes.</summary>
    public static string Render(ReadOnlyMemory<byte> rule)
    {
        using var document = JsonDocument.Parse(rule, new() { MaxDepth = 256 });
        return Rule(document.RootElement);
    }

    /// <summary>A rule object.</summary>
    public static string Rule(JsonElement rule)
    {
        var statements = rule.TryGetProperty("expr"u8, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(Statement) : [Raw(rule)];
        var comment = NftJson.Text(rule, "comment") is { } text ? [$"comment \"{text}\""] : Array.Empty<string>();
        return string.Join(' ', statements.Where(statement => statement.Length > 0).Concat(comment));
    }

    /// <summary>A statement.</summary>
    public static string Statement(JsonElement statement)
    {
        if (statement.ValueKind == JsonValueKind.String)
        {
            return OneLine(statement.GetString()!);
        }

        if (!NftJson.TrySingle(statement, out var name, out var value))
        {
            return Raw(statement);
        }

        return name switch
        {
            "match" => Match(value),
            "not understood" when value.ValueKind == JsonValueKind.String => value.GetString()!,
            "vmap" => $"{Of(value, "key")} vmap {Of(value, "data")}",
            "jump" or "goto" => $"{name} {NftJson.Text(value, "target")}",
            "counter" when value.ValueKind == JsonValueKind.Object => "counter",
            "mangle" => $"{Of(value, "key")} set {Of(value, "value")}",
            "reject" => Reject(value),
            "dnat" or "snat" or "redirect" or "masquerade" => Nat(name, value),
            "limit" when value.ValueKind == JsonValueKind.Object && value.TryGetProperty("rate"u8, out _) => NftJsonRateText.Limit(value),
            "quota" when value.ValueKind == JsonValueKind.Object && value.TryGetProperty("val"u8, out _) => NftJsonRateText.Quota(value),
            "ct count" => $"ct count {(IsSet(value, "inv") ? "over " : "")}{Of(value, "val")}",
            "set" or "map" => $"{NftJson.Text(value, "op")} {NftJson.Text(value, "set") ?? NftJson.Text(value, "map")} {{ {Of(value, "elem")}{Inner(value)} }}",
            "meter" => $"meter {NftJson.Text(value, "name")} {{ {Of(value, "key")}{Inner(value)} }}",
            "queue" or "synproxy" or "tproxy" or "log" when value.ValueKind == JsonValueKind.Object => Options(name, value),
            "xt" => $"xt {NftJson.Text(value, "type")} \"{NftJson.Text(value, "name")}\"",
            _ => value.ValueKind == JsonValueKind.Null ? name : value.ValueKind == JsonValueKind.String ? $"{name} \"{value.GetString()}\"" : $"{name} {Expression(value)}",
        };
    }

    /// <summary>A block without its line breaks.</summary>
    public static string OneLine(string text) => string.Join(' ', text.Split([' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>An expression.</summary>
    public static string Expression(JsonElement expression)
    {
        switch (expression.ValueKind)
        {
            case JsonValueKind.String:
                return expression.GetString()!;
            case JsonValueKind.Array:
                return string.Join(", ", expression.EnumerateArray().Select(Expression));
            case JsonValueKind.True:
                return "exists";
            case JsonValueKind.False:
                return "missing";
            case JsonValueKind.Object when NftJson.TrySingle(expression, out var name, out var value):
                return Tagged(name, value) ?? Raw(expression);
            default:
                return Raw(expression);
        }
    }

    private static string? Tagged(string name, JsonElement value) => (name, value.ValueKind) switch
    {
        ("payload", JsonValueKind.Object) when NftJson.Text(value, "protocol") is { } protocol && NftJson.HasOnly(value, "protocol", "field") => $"{protocol} {Of(value, "field")}",
        ("payload", JsonValueKind.Object) when NftJson.Text(value, "base") is { } start => $"@{start},{Of(value, "offset")},{Of(value, "len")}",
        ("meta", JsonValueKind.Object) => Meta(Of(value, "key")),
        ("ct", JsonValueKind.Object) => NftJson.Text(value, "dir") is { } direction ? $"ct {direction} {Of(value, "key")}" : $"ct {Of(value, "key")}",
        ("fib", JsonValueKind.Object) => $"fib {List(value, "flags", " . ")} {Of(value, "result")}",
        ("prefix", JsonValueKind.Object) => $"{Of(value, "addr")}/{Of(value, "len")}",
        ("range", JsonValueKind.Array) => string.Join('-', value.EnumerateArray().Select(Expression)),
        ("concat", JsonValueKind.Array) => string.Join(" . ", value.EnumerateArray().Select(Expression)),
        ("set", JsonValueKind.Array) => Set(value),
        ("elem", JsonValueKind.Object) => Of(value, "val"),
        ("map", JsonValueKind.Object) => $"{Of(value, "key")} map {Of(value, "data")}",
        ("numgen", JsonValueKind.Object) => $"numgen {Of(value, "mode")} mod {Of(value, "mod")}",
        ("jhash", JsonValueKind.Object) => $"jhash {Of(value, "expr")} mod {Of(value, "mod")}",
        ("symhash", JsonValueKind.Object) => $"symhash mod {Of(value, "mod")}",
        ("socket" or "rt" or "osf" or "ipsec", JsonValueKind.Object) => $"{name} {Of(value, "key")}",
        ("exthdr" or "tcp option" or "ip option" or "sctp chunk", JsonValueKind.Object) => $"{name} {Of(value, "name")}{(NftJson.Text(value, "field") is { } field ? " " + field : "")}",
        ("|" or "&" or "^" or "<<" or ">>", JsonValueKind.Array) => string.Join($" {name} ", value.EnumerateArray().Select(Operand)),
        ("jump" or "goto", JsonValueKind.Object) => $"{name} {NftJson.Text(value, "target")}",
        (_, JsonValueKind.Null) => name,
        _ => null,
    };

    private static string Match(JsonElement match)
    {
        if (match.ValueKind != JsonValueKind.Object || !match.TryGetProperty("left"u8, out var left) || !match.TryGetProperty("right"u8, out var right))
        {
            return Raw(match);
        }

        var op = NftJson.Text(match, "op");
        var isPlain = op is "in" || (op == "==" && !(left.ValueKind == JsonValueKind.Object && left.TryGetProperty("&"u8, out _)));
        var flags = op == "in" ? "," : " | ";
        var values = right.ValueKind == JsonValueKind.Array ? string.Join(flags, right.EnumerateArray().Select(Expression)) : Value(left, right);
        return isPlain ? $"{Expression(left)} {values}" : $"{Expression(left)} {op} {values}";
    }

    // nft puts names of interfaces in quotes and writes marks as hexadecimal numbers.
    private static string Value(JsonElement left, JsonElement right)
    {
        if (right.ValueKind == JsonValueKind.Object && right.TryGetProperty("set"u8, out var elements) && elements.ValueKind == JsonValueKind.Array && elements.GetArrayLength() <= LongestSet)
        {
            return $"{{ {string.Join(", ", elements.EnumerateArray().Select(element => Value(left, element)))} }}";
        }

        var key = NftJson.TrySingle(left, out var name, out var inner) && name is "meta" or "ct" ? NftJson.Text(inner, "key") : null;
        return (key, right.ValueKind) switch
        {
            ("iif" or "iifname" or "oif" or "oifname", JsonValueKind.String) when right.GetString() is not ['@', ..] => $"\"{right.GetString()}\"",
            ("mark", JsonValueKind.Number) when right.TryGetUInt32(out var mark) => $"0x{mark:x8}",
            _ => Expression(right),
        };
    }

    private static string Operand(JsonElement operand) =>
        operand.ValueKind == JsonValueKind.Array ? $"({string.Join(" | ", operand.EnumerateArray().Select(Expression))})" : Expression(operand);

    private static string Set(JsonElement elements)
    {
        var count = elements.GetArrayLength();
        var shown = elements.EnumerateArray().Take(count > LongestSet ? LongestSet - 1 : LongestSet)
            .Select(element => NftJsonMaps.TryPair(element, out var key, out var value) ? $"{Expression(key)} : {Expression(value)}" : Expression(element));
        return count > LongestSet ? $"{{ {string.Join(", ", shown)}, ... {count - LongestSet + 1} more }}" : $"{{ {string.Join(", ", shown)} }}";
    }

    private static string Nat(string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return name;
        }

        var family = NftJson.Text(value, "family") is { } given ? $" {given}" : "";
        var address = value.TryGetProperty("addr"u8, out var found) ? Expression(found) : "";
        var port = value.TryGetProperty("port"u8, out found) ? $":{Expression(found)}" : "";
        var target = port.Length > 0 && address.Contains(':', StringComparison.Ordinal) && !address.Contains(' ', StringComparison.Ordinal) ? $"[{address}]" : address;
        return target.Length + port.Length == 0 ? name : $"{name}{family} to {target}{port}";
    }

    private static string Reject(JsonElement value) => (NftJson.Text(value, "type"), NftJson.Text(value, "expr")) switch
    {
        (null, _) => "reject",
        ({ } type, null) => $"reject with {type}",
        ({ } type, { } code) => $"reject with {type} {code}",
    };

    private static string Options(string name, JsonElement value) =>
        string.Join(' ', value.EnumerateObject().Select(option => option.Name == "prefix" ? $"prefix \"{Expression(option.Value)}\"" : $"{option.Name} {Expression(option.Value)}").Prepend(name));

    private static string Inner(JsonElement value) =>
        value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("stmt"u8, out var statement) ? ""
        : " " + (statement.ValueKind == JsonValueKind.Array ? string.Join(' ', statement.EnumerateArray().Select(Statement)) : Statement(statement));

    // nft writes the best known ones without "meta".
    private static string Meta(string key) => key is "iif" or "iifname" or "oif" or "oifname" ? key : $"meta {key}";

    private static string Of(JsonElement value, string key) => value.ValueKind == JsonValueKind.Object && value.TryGetProperty(key, out var found) ? Expression(found) : "";

    private static string List(JsonElement value, string key, string separator) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(key, out var list) && list.ValueKind == JsonValueKind.Array ? string.Join(separator, list.EnumerateArray().Select(Expression)) : Of(value, key);

    private static bool IsSet(JsonElement value, string key) => value.ValueKind == JsonValueKind.Object && value.TryGetProperty(key, out var found) && found.ValueKind == JsonValueKind.True;

    private static string Raw(JsonElement value)
    {
        var text = OneLine(value.GetRawText());
        return text.Length <= 300 ? text : text[..300] + "...";
    }
}
