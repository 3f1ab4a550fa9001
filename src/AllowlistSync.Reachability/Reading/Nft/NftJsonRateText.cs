using System.Text;
using System.Text.Json;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Writes limits and quotas the way nft does (nft(8), "Limits", "Quota").</summary>
internal static class NftJsonRateText
{
    public static string Limit(JsonElement limit)
    {
        var text = new StringBuilder("limit rate ").Append(Over(limit)).Append(Of(limit, "rate"));
        if (Of(limit, "rate_unit") is { Length: > 0 } unit && unit != "packets")
        {
            _ = text.Append(' ').Append(unit);
        }

        _ = text.Append('/').Append(Of(limit, "per"));
        if (Of(limit, "burst") is { Length: > 0 } burst && burst != "0")
        {
            _ = text.Append(" burst ").Append(burst).Append(' ').Append(Of(limit, "burst_unit") is { Length: > 0 } burstUnit ? burstUnit : "packets");
        }

        return text.ToString();
    }

    public static string Quota(JsonElement quota) => $"quota {Over(quota)}{Of(quota, "val")} {Of(quota, "val_unit")}";

    private static string Over(JsonElement value) => value.TryGetProperty("inv"u8, out var inverted) && inverted.ValueKind == JsonValueKind.True ? "over " : "";

    private static string Of(JsonElement value, string key) => value.TryGetProperty(key, out var found) ? NftJsonText.Expression(found) : "";
}
