using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AllowlistSync.Postgres;

/// <summary>JSON with its checksum, so that what was edited by hand or damaged is noticed and never believed.</summary>
/// <param name="Content">The JSON.</param>
/// <param name="Checksum">The SHA-256 of it as UTF-8, in hex.</param>
internal readonly record struct SealedRow(string Content, string Checksum)
{
    /// <summary>True when they fit together.</summary>
    public bool IsWhole => Checksum == SumOf(Content);

    /// <summary>Seals a value.</summary>
    public static SealedRow Of<T>(T value, JsonTypeInfo<T> shape)
    {
        var json = JsonSerializer.Serialize(value, shape);
        return new SealedRow(json, SumOf(json));
    }

    private static string SumOf(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));
}
