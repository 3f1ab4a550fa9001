using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>
/// Looks into an expression of nft's JSON whatever its shape. Most are objects, but nft 1.0.6 prints what it has no JSON for as the text of its
/// own language: <c>jump { accept }</c>, an anonymous chain, is a string. What is not an object has no member, and so is known to nobody. Pure.
/// </summary>
internal static class NftExpression
{
    /// <summary>A member of the expression; false when it has none of that name, or is no object.</summary>
    public static bool TryGet(JsonElement expression, string name, out JsonElement value)
    {
        value = default;
        return expression.ValueKind == JsonValueKind.Object && expression.TryGetProperty(name, out value);
    }

    /// <summary>A member that is a text.</summary>
    public static bool TryGetText(JsonElement expression, string name, [NotNullWhen(true)] out string? text)
    {
        text = TryGet(expression, name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return text is not null;
    }

    /// <summary>True when the expression has a member of that name.</summary>
    public static bool Has(JsonElement expression, string name) => TryGet(expression, name, out _);

    /// <summary>The items of an array; a value that is none is its own only item (later versions of nft write a single flag without brackets).</summary>
    public static IEnumerable<JsonElement> Items(JsonElement value) => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [value];
}
