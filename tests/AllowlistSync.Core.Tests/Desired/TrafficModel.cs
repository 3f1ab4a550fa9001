using System.Globalization;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using FsCheck;
using FsCheck.Fluent;

namespace AllowlistSync.Core.Tests.Desired;

/// <summary>The naive model of a traffic set: every (address, transport, port) by itself, in a world of 16 addresses of each family and 12 ports.</summary>
internal static class TrafficModel
{
    private const int Ports = 12;

    public static Arbitrary<PortRange[]> Ranges => Arb.From(Gen.ArrayOf(Range));

    public static Arbitrary<TrafficSet> Sets => Arb.From(Gen.ArrayOf(Piece).Select(pieces => pieces.Aggregate(TrafficSet.Empty, (all, piece) => all.Union(piece))));

    public static Arbitrary<(TrafficSet Left, TrafficSet Right)> Pairs => Arb.From(Sets.Generator.SelectMany(left => Sets.Generator.Select(right => (left, right))));

    private static Gen<PortRange> Range =>
        from udp in Gen.Elements(TransportProtocol.Tcp, TransportProtocol.Udp)
        from first in Gen.Choose(1, Ports)
        from last in Gen.Choose(first, Ports)
        select new PortRange(udp, (ushort)first, (ushort)last);

    private static Gen<IpPrefix> Prefix =>
        from v6 in Gen.Elements(false, true)
        from length in Gen.Choose(0, 4)
        from block in Gen.Choose(0, (1 << length) - 1)
        select v6
            ? IpPrefix.Create(IpFamily.IPv6, (UInt128.One << 112) + ((UInt128)block << (4 - length)), 124 + length)
            : IpPrefix.Create(IpFamily.IPv4, (11u << 24) + ((uint)block << (4 - length)), 28 + length);

    private static Gen<TrafficSet> Piece =>
        from prefixes in Gen.ArrayOf(Prefix)
        from ranges in Gen.ArrayOf(Range)
        select TrafficSet.Of(PrefixSet.Of(prefixes), PortSet.Of(ranges));

    public static IEnumerable<(TransportProtocol Protocol, int Port)> PortsOf(PortRange range) =>
        Enumerable.Range(range.First, range.Last - range.First + 1).Select(port => (range.Protocol, port));

    public static HashSet<string> Of(TrafficSet set) =>
        [.. set.Slices.SelectMany(slice => Points(slice.Sources.Prefixes(), slice.Ports))];

    public static HashSet<string> OfEntries(TrafficSet set) =>
        [.. set.Entries().SelectMany(entry => entry.Ports.Ranges.SelectMany(range => Points([entry.Prefix], range)))];

    private static IEnumerable<string> Points(IEnumerable<IpPrefix> prefixes, PortRange ports) =>
        from prefix in prefixes
        from host in Enumerable.Range(0, (int)(prefix.Last - prefix.First) + 1)
        from port in PortsOf(ports)
        select string.Create(CultureInfo.InvariantCulture, $"{prefix.First + (UInt128)host} {port.Protocol} {port.Port}");
}
