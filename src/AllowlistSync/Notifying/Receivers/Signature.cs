using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AllowlistSync.Core;

namespace AllowlistSync.Notifying.Receivers;

/// <summary>
/// How a receiver knows that a message is ours and new: HMAC-SHA256 over <c>TIMESTAMP.BODY</c>, where the timestamp is that of the header. Whoever replays a message later has an old timestamp, and cannot make a new one. Pure but for the clock.
/// </summary>
internal static class Signature
{
    /// <summary>The header with <c>sha256=HEX</c>.</summary>
    public const string Header = "X-AllowlistSync-Signature";

    /// <summary>The header with the seconds since 1970.</summary>
    public const string TimestampHeader = "X-AllowlistSync-Timestamp";

    /// <summary>The headers of a body.</summary>
    public static IReadOnlyDictionary<string, string> Headers(Secret key, byte[] body, TimeProvider time)
    {
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(timestamp + "."), .. body];
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key.Reveal()), signed);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [TimestampHeader] = timestamp,
            [Header] = "sha256=" + Convert.ToHexStringLower(mac),
        };
    }
}
