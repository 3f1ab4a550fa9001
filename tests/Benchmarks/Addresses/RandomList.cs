using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Benchmarks.Addresses;

/// <summary>A list of random prefixes, the same in every run.</summary>
internal sealed record RandomList(string Name, IpFamily Family, int Count, int Shortest, int Longest)
{
    internal static readonly RandomList[] All =
    [
        new("IPv4 /24 to /32", IpFamily.IPv4, 200_000, 24, 32),
        new("IPv4 /24 to /32", IpFamily.IPv4, 1_000_000, 24, 32),
        new("IPv6 /32 to /64", IpFamily.IPv6, 200_000, 32, 64),
    ];

    /// <summary>iprange 1.0.4 knows IPv4 only.</summary>
    internal bool IprangeReadsIt => Family == IpFamily.IPv4;

    internal void WriteTo(string file)
    {
        var random = new Random(Count + Shortest);
        int bits = Family == IpFamily.IPv4 ? 32 : 128;
        using var output = new StreamWriter(file);
        for (int i = 0; i < Count; i++)
        {
            int length = random.Next(Shortest, Longest + 1);
            var address = new UInt128((ulong)random.NextInt64(), (ulong)random.NextInt64());
            address = Family == IpFamily.IPv4 ? (uint)address : (address >> 3) | (UInt128.One << 125);
            address = address >> (bits - length) << (bits - length);
            output.Write(IpPrefix.Create(Family, address, length));
            output.Write('\n');
        }
    }
}
