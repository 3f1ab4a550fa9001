using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Guards;

namespace AllowlistSync.Core.Desired;

/// <summary>What one target should let in. Made only of ranges that a guard accepted, or of nothing at all.</summary>
public sealed record DesiredState
{
    private DesiredState(Target target, PrefixSet sources, PortSet ports)
    {
        Target = target;
        Sources = sources;
        Ports = ports;
    }

    /// <summary>The target.</summary>
    public Target Target { get; }

    /// <summary>Who should get in.</summary>
    public PrefixSet Sources { get; private init; }

    /// <summary>On which ports.</summary>
    public PortSet Ports { get; private init; }

    /// <summary>True when nothing of ours shall be left in the target.</summary>
    public bool IsNothing { get; private init; }

    /// <summary>Sources on ports, as one set.</summary>
    public TrafficSet Traffic => TrafficSet.Of(Sources, Ports);

    /// <summary>The union of the accepted ranges, on the target's ports.</summary>
    public static DesiredState For(Target target, IEnumerable<AcceptedRanges> accepted) =>
        new(target, accepted.Aggregate(PrefixSet.Empty, (all, ranges) => all.Union(ranges.Ranges)), target.Ports);

    /// <summary>Nothing of ours left in the target: what <c>remove</c> asks for. What was there before us stays.</summary>
    public static DesiredState Nothing(Target target, PrefixSet found) => new(target, found, target.Ports) { IsNothing = true };

    /// <summary>The same wish without what a target cannot hold; a provider's <c>Prepare</c> uses it and says what it left out.</summary>
    public DesiredState Narrow(PrefixSet sources) => this with { Sources = Sources.Intersect(sources) };

    /// <summary>The same sources, with the ports left to the operator's own rule.</summary>
    public DesiredState WithPortsLeftToTheTarget() => this with { Ports = PortSet.Any };
}
