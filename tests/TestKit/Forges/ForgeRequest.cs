using System.Globalization;
using System.Text.Json.Nodes;

namespace AllowlistSync.TestKit;

/// <summary>A request that a forge got.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path as it came, with its escapes, without the query.</param>
/// <param name="Query">The query, by name.</param>
/// <param name="Headers">By name, whatever the case.</param>
/// <param name="Body">The body; empty when there is none.</param>
public sealed record ForgeRequest(string Method, string Path, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The parts of the path that the route names.</summary>
    public IReadOnlyDictionary<string, string> Parts { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The body's object; empty when there is none.</summary>
    public JsonObject Json { get; init; } = [];

    /// <summary>The number in the path.</summary>
    public long Number => long.Parse(Parts["number"], CultureInfo.InvariantCulture);

    /// <summary>A member of the body as text; null when it is not there.</summary>
    public string? Text(string member) => Json[member]?.GetValue<string>();

    /// <summary>Texts of a member of the body.</summary>
    public IReadOnlyList<string> Texts(string member) => Json[member] is JsonArray array ? [.. array.Select(item => item!.GetValue<string>())] : [];

    /// <summary>Numbers of a member of the body.</summary>
    public IReadOnlyList<long> Numbers(string member) => Json[member] is JsonArray array ? [.. array.Select(item => item!.GetValue<long>())] : [];

    /// <summary>A number of the query.</summary>
    public int NumberIn(string name, int otherwise) => Query.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>A header; empty when there is none.</summary>
    public string Header(string name) => Headers.GetValueOrDefault(name, "");
}

/// <summary>What a forge answers.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body; null for none.</param>
public sealed record ForgeReply(int Status, JsonNode? Body)
{
    /// <summary>Headers beside.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
