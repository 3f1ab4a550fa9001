using System.Collections.Immutable;
using System.Text.Json;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Reads a match on a named set.</summary>
internal static class NftJsonLookup
{
    public static void Named(NftStatement statement, ImmutableArray<Field> key, UInt128? mask, string op, JsonElement reference)
    {
        if (statement.Scope.Find(reference) is not { } set)
        {
            AddHas(statement, key);
            statement.UnknownCondition(UnknownReason.NotRead);
            return;
        }

        var isNegated = op == "!=";
        if (op is not ("==" or "!=" or "in") || Condition(set, key, mask, isNegated) is not { } condition)
        {
            statement.UnknownCondition(UnknownReason.NotUnderstood);
            return;
        }

        if (set.IsWrittenByRules)
        {
            // It holds these now; whether it holds another one at the next packet depends on what passes.
            AddHas(statement, key);
            statement.Add(new AnyOfCondition(
                [Condition(set, key, mask, isNegated: false)!, new UnknownCondition(statement.Text, UnknownReason.History, NftJsonConntrack.IsUsedIn(statement.Whole))], isNegated));
        }
        else
        {
            statement.Add(condition);
        }

        if (set.HasLimits && !isNegated)
        {
            statement.Add(new UnknownCondition(statement.Text, UnknownReason.Rate, set.LimitsUseConntrack));
        }
    }

    /// <summary>The rule goes on only when the packet has the fields.</summary>
    public static void AddHas(NftStatement statement, ImmutableArray<Field> key)
    {
        foreach (var field in key)
        {
            statement.Add(NftGuards.Has(field));
        }
    }

    /// <summary>The entries of a map, named or anonymous; null when it is not in the dump or not understood.</summary>
    /// <param name="scope">The table.</param>
    /// <param name="key">The fields.</param>
    /// <param name="data"><c>"@name"</c> or <c>{"set":[..]}</c>.</param>
    /// <param name="valueKind">Tells apart what the values of one map are read as.</param>
    /// <param name="read">Reads a value.</param>
    public static ImmutableArray<MapEntry<T>>? Map<T>(NftJsonScope scope, ImmutableArray<Field> key, JsonElement data, string valueKind, NftTryRead<T> read)
        where T : notnull =>
        scope.Find(data) is { } named ? named.Map(key, valueKind, read)
        : NftJson.TrySingle(data, out var name, out var elements) && name == "set" ? NftJsonMaps.Entries(elements, key, read)
        : null;

    private static Condition? Condition(NftNamedSet set, ImmutableArray<Field> key, UInt128? mask, bool isNegated) =>
        key.Length > 1
            ? set.Joined(key) is { } table ? new LookupCondition(key, table, isNegated) : null
            : set.Single(NftValueKinds.Of(key[0])) is { } values ? new FieldCondition(key[0], values, isNegated) { Mask = mask } : null;
}
