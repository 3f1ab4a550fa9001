using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Providers.Host.Firewalld;

/// <summary>What one set holds, and the ports that its rules open.</summary>
/// <param name="Entries">The content.</param>
/// <param name="Ports">The ports.</param>
public sealed record Slot(PrefixSet Entries, PortSet Ports)
{
    /// <summary>What it lets in.</summary>
    public TrafficSet Traffic => TrafficSet.Of(Entries, Ports);
}

/// <summary>What shall be let in, and whether anything of ours shall be there at all.</summary>
/// <param name="Traffic">The traffic.</param>
/// <param name="Exists">False to take everything out.</param>
public sealed record FirewalldGoal(TrafficSet Traffic, bool Exists)
{
    /// <summary>The goal of letting in exactly this.</summary>
    public static FirewalldGoal Of(TrafficSet traffic) => new(traffic, !traffic.IsEmpty);
}

/// <summary>
/// Traffic of one family as two sets can hold it. Nearly always all sources have the same ports, and one set is enough. While ports or sources change, the old and the new stand side by
/// side, each in a set of its own. What fits into no set is let in by rules by address. Pure.
/// </summary>
/// <param name="First">For one set.</param>
/// <param name="Second">For the other; empty as a rule.</param>
/// <param name="Rest">For rules by address.</param>
public sealed record FirewalldLayout(Slot First, Slot Second, TrafficSet Rest)
{
    /// <summary>The layout of a family's part of some traffic.</summary>
    public static FirewalldLayout Of(TrafficSet traffic, IpFamily family)
    {
        ArgumentNullException.ThrowIfNull(traffic);
        var part = traffic.Only(family);
        if (part.IsEmpty)
        {
            // A family without sources keeps its rules on the ports of the other, so that the next prefix needs no rule.
            var open = PortSet.Of(traffic.Slices.Select(slice => slice.Ports));
            return new FirewalldLayout(new Slot(PrefixSet.Empty, open), new Slot(PrefixSet.Empty, open), TrafficSet.Empty);
        }

        var slots = part.Slices.Select(slice => slice.Sources).Distinct().Select(sources => Widest(sources, part)).ToList();
        foreach (var first in slots)
        {
            if (first.Traffic.Equals(part))
            {
                return new FirewalldLayout(first, first with { Entries = PrefixSet.Empty }, TrafficSet.Empty);
            }
        }

        var pairs = from first in slots from second in slots where !ReferenceEquals(first, second) select (first, second);
        var (one, other) = pairs.FirstOrDefault(pair => pair.first.Traffic.Union(pair.second.Traffic).Equals(part), pairs.First());
        return new FirewalldLayout(one, other, part.Except(one.Traffic).Except(other.Traffic));
    }

    // All the ports on which all these sources are let in.
    private static Slot Widest(PrefixSet sources, TrafficSet part) =>
        new(sources, PortSet.Of(part.Slices.Where(slice => slice.Sources.Covers(sources)).Select(slice => slice.Ports)));
}
