using System.Text.Json;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Makes a condition on one field of an operator and what is written right of it. Null stands for "not understood".</summary>
internal static class NftJsonCondition
{
    public static Condition? Read(NftOperand.Known field, string op, JsonElement right)
    {
        if (field.Kind == NftValueKind.Name)
        {
            return op is "==" or "!=" or "in" && field.Mask is null && Names(right) is { } names ? new FieldCondition(field.Field, names, op == "!=") : null;
        }

        if (field.Kind.IsBits() && op is "in" or "!" && NftJsonValue.TryScalar(right, field.Kind, out var bits))
        {
            return field.Mask is null ? new BitsCondition(field.Field, bits, op == "!") : new BitsCondition(field.Field, bits & field.Mask.Value, op == "!");
        }

        return Numbers(field.Kind, op, right) is { } values ? new FieldCondition(field.Field, values, op == "!=") { Mask = field.Mask } : null;
    }

    /// <summary>The numbers that a comparison names; for <c>!=</c> those that it excludes.</summary>
    public static NumberSet? Numbers(NftValueKind kind, string op, JsonElement right)
    {
        switch (op)
        {
            case "==" or "!=" or "in":
                return NftJson.TrySingle(right, out var name, out var inner) && name == "set"
                    ? inner.ValueKind == JsonValueKind.Array ? NftJsonElements.Single(inner, kind) as NumberSet : null
                    : NftJsonValue.TryRange(right, kind, out var range) ? NumberSet.Of(range.First, range.Last) : null;
            case "<" or "<=" or ">" or ">=":
                return NftJsonValue.TryScalar(right, kind, out var bound) ? Compared(op, bound, kind.Greatest()) : null;
            default:
                return null;
        }
    }

    private static NumberSet Compared(string op, UInt128 bound, UInt128 greatest) => op switch
    {
        "<" => bound == 0 ? NumberSet.Empty : NumberSet.Of(0, bound - 1),
        "<=" => NumberSet.Of(0, bound),
        ">" => bound == greatest ? NumberSet.Empty : NumberSet.Of(bound + 1, greatest),
        _ => NumberSet.Of(bound, greatest),
    };

    private static NameSet? Names(JsonElement right) =>
        NftJson.TrySingle(right, out var name, out var inner) && name == "set"
            ? inner.ValueKind == JsonValueKind.Array ? NftJsonElements.Single(inner, NftValueKind.Name) as NameSet : null
            : NftJsonValue.Name(right) is { } one ? new([one]) : null;
}
