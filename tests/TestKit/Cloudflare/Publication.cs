using System.Security.Cryptography;
using System.Text;

namespace AllowlistSync.TestKit;

/// <summary>The ranges that a server publishes.</summary>
/// <param name="IPv4">In the order in which they are published.</param>
/// <param name="IPv6">In the order in which they are published.</param>
/// <param name="ETag">32 hexadecimal digits, in the JSON and (quoted) in the ETag header.</param>
public sealed record Publication(IReadOnlyList<string> IPv4, IReadOnlyList<string> IPv6, string ETag)
{
    /// <summary>What Cloudflare publishes (api.cloudflare.com/client/v4/ips, seen in November 2026): 15 and 7 prefixes.</summary>
    public static Publication Real { get; } = new(
        [
            "173.245.48.0/20", "103.21.244.0/22", "103.22.200.0/22", "103.31.4.0/22", "141.101.64.0/18",
            "108.162.192.0/18", "190.93.240.0/20", "188.114.96.0/20", "197.234.240.0/22", "198.41.128.0/17",
            "162.158.0.0/15", "104.16.0.0/13", "104.24.0.0/14", "172.64.0.0/13", "131.0.72.0/22",
        ],
        ["2400:cb00::/32", "2606:4700::/32", "2803:f800::/32", "2405:b500::/32", "2405:8100::/32", "2a06:98c0::/29", "2c0f:f248::/32"],
        "38f79d050aa027e3be3865e495dcc9bc");

    /// <summary>Prefixes of the China network, which the API adds when asked for it. Stand-ins: the real ones were not seen.</summary>
    public static IReadOnlyList<string> JdCloud { get; } = ["116.196.64.0/20", "114.67.96.0/20", "2402:db40:5100::/48"];

    /// <summary>All of both families.</summary>
    public IReadOnlyList<string> All => [.. IPv4, .. IPv6];

    /// <summary>Without these prefixes, with an etag of its own.</summary>
    public Publication Without(params string[] prefixes)
    {
        return With(IPv4.Except(prefixes, StringComparer.Ordinal), IPv6.Except(prefixes, StringComparer.Ordinal));
    }

    /// <summary>With these prefixes at the end of the list of their family, with an etag of its own.</summary>
    public Publication Plus(params string[] prefixes)
    {
        return With(IPv4.Concat(prefixes.Where(prefix => !prefix.Contains(':', StringComparison.Ordinal))), IPv6.Concat(prefixes.Where(prefix => prefix.Contains(':', StringComparison.Ordinal))));
    }

    /// <summary>With these lists, and an etag that follows from them.</summary>
    public static Publication With(IEnumerable<string> ipv4, IEnumerable<string> ipv6)
    {
        string[] four = [.. ipv4];
        string[] six = [.. ipv6];
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', [.. four, "", .. six])));
        return new Publication(four, six, Convert.ToHexStringLower(hash)[..32]);
    }
}
