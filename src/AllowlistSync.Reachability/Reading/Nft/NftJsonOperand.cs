using System.Text.Json;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Reads the left side of a match, the key of a map, the key of a mangle.</summary>
internal static class NftJsonOperand
{
    private static readonly NftOperand NotUnderstood = new NftOperand.Unknown(UnknownReason.NotUnderstood);

    public static NftOperand Read(JsonElement expression, string tableFamily)
    {
        if (!NftJson.TrySingle(expression, out var name, out var inner))
        {
            return NotUnderstood;
        }

        return name switch
        {
            "payload" => Payload(inner),
            "meta" => Meta(inner),
            "ct" => Conntrack(inner, tableFamily),
            "fib" => Fib(inner),
            "concat" => Joined(inner, tableFamily),
            "&" => Masked(inner, tableFamily),
            "exthdr" => ExtensionHeader(inner),
            "tcp option" => new NftOperand.Unknown(UnknownReason.Packet) { Guard = NftGuards.Tcp },
            "ip option" => new NftOperand.Unknown(UnknownReason.Packet) { Guard = NftGuards.IPv4 },
            "sctp chunk" or "dccp option" => NftOperand.Missing.Instance,
            "numgen" => new NftOperand.Unknown(UnknownReason.Rate),
            "jhash" or "symhash" or "osf" => new NftOperand.Unknown(UnknownReason.Packet),
            "socket" or "rt" or "ipsec" => new NftOperand.Unknown(UnknownReason.Host),
            "|" or "^" or "<<" or ">>" => new NftOperand.Unknown(UnknownReason.NotUnderstood) { UsesConntrack = NftJsonConntrack.IsUsedIn(expression) },
            _ => NotUnderstood,
        };
    }

    private static NftOperand Payload(JsonElement payload)
    {
        if (payload.ValueKind != JsonValueKind.Object)
        {
            return NotUnderstood;
        }

        if (NftJson.HasOnly(payload, "protocol", "field") && NftJson.Text(payload, "protocol") is { } protocol && NftJson.Text(payload, "field") is { } field)
        {
            return NftJsonFields.Payload(protocol, field) ?? NotUnderstood;
        }

        return NftJson.HasOnly(payload, "base", "offset", "len") ? RawPayload(payload) : NotUnderstood;
    }

    // The two ports of whatever transport are where nft itself looks for "th sport" and "th dport".
    private static NftOperand RawPayload(JsonElement payload) =>
        NftJson.Text(payload, "base") == "th" && IsNumber(payload, "len", 16)
            ? IsNumber(payload, "offset", 0) ? new NftOperand.Known(Field.SourcePort)
            : IsNumber(payload, "offset", 16) ? new NftOperand.Known(Field.DestinationPort)
            : new NftOperand.Unknown(UnknownReason.Packet)
        : new NftOperand.Unknown(UnknownReason.Packet);

    private static bool IsNumber(JsonElement value, string key, int expected) =>
        value.TryGetProperty(key, out var found) && found.ValueKind == JsonValueKind.Number && found.TryGetInt32(out var number) && number == expected;

    private static NftOperand Meta(JsonElement meta) =>
        NftJson.Text(meta, "key") is { } key && NftJson.HasOnly(meta, "key") ? NftJsonFields.Meta(key) ?? NotUnderstood : NotUnderstood;

    private static NftOperand Conntrack(JsonElement ct, string tableFamily)
    {
        if (NftJson.Text(ct, "key") is { } key && NftJson.HasOnly(ct, "key", "dir") && NftJsonFields.Conntrack(key, NftJson.Text(ct, "dir"), tableFamily) is { } known)
        {
            return known;
        }

        return new NftOperand.Unknown(UnknownReason.NotUnderstood) { UsesConntrack = true };
    }

    private static NftOperand Fib(JsonElement fib)
    {
        if (fib.ValueKind != JsonValueKind.Object || !NftJson.HasOnly(fib, "result", "flags"))
        {
            return NotUnderstood;
        }

        var flags = !fib.TryGetProperty("flags"u8, out var list) ? []
            : list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(item => item.ToString()).ToHashSet(StringComparer.Ordinal)
            : new HashSet<string>(StringComparer.Ordinal) { list.ToString() };
        return NftJson.Text(fib, "result") switch
        {
            "type" when flags.SetEquals(["daddr"]) => new NftOperand.Known(Field.DestinationType),
            "type" when flags.SetEquals(["saddr"]) => new NftOperand.Known(Field.SourceType),
            "oif" or "oifname" or "check" when flags.SetEquals(["saddr", "iif"]) || flags.SetEquals(["saddr", "mark", "iif"]) => new NftOperand.Known(Field.ReversePathOk),
            "type" or "oif" or "oifname" or "check" => new NftOperand.Unknown(UnknownReason.Host),
            _ => NotUnderstood,
        };
    }

    private static NftOperand Joined(JsonElement parts, string tableFamily)
    {
        if (parts.ValueKind != JsonValueKind.Array || parts.GetArrayLength() < 2)
        {
            return NotUnderstood;
        }

        var operands = parts.EnumerateArray().Select(part => Read(part, tableFamily)).ToList();
        if (operands.OfType<NftOperand.Missing>().FirstOrDefault() is { } missing)
        {
            return missing;
        }

        if (operands.OfType<NftOperand.Unknown>().FirstOrDefault() is { } unknown)
        {
            return unknown with { UsesConntrack = NftJsonConntrack.IsUsedIn(parts) };
        }

        return operands.All(operand => operand is NftOperand.Known { Mask: null })
            ? new NftOperand.Joined([.. operands.Cast<NftOperand.Known>().Select(known => known.Field)])
            : new NftOperand.Unknown(UnknownReason.NotUnderstood) { UsesConntrack = NftJsonConntrack.IsUsedIn(parts) };
    }

    private static NftOperand Masked(JsonElement parts, string tableFamily)
    {
        if (parts.ValueKind != JsonValueKind.Array || parts.GetArrayLength() != 2)
        {
            return NotUnderstood;
        }

        return Read(parts[0], tableFamily) switch
        {
            NftOperand.Known { Mask: null, Kind: not NftValueKind.Name } known when NftJsonValue.TryScalar(parts[1], known.Kind, out var mask) => known with { Mask = mask },
            NftOperand.Constant { Mask: null } constant when NftJsonValue.TryScalar(parts[1], constant.Kind, out var mask) && (mask & ~constant.KnownBits) == 0 => constant with { Mask = mask },
            NftOperand.Constant constant => new NftOperand.Unknown(UnknownReason.Packet) { Guard = constant.Guard },
            NftOperand.Unknown unknown => unknown,
            NftOperand.Missing missing => missing,
            _ => new NftOperand.Unknown(UnknownReason.NotUnderstood) { UsesConntrack = NftJsonConntrack.IsUsedIn(parts) },
        };
    }

    // TCP and UDP packets of the model carry no extension headers; whether there is one can be asked, its fields are missing.
    private static NftOperand ExtensionHeader(JsonElement header) =>
        header.ValueKind != JsonValueKind.Object || !NftJson.HasOnly(header, "name", "field", "offset") ? NotUnderstood
        : header.TryGetProperty("field"u8, out _) ? NftOperand.Missing.Instance
        : new NftOperand.Constant(0, NftValueKind.Presence, NftGuards.IPv6);
}

/// <summary>Whether an expression looks at connections.</summary>
internal static class NftJsonConntrack
{
    public static bool IsUsedIn(JsonElement expression) => expression.ValueKind switch
    {
        JsonValueKind.Object => expression.EnumerateObject().Any(property => property.Name.StartsWith("ct", StringComparison.Ordinal) || IsUsedIn(property.Value)),
        JsonValueKind.Array => expression.EnumerateArray().Any(IsUsedIn),
        _ => false,
    };
}
