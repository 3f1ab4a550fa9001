using System.Net;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Reachability.Tests.Kernel.Generating;
using AllowlistSync.TestKit;

namespace AllowlistSync.Reachability.Tests.Kernel;

/// <summary>Where to try a rule set: at the ends of the ranges that it mentions, beside them, and inside.</summary>
internal static class ProbeSample
{
    // What the kernel does not route, and the link itself.
    private static readonly PrefixSet Unusable = PrefixSet.Of([.. new[]
    {
        "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "192.0.2.0/24", "224.0.0.0/3", "::/3", "4000::/2", "8000::/1", "2001:db8::/64",
    }.Select(IpPrefix.Parse)]);

    /// <summary>Sources for the families of the rule set, with each of the ports.</summary>
    public static List<HandshakeProbe> Of(GeneratedRuleSet made, int seed, int count, params int[] ports)
    {
        var dice = new Dice(seed);
        var sources = made.Families.SelectMany(family =>
        {
            var pool = new AddressPool(dice, family);
            var share = made.Families.Length == 1 ? count : family == IpFamily.IPv4 ? count * 2 / 3 : count / 3;
            var ranges = made.Mentioned.Where(range => range.Family == family).Concat(pool.Published.Select(prefix => new IpRange(family, prefix.First, prefix.Last))).Distinct().ToList();
            var ends = ranges.SelectMany(range => Ends(range, dice)).Distinct().Where(address => IsUsable(family, address)).ToList();
            return dice.Some(ends, ends.Count).Concat(ends).Distinct().Take(share).Select(pool.Text);
        });
        return [.. sources.SelectMany(source => ports.Select(port => new HandshakeProbe(source, port)))];
    }

    private static IEnumerable<UInt128> Ends(IpRange range, Dice dice)
    {
        var greatest = range.Family == IpFamily.IPv4 ? uint.MaxValue : UInt128.MaxValue;
        yield return range.First;
        yield return range.Last;
        yield return range.First + ((range.Last - range.First) * (UInt128)(uint)dice.Roll(1, 15) >> 4);
        if (range.First > 0)
        {
            yield return range.First - 1;
        }

        if (range.Last < greatest)
        {
            yield return range.Last + 1;
        }
    }

    private static bool IsUsable(IpFamily family, UInt128 address) => !Unusable.Overlaps(IpPrefix.Create(family, address, family == IpFamily.IPv4 ? 32 : 128));

    /// <summary>One address.</summary>
    public static HandshakeProbe One(string source, int port) => new(IPAddress.Parse(source), port);
}
