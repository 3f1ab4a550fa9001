using System.Text.Json;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>The few shapes that all of nft's JSON is made of.</summary>
internal static class NftJson
{
    /// <summary>An object with exactly one key: how nft tags statements, expressions and objects.</summary>
    public static bool TrySingle(JsonElement value, out string name, out JsonElement inner)
    {
        (name, inner) = ("", default);
        if (value.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        var count = 0;
        foreach (var property in value.EnumerateObject())
        {
            if (++count > 1)
            {
                return false;
            }

            (name, inner) = (NameOf(property), property.Value);
        }

        return count == 1;
    }

    /// <summary>A string under a key; null when it is not there or is none.</summary>
    public static string? Text(JsonElement value, string key) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(key, out var found) && found.ValueKind == JsonValueKind.String ? found.GetString() : null;

    /// <summary>Whether it is an object that has no keys but these.</summary>
    public static bool HasOnly(JsonElement value, params ReadOnlySpan<string> keys)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        foreach (var property in value.EnumerateObject())
        {
            if (!IsOneOf(property, keys))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsOneOf(JsonProperty property, ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (property.NameEquals(key))
            {
                return true;
            }
        }

        return false;
    }

    // The tags of nearly all statements, without making a string of each.
    private static string NameOf(JsonProperty property)
    {
        foreach (var known in Common)
        {
            if (property.NameEquals(known))
            {
                return known;
            }
        }

        return property.Name;
    }

    private static readonly string[] Common = ["match", "payload", "prefix", "accept", "drop", "counter", "meta", "jump", "ct", "set", "range", "elem", "concat", "rule"];
}
