using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Proving;

namespace AllowlistSync.Reachability.Tests.Generated;

/// <summary>The host that all generated rule sets are for, and a question with so few sources that each can be tried.</summary>
internal static class World
{
    internal const string Device = "eth0";

    internal const string Bridge = "docker0";

    internal static readonly IpPrefix Own4 = IpPrefix.Parse("198.18.0.1");
    internal static readonly IpPrefix Own6 = IpPrefix.Parse("2001:db8:5ec::1");
    internal static readonly IpPrefix Container = IpPrefix.Parse("172.17.0.2");
    internal static readonly IpPrefix Sources4 = IpPrefix.Parse("104.16.0.0/28");
    internal static readonly IpPrefix Sources6 = IpPrefix.Parse("2606:4700::/124");
    internal static readonly ImmutableArray<ushort> Ports = [80, 443, 8443];

    internal static ImmutableArray<IpPrefix> Local => [Own4, Own6];

    internal static HostFacts Host { get; } = new()
    {
        Interfaces = [new("lo", [IpPrefix.Parse("127.0.0.1"), IpPrefix.Parse("::1")]), new(Device, Local), new(Bridge, [IpPrefix.Parse("172.17.0.1")])],
        Routes = [new(IpPrefix.Parse("0.0.0.0/0"), Device, 0), new(IpPrefix.Parse("::/0"), Device, 0), new(IpPrefix.Parse("172.17.0.0/16"), Bridge, 0)],
    };

    internal static Question Question { get; } = new()
    {
        Sources = PrefixSet.Of([Sources4, Sources6]),
        Ports = PortSet.Of(Ports.Select(PortRange.Tcp)),
        Interface = Device,
        Local = Local,
    };

    /// <summary>Every asked source and port.</summary>
    internal static IEnumerable<(IpPrefix Source, ushort Port)> Connections() =>
        from prefix in new[] { Sources4, Sources6 }
        from offset in Enumerable.Range(0, 16)
        from port in Ports
        select (IpPrefix.Create(prefix.Family, prefix.First + (uint)offset, prefix.Family == IpFamily.IPv4 ? 32 : 128), port);
}
