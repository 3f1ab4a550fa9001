using System.Collections.Immutable;
using System.Text.Json;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>
/// Reads what <c>nft -j</c> prints (libnftables-json(5)); pure. Unknown objects are of no concern to us and are passed over;
/// an object that we know and cannot read is an error, never an absent object.
/// </summary>
public static class NftablesReader
{
    /// <summary>Reads <c>nft -j -t list ruleset</c> (or without -t).</summary>
    public static NftRuleset ReadRuleset(ReadOnlyMemory<byte> json)
    {
        try
        {
            return Sort(Objects(json)) with { Listing = json };
        }
        catch (Exception malformed) when (IsMalformed(malformed))
        {
            throw NotNftJson("the answer", malformed);
        }
    }

    /// <summary>What reading JSON of another shape ends with.</summary>
    internal static bool IsMalformed(Exception failure) => failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException;

    private static NftRuleset Sort(List<(string Kind, JsonElement Value)> objects)
    {
        var tables = ImmutableArray.CreateBuilder<NftTable>();
        var sets = ImmutableArray.CreateBuilder<NftSet>();
        var chains = ImmutableArray.CreateBuilder<NftChain>();
        var rules = ImmutableArray.CreateBuilder<NftRule>();
        foreach (var (kind, value) in objects)
        {
            switch (kind)
            {
                case "table":
                    tables.Add(new NftTable(Text(value, "family"), Text(value, "name")));
                    break;
                case "set":
                    sets.Add(Set(value));
                    break;
                case "chain":
                    chains.Add(new NftChain(TableOf(value), Text(value, "name"), OptionalText(value, "type"), OptionalText(value, "hook"), OptionalText(value, "policy")));
                    break;
                case "rule":
                    rules.Add(new NftRule(TableOf(value), Text(value, "chain"), value.GetProperty("handle").GetInt64(), OptionalText(value, "comment"), [.. value.GetProperty("expr").EnumerateArray()]));
                    break;
                default:
                    break;
            }
        }

        return new NftRuleset(tables.ToImmutable(), sets.ToImmutable(), chains.ToImmutable(), rules.ToImmutable());
    }

    /// <summary>What the caller says when nft's answer is no JSON of nft.</summary>
    internal static ProviderException NotNftJson(string what, Exception? inner = null) => new(
        FailureKind.Protocol, Aftermath.Untouched, $"{what} is not the JSON that `nft -j list ruleset` prints", "run `nft -j list ruleset` by hand and look at it; report the first lines if they look right", inner);

    private static List<(string Kind, JsonElement Value)> Objects(ReadOnlyMemory<byte> json)
    {
        // The elements live as long as the rules that hold them, so the document is not pooled.
        var root = JsonElement.Parse(json.Span);
        var objects = new List<(string, JsonElement)>();
        foreach (var entry in root.GetProperty("nftables").EnumerateArray())
        {
            foreach (var property in entry.EnumerateObject())
            {
                objects.Add((property.Name, property.Value));
            }
        }

        return objects;
    }

    private static NftSet Set(JsonElement value) => new(
        TableOf(value),
        Text(value, "name"),
        TypeOf(value),
        OptionalText(value, "comment"),
        value.TryGetProperty("flags", out var flags) ? [.. NftExpression.Items(flags).Select(flag => flag.GetString()!)] : [],
        OptionalNumber(value, "timeout"),
        OptionalNumber(value, "size"));

    // A concatenation is an array, a `typeof` set may have an object.
    private static string TypeOf(JsonElement set) => set.GetProperty("type") switch
    {
        { ValueKind: JsonValueKind.String } one => one.GetString()!,
        { ValueKind: JsonValueKind.Array } many => string.Join(" . ", many.EnumerateArray().Select(part => part.ToString())),
        var other => other.GetRawText(),
    };

    private static NftTable TableOf(JsonElement value) => new(Text(value, "family"), Text(value, "table"));

    private static string Text(JsonElement value, string name) =>
        OptionalText(value, name) ?? throw NotNftJson($"an object without `{name}`");

    private static string? OptionalText(JsonElement value, string name) =>
        NftExpression.TryGetText(value, name, out var text) ? text : null;

    private static long? OptionalNumber(JsonElement value, string name) =>
        NftExpression.TryGet(value, name, out var property) && property.ValueKind == JsonValueKind.Number && property.TryGetInt64(out var number) ? number : null;
}
