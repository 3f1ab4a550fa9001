using System.Text.Json.Nodes;

namespace AllowlistSync.TestKit;

/// <summary>
/// The nftables rule set of a sandbox in a form that only differs when somebody changed it: without handles, counters and remaining lifetimes.
/// </summary>
/// <param name="Text">What <c>nft -s list ruleset</c> prints, without "expires".</param>
/// <param name="Objects">What <c>nft -j list ruleset</c> prints, one object of JSON per line, in the kernel's order.</param>
public sealed record RulesetDump(string Text, string Objects)
{
    /// <summary>Reads the rule set.</summary>
    /// <param name="sandbox">Where.</param>
    /// <param name="without">
    /// Leaves out of <see cref="Objects" /> what carries this mark: tables, chains, sets and elements by name or comment, rules by any text
    /// in them, such as the set or chain that they name. <see cref="Text" /> is always whole.
    /// </param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="InvalidOperationException">nft failed.</exception>
    public static async Task<RulesetDump> ReadAsync(Sandbox sandbox, string? without = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        var text = await sandbox.RunAsync(["nft", "-s", "list", "ruleset"], ct: ct);
        var json = await sandbox.RunAsync(["nft", "-j", "list", "ruleset"], ct: ct);
        return new RulesetDump(RulesetText.Normalise(text.EnsureSuccess().StdOut), RulesetJson.Normalise(json.EnsureSuccess().StdOut, without));
    }
}

/// <summary>The JSON form, made comparable.</summary>
internal static class RulesetJson
{
    private static readonly string[] Volatile = ["handle", "packets", "bytes", "expires", "metainfo", "used"];

    internal static string Normalise(string json, string? mark)
    {
        var root = JsonNode.Parse(json) ?? throw new FormatException("nft printed no JSON.");
        var objects = root["nftables"]!.AsArray().OfType<JsonObject>().Where(item => !item.ContainsKey("metainfo") && !IsMarked(item, mark));
        return string.Concat(objects.Select(item => Strip(item, mark)!.ToJsonString() + "\n"));
    }

    // {"rule":{...}}: one member, its name is the kind of object.
    private static bool IsMarked(JsonObject item, string? mark)
    {
        var (kind, body) = item.First();
        return mark is not null && body is JsonObject members && (kind == "rule" ? Holds(members, mark) : IsNamed(members, mark));
    }

    private static bool IsNamed(JsonObject members, string mark)
    {
        return Array.Exists(["name", "table", "chain", "comment"], key => members[key] is JsonValue value && Holds(value, mark));
    }

    private static bool Holds(JsonNode? node, string mark)
    {
        return node switch
        {
            JsonObject members => members.Any(member => Holds(member.Value, mark)),
            JsonArray items => items.Any(item => Holds(item, mark)),
            JsonValue value => value.TryGetValue(out string? text) && text.Contains(mark, StringComparison.Ordinal),
            _ => false,
        };
    }

    private static JsonNode? Strip(JsonNode? node, string? mark)
    {
        switch (node)
        {
            case JsonObject members:
                var kept = members.Where(member => !Volatile.Contains(member.Key, StringComparer.Ordinal));
                return new JsonObject(kept.Select(member => KeyValuePair.Create(member.Key, Strip(member.Value, mark))));
            case JsonArray items:
                return new JsonArray([.. items.Where(item => !IsMarkedElement(item, mark)).Select(item => Strip(item, mark))]);
            default:
                return node?.DeepClone();
        }
    }

    // {"elem":{"val":...,"comment":"..."}}: an element of a set that has more than a value.
    private static bool IsMarkedElement(JsonNode? item, string? mark)
    {
        return mark is not null && item is JsonObject wrapper && wrapper["elem"] is JsonObject element && IsNamed(element, mark);
    }
}
