using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Conformance;

/// <summary>The lists that the cases walk through.</summary>
public static class Lists
{
    /// <summary>What Cloudflare published on 2026-11-21.</summary>
    public static ImmutableArray<IpPrefix> Cloudflare { get; } = Of(
        "173.245.48.0/20", "103.21.244.0/22", "103.22.200.0/22", "103.31.4.0/22", "141.101.64.0/18", "108.162.192.0/18", "190.93.240.0/20",
        "188.114.96.0/20", "197.234.240.0/22", "198.41.128.0/17", "162.158.0.0/15", "104.16.0.0/13", "104.24.0.0/14", "172.64.0.0/13", "131.0.72.0/22",
        "2400:cb00::/32", "2606:4700::/32", "2803:f800::/32", "2405:b500::/32", "2405:8100::/32", "2a06:98c0::/29", "2c0f:f248::/32");

    /// <summary>Two IPv4 and one IPv6 prefix.</summary>
    public static ImmutableArray<IpPrefix> Small { get; } = Of("104.16.0.0/13", "131.0.72.0/22", "2400:cb00::/32");

    /// <summary>Shares one prefix of each family with <see cref="Small"/>.</summary>
    public static ImmutableArray<IpPrefix> Other { get; } = Of("104.16.0.0/13", "172.64.0.0/13", "2400:cb00::/32", "2606:4700::/32");

    /// <summary>The prefixes of texts.</summary>
    public static ImmutableArray<IpPrefix> Of(params IEnumerable<string> prefixes) => [.. prefixes.Select(IpPrefix.Parse)];

    /// <summary>So many prefixes that do not touch each other, of both families.</summary>
    public static ImmutableArray<IpPrefix> Many(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => i % 4 == 3
            ? IpPrefix.Parse($"2600:{i / 4:x}::/48")
            : IpPrefix.Parse($"{100 + (i / 16384)}.{i / 64 % 256}.{i % 64 * 4}.0/24")),
    ];
}
