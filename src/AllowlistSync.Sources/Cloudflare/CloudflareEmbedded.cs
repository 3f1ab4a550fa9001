using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Sources;

namespace AllowlistSync.Sources.Cloudflare;

/// <summary>
/// Cloudflare's list as it was built into this program, for a first look without network; it is shown and never applied.
/// Source: https://api.cloudflare.com/client/v4/ips, etag 38f79d050aa027e3be3865e495dcc9bc, taken over on 2026-11-21.
/// </summary>
internal static class CloudflareEmbedded
{
    internal const string ETag = "38f79d050aa027e3be3865e495dcc9bc";

    internal static DateTimeOffset TakenOver => new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    private static ReadOnlySpan<byte> List =>
        """
        173.245.48.0/20
        103.21.244.0/22
        103.22.200.0/22
        103.31.4.0/22
        141.101.64.0/18
        108.162.192.0/18
        190.93.240.0/20
        188.114.96.0/20
        197.234.240.0/22
        198.41.128.0/17
        162.158.0.0/15
        104.16.0.0/13
        104.24.0.0/14
        172.64.0.0/13
        131.0.72.0/22
        2400:cb00::/32
        2606:4700::/32
        2803:f800::/32
        2405:b500::/32
        2405:8100::/32
        2a06:98c0::/29
        2c0f:f248::/32
        """u8;

    internal static RangeSnapshot Snapshot(string source)
    {
        ImmutableArray<IpPrefix> prefixes = TextList.Read(source, "the built-in list", List);
        return new RangeSnapshot
        {
            Source = source,
            Kind = SourceKind.Cloudflare,
            Published = prefixes,
            Ranges = PrefixSet.Of(prefixes.AsSpan()),
            ETag = ETag,
            FetchedAt = TakenOver,
            Provenance = Provenance.Embedded,
        };
    }
}
