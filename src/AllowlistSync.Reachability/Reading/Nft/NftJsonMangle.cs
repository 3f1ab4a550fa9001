using System.Text.Json;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Reads <c>{"mangle":{"key","value"}}</c>: what is written into the packet or beside it.</summary>
internal static class NftJsonMangle
{
    public static void Read(NftStatement statement)
    {
        var mangle = statement.Value;
        if (mangle.ValueKind != JsonValueKind.Object || !mangle.TryGetProperty("key"u8, out var key) || !mangle.TryGetProperty("value"u8, out var value)
            || !NftJson.HasOnly(mangle, "key", "value") || !NftJson.TrySingle(key, out var name, out var inner))
        {
            statement.UnknownStatement();
            return;
        }

        switch (name, NftJson.Text(inner, "key"))
        {
            case ("meta", "mark"):
                Mark(statement, MarkKind.Packet, value);
                break;
            case ("ct", "mark"):
                Mark(statement, MarkKind.Connection, value);
                break;
            case ("meta", "priority" or "nftrace" or "secmark"):
                NftJsonPresence.Add(statement, value);
                break;
            case ("ct", "zone" or "label" or "event" or "eventmask" or "secmark" or "helper"):
                NftJsonPresence.Add(statement, value);
                statement.Add(ConntrackUse.Instance);
                break;
            case ("tcp option", _):
                NftJsonPresence.Add(statement, value);
                statement.Add(NftGuards.Tcp);
                break;
            case ("payload", _) when IsHarmless(inner):
                NftJsonPresence.Add(statement, value);
                statement.Add(NftJson.Text(inner, "protocol") == "ip" ? NftGuards.IPv4 : NftGuards.IPv6);
                break;
            default:
                statement.UnknownStatement();
                break;
        }
    }

    private static bool IsHarmless(JsonElement payload) => (NftJson.Text(payload, "protocol"), NftJson.Text(payload, "field")) switch
    {
        ("ip", "dscp" or "ecn" or "ttl" or "id") => true,
        ("ip6", "dscp" or "ecn" or "hoplimit" or "flowlabel") => true,
        _ => false,
    };

    private static void Mark(NftStatement statement, MarkKind target, JsonElement value)
    {
        if (TryMark(value, out var source, out var and, out var xor))
        {
            statement.Add(new SetMark(target, source ?? target, and, xor));
            return;
        }

        NftJsonPresence.Add(statement, value);
        statement.Add(new SetMark(target, target, 0, 0) { IsUnknown = true });
    }

    // Every mix of constants with one mark is (mark and A) xor X.
    private static bool TryMark(JsonElement value, out MarkKind? source, out uint and, out uint xor)
    {
        (source, and, xor) = (null, 0, 0);
        if (value.ValueKind == JsonValueKind.Number)
        {
            return value.TryGetUInt32(out xor);
        }

        if (!NftJson.TrySingle(value, out var name, out var inner))
        {
            return false;
        }

        if (name is "meta" or "ct" && NftJson.Text(inner, "key") == "mark" && NftJson.HasOnly(inner, "key"))
        {
            (source, and) = (name == "meta" ? MarkKind.Packet : MarkKind.Connection, uint.MaxValue);
            return true;
        }

        if (name is not ("&" or "|" or "^") || inner.ValueKind != JsonValueKind.Array || inner.GetArrayLength() != 2
            || !TryMark(inner[0], out source, out and, out xor) || inner[1].ValueKind != JsonValueKind.Number || !inner[1].TryGetUInt32(out var number))
        {
            return false;
        }

        (and, xor) = name switch
        {
            "&" => (and & number, xor & number),
            "|" => (and & ~number, xor | number),
            _ => (and, xor ^ number),
        };
        return true;
    }
}
