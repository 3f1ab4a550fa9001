using System.Text.Json;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Maps that spread packets: the number is counted, drawn or hashed, and every number has an entry.</summary>
internal static class NftJsonSpread
{
    /// <summary>Whether a map that is asked with such a number always has an answer.</summary>
    public static bool CoversAll(NftJsonScope scope, JsonElement key, JsonElement data)
    {
        if (!NftJson.TrySingle(key, out var name, out var generator) || name is not ("numgen" or "jhash" or "symhash") || generator.ValueKind != JsonValueKind.Object
            || !generator.TryGetProperty("mod"u8, out var modulus) || modulus.ValueKind != JsonValueKind.Number || !modulus.TryGetUInt32(out var count) || count == 0)
        {
            return false;
        }

        var offset = generator.TryGetProperty("offset"u8, out var start) && start.ValueKind == JsonValueKind.Number && start.TryGetUInt32(out var first) ? first : 0;
        return scope.Find(data) is null or { IsWrittenByRules: false }
            && NftJsonLookup.Map(scope, [Field.Mark], data, "any", (JsonElement _, out bool any) => any = true) is [{ Parts: [NumberSet numbers] }]
            && numbers.Covers(new(offset, (UInt128)offset + count - 1));
    }
}
