using System.Collections.Immutable;
using System.Text.Json;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>
/// An expression whose value nobody needs here still ends the rule when the packet lacks what it looks at, or when a map does not hold it.
/// </summary>
internal static class NftJsonPresence
{
    /// <summary>Adds conditions that hold when the expression has a value.</summary>
    public static void Add(NftStatement statement, JsonElement expression)
    {
        if (!NftJson.TrySingle(expression, out var name, out var inner))
        {
            return;
        }

        switch (name)
        {
            case "prefix" or "range" or "numgen" or "symhash":
                break;
            case "rt" when NftJson.Text(inner, "key") == "mtu":
                // Only allowed where the packet has a route.
                break;
            case "elem" when inner.ValueKind == JsonValueKind.Object && inner.TryGetProperty("val"u8, out var value):
                Add(statement, value);
                break;
            case "jhash" when inner.ValueKind == JsonValueKind.Object && inner.TryGetProperty("expr"u8, out var hashed):
                Add(statement, hashed);
                break;
            case "|" or "&" or "^" or "<<" or ">>" or "concat" when inner.ValueKind == JsonValueKind.Array:
                foreach (var part in inner.EnumerateArray())
                {
                    Add(statement, part);
                }

                break;
            case "map":
                Map(statement, inner);
                break;
            default:
                Field(statement, NftJsonOperand.Read(expression, statement.Scope.Family));
                break;
        }
    }

    /// <summary>Adds a condition that holds when a map has an entry.</summary>
    public static void Map(NftStatement statement, JsonElement map)
    {
        if (map.ValueKind != JsonValueKind.Object || !map.TryGetProperty("key"u8, out var key) || !map.TryGetProperty("data"u8, out var data))
        {
            statement.UnknownCondition(UnknownReason.NotUnderstood);
            return;
        }

        if (NftJsonSpread.CoversAll(statement.Scope, key, data))
        {
            Add(statement, key);
            return;
        }

        var operand = NftJsonOperand.Read(key, statement.Scope.Family);
        ImmutableArray<Field> fields = operand switch
        {
            NftOperand.Known { Mask: null } known => [known.Field],
            NftOperand.Joined joined => joined.Fields,
            _ => [],
        };
        if (operand is NftOperand.Unknown unknown)
        {
            statement.UnknownCondition(unknown.Reason);
        }
        else if (fields.IsEmpty || statement.Scope.Find(data) is { IsWrittenByRules: true } || NftJsonLookup.Map(statement.Scope, fields, data, "any", (JsonElement _, out bool any) => any = true) is not { } entries)
        {
            statement.UnknownCondition(UnknownReason.NotUnderstood);
        }
        else
        {
            statement.Add(fields.Length == 1 && entries.Length == 1
                ? new FieldCondition(fields[0], entries[0].Parts[0])
                : new LookupCondition(fields, new([.. entries.Select(entry => new Element(entry.Parts))])));
        }
    }

    private static void Field(NftStatement statement, NftOperand operand)
    {
        switch (operand)
        {
            case NftOperand.Known known:
                statement.Add(NftGuards.Has(known.Field));
                break;
            case NftOperand.Constant constant:
                statement.Add(constant.Guard);
                break;
            case NftOperand.Missing:
                statement.Add(FixedCondition.Never);
                break;
            case NftOperand.Unknown { Guard: { } guard, Reason: not UnknownReason.NotUnderstood }:
                statement.Add(guard);
                break;
            case NftOperand.Unknown unknown:
                statement.UnknownCondition(unknown.Reason);
                break;
        }
    }
}
