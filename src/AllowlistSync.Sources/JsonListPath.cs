using System.Collections.Immutable;
using System.Text.Json;

namespace AllowlistSync.Sources;

/// <summary>
/// The way to the prefixes of a JSON document: keys with dots between them, <c>[]</c> for every entry of an array, optionally <c>$.</c>
/// in front. What it leads to is a text, or an array of texts: <c>$.result.ipv4_cidrs</c>, <c>prefixes[].ip_prefix</c>.
/// </summary>
public sealed class JsonListPath
{
    private const string Each = "[]";
    private readonly ImmutableArray<string> _steps;

    private JsonListPath(string text, ImmutableArray<string> steps)
    {
        Text = text;
        _steps = steps;
    }

    /// <summary>The path as it was written.</summary>
    public string Text { get; }

    /// <summary>Reads a path.</summary>
    /// <exception cref="FormatException">The text is none; the message says what is wrong.</exception>
    public static JsonListPath Parse(string text)
    {
        var rest = text.StartsWith('$') ? text[1..].TrimStart('.') : text;
        var steps = ImmutableArray.CreateBuilder<string>();
        foreach (var part in rest.Length == 0 ? [] : rest.Split('.'))
        {
            var key = part;
            var loops = 0;
            for (; key.EndsWith(Each, StringComparison.Ordinal); loops++)
            {
                key = key[..^2];
            }

            if (key.AsSpan().ContainsAny('[', ']') || (key.Length == 0 && (loops == 0 || steps.Count > 0)))
            {
                throw new FormatException($"\"{ShownText.Of(text)}\" is not a path: write keys with dots between them and [] for every entry of an array, for example prefixes[].ip_prefix");
            }

            if (key.Length > 0)
            {
                steps.Add(key);
            }

            steps.AddRange(Enumerable.Repeat(Each, loops));
        }

        return new JsonListPath(text, steps.ToImmutable());
    }

    /// <summary>Finds the texts.</summary>
    /// <exception cref="FormatException">The document has no such key, or something else than texts there. Nothing is skipped.</exception>
    public IEnumerable<string> Select(JsonElement document)
    {
        IEnumerable<JsonElement> at = [document];
        foreach (var step in _steps)
        {
            at = step == Each ? at.SelectMany(Entries) : at.Select(element => Member(element, step));
        }

        return at.SelectMany(end => end.ValueKind == JsonValueKind.Array ? Entries(end) : [end]).Select(Leaf);
    }

    private IEnumerable<JsonElement> Entries(JsonElement element) => element.ValueKind == JsonValueKind.Array
        ? element.EnumerateArray()
        : throw new FormatException($"path {Text}: {Kind(element)} where an array was expected");

    private JsonElement Member(JsonElement element, string key) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out var value)
        ? value
        : throw new FormatException($"path {Text}: there is no \"{key}\"");

    private string Leaf(JsonElement element) => element.ValueKind == JsonValueKind.String
        ? element.GetString()!
        : throw new FormatException($"path {Text}: {Kind(element)} where a prefix was expected");

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.Null => "null",
        JsonValueKind.Number => "a number",
        JsonValueKind.String => "a text",
        _ => "a truth value",
    };
}
