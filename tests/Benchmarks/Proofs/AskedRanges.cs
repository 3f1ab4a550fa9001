using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Proving;

namespace AllowlistSync.Benchmarks.Proofs;

/// <summary>The question that is measured: the 22 ranges that Cloudflare published in 2026, ports 80 and 443.</summary>
internal static class AskedRanges
{
    internal static ImmutableArray<IpPrefix> All { get; } =
    [
        .. """
        103.21.244.0/22 103.22.200.0/22 103.31.4.0/22 104.16.0.0/13 104.24.0.0/14 108.162.192.0/18 131.0.72.0/22 141.101.64.0/18
        162.158.0.0/15 172.64.0.0/13 173.245.48.0/20 188.114.96.0/20 190.93.240.0/20 197.234.240.0/22 198.41.128.0/17
        2400:cb00::/32 2405:8100::/32 2405:b500::/32 2606:4700::/32 2803:f800::/32 2a06:98c0::/29 2c0f:f248::/32
        """.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(IpPrefix.Parse),
    ];

    private static readonly ImmutableArray<IpPrefix> Local = [IpPrefix.Parse("198.18.0.1"), IpPrefix.Parse("2001:db8::1")];

    internal static HostFacts Host { get; } = new()
    {
        Interfaces = [new("eth0", Local)],
        Routes = [new(IpPrefix.Parse("0.0.0.0/0"), "eth0", 0), new(IpPrefix.Parse("::/0"), "eth0", 0)],
    };

    internal static Question Question { get; } = new()
    {
        Sources = PrefixSet.Of(All),
        Ports = PortSet.Of(PortRange.Tcp(80), PortRange.Tcp(443)),
        Interface = "eth0",
        Local = Local,
    };
}
