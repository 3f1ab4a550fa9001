using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Benchmarks.Nftables;

/// <summary>Random prefixes that neither overlap nor touch, the same in every run, two thirds IPv4, in random order.</summary>
internal static class DisjointPrefixes
{
    // A cell holds one prefix that does not reach its end, so neighbours never merge.
    private const int IPv4Cell = 26;
    private const int IPv6Cell = 48;
    private const ulong FirstIPv6Cell = 0x2a00_0000_0000;

    internal static List<IpPrefix> Make(int count)
    {
        var random = new Random(count);
        var cells = new HashSet<(IpFamily, ulong)>();
        var prefixes = new List<IpPrefix>(count);
        while (prefixes.Count < count)
        {
            var family = prefixes.Count % 3 == 2 ? IpFamily.IPv6 : IpFamily.IPv4;
            var cell = family == IpFamily.IPv4 ? (ulong)random.NextInt64(0x0100_0000 >> 6, 0xdf00_0000 >> 6) : FirstIPv6Cell + (ulong)random.NextInt64(1L << 40);
            if (cells.Add((family, cell)))
            {
                prefixes.Add(family == IpFamily.IPv4
                    ? IpPrefix.Create(family, (UInt128)cell << (32 - IPv4Cell), random.Next(IPv4Cell + 1, 33))
                    : IpPrefix.Create(family, (UInt128)cell << (128 - IPv6Cell), random.Next(IPv6Cell + 1, 65)));
            }
        }

        var shuffled = prefixes.ToArray();
        random.Shuffle(shuffled);
        return [.. shuffled];
    }
}
