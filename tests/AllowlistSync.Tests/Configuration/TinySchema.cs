using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AllowlistSync.Tests.Configuration;

/// <summary>Validates JSON against the part of JSON Schema 2020-12 that the shipped schema uses.</summary>
internal sealed class TinySchema(JsonNode schema)
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "$schema", "title", "description", "examples", "type", "properties", "additionalProperties", "required", "items",
        "minItems", "patternProperties", "enum", "pattern", "minLength", "minimum", "maximum", "oneOf", "anyOf",
    };

    internal bool Accepts(JsonNode? value) => Accepts(schema.AsObject(), value);

    internal IEnumerable<string> UnknownWords() => Words(schema.AsObject()).Where(word => !Known.Contains(word)).Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> Words(JsonObject schema) =>
        schema.SelectMany(pair => pair.Value switch
        {
            JsonObject properties when pair.Key is "properties" or "patternProperties" => properties.SelectMany(property => Words(property.Value!.AsObject())),
            JsonObject nested => Words(nested),
            JsonArray list when pair.Key is "oneOf" or "anyOf" => list.SelectMany(item => Words(item!.AsObject())),
            _ => [],
        }).Concat(schema.Select(pair => pair.Key));

    private static IEnumerable<JsonObject> Named(JsonNode? patterns, string key) =>
        patterns?.AsObject().Where(pair => Regex.IsMatch(key, pair.Key, RegexOptions.ECMAScript, TimeSpan.FromSeconds(1))).Select(pair => pair.Value!.AsObject()) ?? [];

    private static bool Accepts(JsonObject schema, JsonNode? value) => schema.All(pair => pair.Key switch
    {
        "type" => (pair.Value as JsonArray)?.Any(type => IsType(value, (string)type!)) ?? IsType(value, (string)pair.Value!),
        "properties" => value is not JsonObject map || map.All(entry => pair.Value![entry.Key] is not JsonObject nested || Accepts(nested, entry.Value)),
        "additionalProperties" => value is not JsonObject map || map.All(entry => schema["properties"]?.AsObject().ContainsKey(entry.Key) == true || Named(schema["patternProperties"], entry.Key).Any()),
        "patternProperties" => value is not JsonObject map || map.All(entry => Named(pair.Value, entry.Key).All(nested => Accepts(nested, entry.Value))),
        "required" => value is not JsonObject map || pair.Value!.AsArray().All(key => map.ContainsKey((string)key!)),
        "items" => value is not JsonArray list || list.All(item => Accepts(pair.Value!.AsObject(), item)),
        "minItems" => value is not JsonArray list || list.Count >= (int)pair.Value!,
        "enum" => pair.Value!.AsArray().Any(choice => JsonNode.DeepEquals(choice, value)),
        "pattern" => value?.GetValueKind() != JsonValueKind.String || Regex.IsMatch((string)value!, (string)pair.Value!, RegexOptions.ECMAScript, TimeSpan.FromSeconds(1)),
        "minLength" => value?.GetValueKind() != JsonValueKind.String || ((string)value!).Length >= (int)pair.Value!,
        "minimum" => value?.GetValueKind() != JsonValueKind.Number || (double)value! >= (double)pair.Value!,
        "maximum" => value?.GetValueKind() != JsonValueKind.Number || (double)value! <= (double)pair.Value!,
        "oneOf" => pair.Value!.AsArray().Count(nested => Accepts(nested!.AsObject(), value)) == 1,
        "anyOf" => pair.Value!.AsArray().Any(nested => Accepts(nested!.AsObject(), value)),
        _ => true,
    });

    private static bool IsType(JsonNode? value, string type) => type switch
    {
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value?.GetValueKind() == JsonValueKind.String,
        "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        "number" => value?.GetValueKind() == JsonValueKind.Number,
        "integer" => value?.GetValueKind() == JsonValueKind.Number && double.IsInteger((double)value!),
        _ => throw new NotSupportedException(type),
    };
}
