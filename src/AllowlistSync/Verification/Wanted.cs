using System.Collections.Immutable;
using AllowlistSync.Configuration;
using AllowlistSync.Core;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Verification;

/// <summary>What should get in: the question of one proof.</summary>
/// <param name="Target">Whose wish it is.</param>
/// <param name="Ranges">The ranges as they were published or written.</param>
/// <param name="Ports">The ports.</param>
internal sealed record Wanted(string Target, ImmutableArray<IpPrefix> Ranges, PortSet Ports)
{
    /// <summary>The wish of each firewall of a session on this host; without any, all sources of the session on the usual ports.</summary>
    /// <param name="session">The session.</param>
    /// <param name="arguments">What was asked.</param>
    /// <param name="outcomes">The sources that were asked.</param>
    public static IEnumerable<Wanted> Of(Session session, VerifyArguments arguments, ImmutableArray<SourceOutcome> outcomes)
    {
        var firewalls = TargetsOf(session).Where(target => Composition.DescriptorOf(target).IsFirewall).ToList();
        if (firewalls.Count == 0)
        {
            return [new Wanted(arguments.Subject, RangesOf(arguments, outcomes), PortsOf(arguments, TargetConfig.DefaultPorts))];
        }

        return firewalls.Select(target => new Wanted(
            target.Name,
            RangesOf(arguments, target, outcomes),
            PortsOf(arguments, target.Ports)));
    }

    /// <summary>The ranges that a target should let in.</summary>
    public static ImmutableArray<IpPrefix> RangesOf(VerifyArguments arguments, Target target, ImmutableArray<SourceOutcome> outcomes) =>
        RangesOf(arguments, outcomes.Where(outcome => target.Allow.Contains(outcome.Name)));

    /// <summary>The targets of a session that this host can say something about.</summary>
    public static IEnumerable<Target> TargetsOf(Session session) => session.Targets.Where(HostTable.IsLocal).Select(target => target.Target);

    private static ImmutableArray<IpPrefix> RangesOf(VerifyArguments arguments, IEnumerable<SourceOutcome> outcomes) => arguments.From.IsEmpty
        ? [.. outcomes.Select(outcome => outcome.InForce).OfType<Core.Guards.AcceptedRanges>().SelectMany(ranges => ranges.Basis.Published.Concat(ranges.Pending.Select(removal => removal.Prefix))).Distinct()]
        : arguments.From;

    // A target that leaves ports to the operator's rule is asked about the usual ones.
    private static PortSet PortsOf(VerifyArguments arguments, PortSet ports) =>
        !arguments.Ports.IsEmpty ? arguments.Ports : ports.IsAny || ports.IsEmpty ? TargetConfig.DefaultPorts : ports;
}
