using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Guards;
using AllowlistSync.Core.Sources;

namespace AllowlistSync.Core.Tests.Fixtures;

/// <summary>Lists, snapshots and targets for tests.</summary>
internal static class Lists
{
    /// <summary>What https://www.cloudflare.com/ips-v4 listed on 2026-11-21.</summary>
    public static readonly string[] CloudflareV4 =
    [
        "173.245.48.0/20", "103.21.244.0/22", "103.22.200.0/22", "103.31.4.0/22", "141.101.64.0/18", "108.162.192.0/18", "190.93.240.0/20", "188.114.96.0/20",
        "197.234.240.0/22", "198.41.128.0/17", "162.158.0.0/15", "104.16.0.0/13", "104.24.0.0/14", "172.64.0.0/13", "131.0.72.0/22",
    ];

    /// <summary>What https://www.cloudflare.com/ips-v6 listed on 2026-11-21.</summary>
    public static readonly string[] CloudflareV6 =
        ["2400:cb00::/32", "2606:4700::/32", "2803:f800::/32", "2405:b500::/32", "2405:8100::/32", "2a06:98c0::/29", "2c0f:f248::/32"];

    public static readonly string[] Cloudflare = [.. CloudflareV4, .. CloudflareV6];

    public static readonly DateTimeOffset Morning = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    public static readonly PortSet Web = PortSet.Of(PortRange.Tcp(80), PortRange.Tcp(443));

    public static PrefixSet Set(params IEnumerable<string> prefixes) => PrefixSet.Of(prefixes.Select(IpPrefix.Parse));

    public static TrafficSet OnWeb(params IEnumerable<string> prefixes) => TrafficSet.Of(Set(prefixes), Web);

    public static RangeSnapshot Snapshot(IEnumerable<string> prefixes, SourceKind kind = SourceKind.Cloudflare, DateTimeOffset? at = null) => new()
    {
        Source = "cloudflare",
        Kind = kind,
        Published = [.. prefixes.Select(IpPrefix.Parse)],
        Ranges = Set(prefixes),
        ETag = "38f79d050aa027e3be3865e495dcc9bc",
        FetchedAt = at ?? Morning,
        Provenance = Provenance.CrossChecked,
    };

    public static SourceMemory Memory(params IEnumerable<string> prefixes) => new(Snapshot(prefixes), Set(prefixes), []);

    /// <summary>Ranges that a guard chain let pass, as a first run makes them.</summary>
    public static AcceptedRanges Accepted(params IEnumerable<string> prefixes) =>
        GuardChain.For(SourceKind.Static, GuardPolicy.Default).Judge(Snapshot(prefixes, SourceKind.Static), memory: null, Morning).InForce!;

    public static Target Target(string name = "web") => new()
    {
        Name = name,
        Provider = "fake",
        Allow = ["cloudflare"],
        Ports = Web,
    };

    /// <summary>Prefixes 10.0.0.0/24, 10.0.2.0/24, and so on: none merges with its neighbour.</summary>
    public static IEnumerable<string> Spread(int count, string start = "11.0") => Enumerable.Range(0, count).Select(i => $"{start}.{i * 2}.0/24");

    /// <summary>Prefixes 2606:4700:0::/48, 2606:4700:2::/48, and so on: none merges with its neighbour.</summary>
    public static IEnumerable<string> SpreadV6(int count) => Enumerable.Range(0, count).Select(i => IpPrefix.Parse($"2606:4700:{i * 2:x}::/48").ToString());
}
