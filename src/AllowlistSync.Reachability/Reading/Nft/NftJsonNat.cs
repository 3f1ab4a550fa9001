using System.Collections.Immutable;
using System.Text.Json;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Reads the statements that translate addresses and ports (nft(8), "NAT statements").</summary>
internal static class NftJsonNat
{
    private static readonly NatValue NotKnown = new NatValue.Unknown();

    public static void Redirect(NftStatement statement)
    {
        if (Guard(statement))
        {
            statement.Add(new DestinationNat(null, Value(statement, "port", NftValueKind.Port)) { ToLocal = true });
        }
    }

    public static void Destination(NftStatement statement)
    {
        if (!Guard(statement))
        {
            return;
        }

        var (kind, isJoined) = Shape(statement);
        var address = Value(statement, "addr", kind);
        statement.Add(new DestinationNat(address, isJoined ? MapOf(statement, NftValueKind.Port, part: 1) : Value(statement, "port", NftValueKind.Port)));
    }

    public static void Source(NftStatement statement)
    {
        if (!Guard(statement))
        {
            return;
        }

        foreach (var key in (ReadOnlySpan<string>)["addr", "port"])
        {
            if (statement.Value.ValueKind == JsonValueKind.Object && statement.Value.TryGetProperty(key, out var value))
            {
                NftJsonPresence.Add(statement, value);
            }
        }

        statement.Add(SourceNat.Instance);
    }

    // In a table of both families the statement is for one of them, and does nothing to the other.
    private static bool Guard(NftStatement statement)
    {
        if (statement.Value.ValueKind == JsonValueKind.Object && !NftJson.HasOnly(statement.Value, "family", "addr", "port", "flags", "type_flags"))
        {
            statement.UnknownStatement();
            return false;
        }

        if (NftJson.Text(statement.Value, "family") is { } family && statement.Scope.Family is not ("ip" or "ip6"))
        {
            statement.Add(family == "ip" ? NftGuards.IPv4 : NftGuards.IPv6);
        }

        return true;
    }

    private static (NftValueKind Kind, bool IsJoined) Shape(NftStatement statement)
    {
        var family = NftJson.Text(statement.Value, "family") ?? statement.Scope.Family;
        if (statement.Value.ValueKind != JsonValueKind.Object || !statement.Value.TryGetProperty("addr"u8, out var address))
        {
            return (NftValueKind.IPv4, false);
        }

        var kind = family == "ip" || (family != "ip6" && NftJsonValue.TryRange(address, NftValueKind.IPv4, out _)) ? NftValueKind.IPv4 : NftValueKind.IPv6;
        return (kind, NftJson.TrySingle(address, out var name, out var map) && name == "map" && HasJoinedValues(statement.Scope, map));
    }

    private static bool HasJoinedValues(NftJsonScope scope, JsonElement map)
    {
        if (map.ValueKind != JsonValueKind.Object || !map.TryGetProperty("data"u8, out var data))
        {
            return false;
        }

        var elements = scope.Find(data) is { } named ? named.Elements : NftJson.TrySingle(data, out _, out var inner) ? inner : default;
        return elements.ValueKind == JsonValueKind.Array && elements.GetArrayLength() > 0
            && NftJsonMaps.TryPair(elements[0], out _, out var value) && NftJson.TrySingle(value, out var name, out _) && name == "concat";
    }

    private static NatValue? Value(NftStatement statement, string name, NftValueKind kind)
    {
        if (statement.Value.ValueKind != JsonValueKind.Object || !statement.Value.TryGetProperty(name, out var value))
        {
            return null;
        }

        if (NftJsonValue.TryRange(value, kind, out var range))
        {
            return new NatValue.OneOf(range);
        }

        return NftJson.TrySingle(value, out var tag, out _) && tag == "map" ? MapOf(statement, kind, part: 0, name) : Unknown(statement, value);
    }

    private static NatValue MapOf(NftStatement statement, NftValueKind kind, int part, string name = "addr")
    {
        var whole = statement.Value.GetProperty(name);
        var map = whole.GetProperty("map");
        if (map.ValueKind != JsonValueKind.Object || !map.TryGetProperty("key"u8, out var key) || !map.TryGetProperty("data"u8, out var data)
            || Key(NftJsonOperand.Read(key, statement.Scope.Family)) is not { } fields)
        {
            return Unknown(statement, whole);
        }

        var entries = statement.Scope.Find(data) is { IsWrittenByRules: true } ? null : NftJsonLookup.Map<NumberRange>(
            statement.Scope, fields, data, $"{kind} {part}", (JsonElement value, out NumberRange range) => NftJsonValue.TryRange(Part(value, part), kind, out range));
        return entries is { } read ? new NatValue.FromMap(fields, read) : Unknown(statement, whole);
    }

    private static JsonElement Part(JsonElement value, int part) =>
        NftJson.TrySingle(value, out var name, out var parts) && name == "concat" && parts.ValueKind == JsonValueKind.Array && parts.GetArrayLength() > part ? parts[part] : value;

    private static ImmutableArray<Field>? Key(NftOperand operand) => operand switch
    {
        NftOperand.Known { Mask: null } known => [known.Field],
        NftOperand.Joined joined => joined.Fields,
        _ => null,
    };

    private static NatValue Unknown(NftStatement statement, JsonElement value)
    {
        NftJsonPresence.Add(statement, value);
        return NotKnown;
    }
}
