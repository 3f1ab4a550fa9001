using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace AllowlistSync.Core.Planning;

/// <summary>Names a plan by what it would do and by the state of the world that it was made for.</summary>
public static class PlanFingerprint
{
    /// <summary>The number of characters of a fingerprint that a person must give at least.</summary>
    public const int ShortLength = 12;

    /// <summary>The SHA-256 of the canonical JSON of a plan, in lower-case hex.</summary>
    public static string Of(Plan plan)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            PlanJson.Write(writer, plan);
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    /// <summary>True when a person means this fingerprint: at least its first 12 characters.</summary>
    public static bool Matches(string fingerprint, string given) =>
        given.Length >= ShortLength && fingerprint.StartsWith(given, StringComparison.OrdinalIgnoreCase);
}
