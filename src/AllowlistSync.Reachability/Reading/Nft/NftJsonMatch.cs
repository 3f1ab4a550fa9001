using System.Collections.Immutable;
using System.Text.Json;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Reads <c>{"match":{"op","left","right"}}</c>.</summary>
internal static class NftJsonMatch
{
    public static void Read(NftStatement statement)
    {
        if (!NftStepCache.Takes(statement.Value))
        {
            Parse(statement);
        }
        else if (statement.Scope.Cache.TryGet(statement.Value, out var known))
        {
            statement.Steps.AddRange(known);
        }
        else
        {
            var before = statement.Steps.Count;
            Parse(statement);
            statement.Scope.Cache.Add(statement.Value, [.. statement.Steps.Skip(before)]);
        }
    }

    private static void Parse(NftStatement statement)
    {
        var match = statement.Value;
        if (match.ValueKind != JsonValueKind.Object || !match.TryGetProperty("left"u8, out var left) || !match.TryGetProperty("right"u8, out var right)
            || NftJson.Text(match, "op") is not { } op || !NftJson.HasOnly(match, "op", "left", "right"))
        {
            statement.UnknownCondition(UnknownReason.NotUnderstood);
            return;
        }

        switch (NftJsonOperand.Read(left, statement.Scope.Family))
        {
            case NftOperand.Missing:
                statement.Add(FixedCondition.Never);
                break;
            case NftOperand.Known known:
                OneField(statement, known, op, right);
                break;
            case NftOperand.Joined joined:
                Joined(statement, joined.Fields, op, right);
                break;
            case NftOperand.Constant constant:
                Constant(statement, constant, op, right);
                break;
            case NftOperand.Unknown unknown:
                if (unknown.Guard is { } guard)
                {
                    statement.Add(guard);
                }

                statement.Add(new UnknownCondition(statement.Text, unknown.Reason, unknown.UsesConntrack));
                break;
        }
    }

    private static void OneField(NftStatement statement, NftOperand.Known field, string op, JsonElement right)
    {
        if (IsReference(right))
        {
            NftJsonLookup.Named(statement, [field.Field], field.Mask, op, right);
        }
        else if (NftJsonCondition.Read(field, op, right) is { } condition)
        {
            statement.Add(condition);
        }
        else
        {
            // What is asked of interfaces and routes beyond their names is a matter of the host: an interface by a number that has no name any more.
            var reason = field.Kind is NftValueKind.Name or NftValueKind.Presence ? UnknownReason.Host : UnknownReason.NotUnderstood;
            statement.UnknownCondition(reason);
        }
    }

    private static void Joined(NftStatement statement, ImmutableArray<Field> key, string op, JsonElement right)
    {
        if (IsReference(right))
        {
            NftJsonLookup.Named(statement, key, null, op, right);
            return;
        }

        var table = !NftJson.TrySingle(right, out var name, out var inner) ? null
            : name == "set" && inner.ValueKind == JsonValueKind.Array ? NftJsonElements.Joined(inner, key)
            : name == "concat" && NftJsonElements.Parts(right, key, []) is { } parts ? new ElementTable([new(parts)])
            : null;
        if (table is null || op is not ("==" or "!=" or "in"))
        {
            statement.UnknownCondition(UnknownReason.NotUnderstood);
            return;
        }

        statement.Add(new LookupCondition(key, table, op == "!="));
    }

    private static void Constant(NftStatement statement, NftOperand.Constant constant, string op, JsonElement right)
    {
        statement.Add(constant.Guard);
        if ((constant.Mask is null && constant.KnownBits != UInt128.MaxValue)
            || NftJsonCondition.Numbers(constant.Kind, op, right) is not { } values)
        {
            statement.UnknownCondition(UnknownReason.Packet);
        }
        else if (values.Contains(constant.Value & (constant.Mask ?? UInt128.MaxValue)) == (op == "!="))
        {
            statement.Add(FixedCondition.Never);
        }
    }

    private static bool IsReference(JsonElement right) => right.ValueKind == JsonValueKind.String && right.GetString() is ['@', _, ..];
}
