using System.Collections.Frozen;
using System.Text.Json;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Reads the statements of a rule, each by its tag (libnftables-json(5), "STATEMENTS"); a tag that is not in the table is unknown.</summary>
internal static class NftJsonStatements
{
    private static readonly FrozenDictionary<string, Action<NftStatement>> Readers = new Dictionary<string, Action<NftStatement>>(StringComparer.Ordinal)
    {
        ["match"] = NftJsonMatch.Read,
        ["vmap"] = NftJsonVerdict.Map,
        ["accept"] = NftJsonVerdict.Decide,
        ["drop"] = NftJsonVerdict.Decide,
        ["continue"] = NftJsonVerdict.Decide,
        ["return"] = NftJsonVerdict.Decide,
        ["jump"] = NftJsonVerdict.Decide,
        ["goto"] = NftJsonVerdict.Decide,
        ["reject"] = NftJsonVerdict.Reject,
        ["mangle"] = NftJsonMangle.Read,
        ["redirect"] = NftJsonNat.Redirect,
        ["dnat"] = NftJsonNat.Destination,
        ["snat"] = NftJsonNat.Source,
        ["masquerade"] = NftJsonNat.Source,
        ["notrack"] = static statement => statement.Add(NoTrack.Instance),
        ["counter"] = Object,
        ["log"] = static _ => { },
        ["last"] = static _ => { },
        ["comment"] = static _ => { },
        ["secmark"] = Object,
        ["reset"] = static statement => statement.Add(NftGuards.Tcp),
        ["ct helper"] = ConntrackObject,
        ["ct timeout"] = ConntrackObject,
        ["ct expectation"] = ConntrackObject,
        ["limit"] = static statement => statement.UnknownCondition(UnknownReason.Rate),
        ["quota"] = static statement => statement.UnknownCondition(UnknownReason.Rate),
        ["ct count"] = static statement => statement.UnknownCondition(UnknownReason.Rate),
        ["meter"] = Meter,
        ["set"] = Set,
        ["map"] = Set,
        ["xt"] = static statement => statement.Add(new XtStep(NftJson.Text(statement.Value, "type") ?? "", NftJson.Text(statement.Value, "name") ?? "")),
        ["tproxy"] = static statement => statement.UnknownStatement(UnknownReason.Host),
        ["queue"] = static statement => statement.UnknownStatement(UnknownReason.Host),
        ["synproxy"] = static statement => statement.Add(new UnknownStatement(statement.Text, UnknownReason.NotUnderstood) { UsesConntrack = true }),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Reads one statement that is an object; false when it is none.</summary>
    public static bool Read(NftJsonScope scope, List<Step> steps, JsonElement whole)
    {
        if (!NftJson.TrySingle(whole, out var name, out var value))
        {
            return false;
        }

        var statement = new NftStatement(scope, steps, whole, value);
        if (Readers.TryGetValue(name, out var reader))
        {
            reader(statement);
        }
        else
        {
            statement.UnknownStatement();
        }

        return true;
    }

    // A named object; where a map says which one, the rule ends when the map says none.
    private static void Object(NftStatement statement)
    {
        if (NftJson.TrySingle(statement.Value, out var name, out var map) && name == "map")
        {
            NftJsonPresence.Map(statement, map);
        }
    }

    private static void ConntrackObject(NftStatement statement)
    {
        Object(statement);
        statement.Add(ConntrackUse.Instance);
    }

    private static void Meter(NftStatement statement)
    {
        if (statement.Value.ValueKind == JsonValueKind.Object && statement.Value.TryGetProperty("key"u8, out var key))
        {
            NftJsonPresence.Add(statement, key);
        }

        statement.UnknownCondition(UnknownReason.Rate);
    }

    // Adding to a set acts and goes on; a statement within, such as a limit, can end the rule.
    private static void Set(NftStatement statement)
    {
        if (statement.Value.ValueKind != JsonValueKind.Object || !statement.Value.TryGetProperty("elem"u8, out var element)
            || !NftJson.HasOnly(statement.Value, "op", "elem", "data", "set", "map", "stmt"))
        {
            statement.UnknownCondition(UnknownReason.NotUnderstood);
            return;
        }

        NftJsonPresence.Add(statement, element);
        if (statement.Value.TryGetProperty("data"u8, out var data))
        {
            NftJsonPresence.Add(statement, data);
        }

        if (statement.Value.TryGetProperty("stmt"u8, out var inner) && !IsCounting(inner))
        {
            statement.UnknownCondition(UnknownReason.Rate);
        }
    }

    private static bool IsCounting(JsonElement statements) =>
        statements.ValueKind == JsonValueKind.Array
        && statements.EnumerateArray().All(inner => NftJson.TrySingle(inner, out var name, out _) && name is "counter" or "last");
}
