using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Verifying;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Paths;

namespace AllowlistSync.Reachability.Proving;

/// <summary>Compares two rule sets by what they let in: every source, every port of TCP and UDP, every interface of the host. Pure.</summary>
internal static class Differences
{
    // A host with more interfaces has them for containers and tunnels; those that rules name first are looked at.
    private const int MaxInterfaces = 8;

    // The packets come through an interface that nobody knows.
    private static readonly string?[] Nameless = [null];

    private const long Budget = 100_000_000;

    private static readonly PortSet AllPorts = PortSet.Of(new PortRange(TransportProtocol.Tcp, 0, ushort.MaxValue), new PortRange(TransportProtocol.Udp, 0, ushort.MaxValue));

    /// <summary>What the second lets in and the first does not, and the other way round.</summary>
    public static SemanticDiff Between(RuleSet before, RuleSet after, CancellationToken cancellationToken)
    {
        var (first, second) = (RuleSetFacts.Of(before), RuleSetFacts.Of(after));
        var difference = SemanticDiff.None;
        foreach (var ports in PortClasses.Of(AllPorts, [.. first.Ports.Union(second.Ports)]))
        {
            foreach (var family in new[] { IpFamily.IPv4, IpFamily.IPv6 })
            {
                foreach (var device in Interfaces(before.Host))
                {
                    var question = new Question { Sources = PrefixSet.Empty, Ports = AllPorts, Interface = device };
                    var one = Levels.Of(before, first, question, family, ports, cancellationToken);
                    var other = Levels.Of(after, second, question, family, ports, cancellationToken);
                    difference = Add(difference, family, ports, one, other);
                }
            }
        }

        return difference;
    }

    private static SemanticDiff Add(SemanticDiff sum, IpFamily family, PortClass ports, Levels before, Levels after)
    {
        var opens = after.Above(before);
        var closes = before.Above(after);
        return opens.IsEmpty && closes.IsEmpty
            ? sum
            : new SemanticDiff(sum.Opens.Union(Traffic(opens, family, ports)), sum.Closes.Union(Traffic(closes, family, ports)));
    }

    private static TrafficSet Traffic(NumberSet sources, IpFamily family, PortClass ports) => TrafficSet.Of(
        PrefixSet.OfRanges(sources.Ranges.Select(range => new IpRange(family, range.First, range.Last))),
        PortSet.Of(ports.Ports.Ranges.Select(range => new PortRange(ports.Protocol, (ushort)range.First, (ushort)range.Last))));

    private static IEnumerable<string?> Interfaces(HostFacts host)
    {
        if (host.Interfaces.IsDefault)
        {
            return Nameless;
        }

        var names = host.Interfaces.Where(device => !device.Addresses.IsEmpty && device.Name != "lo").Select(device => device.Name).Take(MaxInterfaces).ToArray();
        return names.Length == 0 ? Nameless : names;
    }

    /// <summary>How far packets of each source come: to the service for certain, or perhaps.</summary>
    private sealed record Levels(NumberSet Accepted, NumberSet Unknown, UInt128 Greatest)
    {
        public static Levels Of(RuleSet ruleSet, RuleSetFacts facts, Question question, IpFamily family, PortClass ports, CancellationToken cancellationToken)
        {
            var talk = Conversations.Of(ruleSet, facts, question, family, ports);
            var all = NumberSet.Of(0, talk.GreatestAddress);
            if (ruleSet.Gaps.Any(gap => (gap.Families & talk.AsFamilies) != Families.None))
            {
                return new(NumberSet.Empty, all, talk.GreatestAddress);
            }

            var segments = Segments.Of(new Handshake(facts, talk, Budget, watcher: null, cancellationToken).Run(all)).ToList();
            return new(Ranges(segments, ReachabilityVerdict.Accepted), Ranges(segments, ReachabilityVerdict.Unknown), talk.GreatestAddress);
        }

        /// <summary>The sources that come farther here than there.</summary>
        public NumberSet Above(Levels other)
        {
            var blockedThere = other.Accepted.Union(other.Unknown).Complement(Greatest);
            return Accepted.Intersect(other.Accepted.Complement(Greatest)).Union(Unknown.Intersect(blockedThere));
        }

        private static NumberSet Ranges(List<Segment> segments, ReachabilityVerdict verdict) =>
            NumberSet.OfRanges(segments.Where(segment => segment.Verdict == verdict).Select(segment => new NumberRange(segment.First, segment.Last)));
    }
}
