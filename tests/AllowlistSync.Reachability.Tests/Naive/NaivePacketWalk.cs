using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Verifying;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Tests.Naive;

/// <summary>How one connection ended.</summary>
/// <param name="How">How it was blocked; null when it was not.</param>
/// <param name="Rule">The text of the rule that blocked it; null for a policy, and of what was accepted.</param>
internal sealed record NaiveEnd(BlockKind? How, string? Rule)
{
    internal static NaiveEnd Accepted { get; } = new(null, null);
}

/// <summary>
/// The second opinion: one source address, one port, packet by packet and rule by rule, every unknown answer tried both ways.
/// Slow and without any cleverness; base chains must not share a priority.
/// </summary>
internal sealed class NaivePacketWalk(RuleSet ruleSet, string device, ImmutableArray<IpPrefix> local)
{
    /// <summary>Every way in which the connection can end.</summary>
    internal HashSet<NaiveEnd> EndsOf(IpPrefix source, ushort port, int most = 20_000)
    {
        var (choices, ends, runs) = (new Choices(), new HashSet<NaiveEnd>(), 0);
        do
        {
            ends.Add(Run(source, port, choices));
            if (++runs > most)
            {
                throw new InvalidOperationException("Too many ways.");
            }
        }
        while (choices.Advance());

        return ends;
    }

    private NaiveEnd Run(IpPrefix source, ushort port, Choices choices)
    {
        var own = local.Single(address => address.Family == source.Family).First;
        var connection = new NaiveConnection { IsTrackingOn = IsTrackingOn(source.Family), Source = source.First, Destination = own, Port = port };
        foreach (var phase in Enum.GetValues<Phase>())
        {
            var hooks = new NaiveHooks(ruleSet, source.Family, choices);
            var packet = new NaivePacket(source.Family, phase, connection) { Source = source.First, Destination = own, Port = port };
            if ((phase == Phase.Answer ? Leave(packet, hooks) : Enter(packet, hooks)) is { } stop)
            {
                var how = phase switch { Phase.First => stop.IsReject ? BlockKind.Reject : BlockKind.Drop, Phase.Answer => BlockKind.AnswerDropped, _ => BlockKind.EstablishedDropped };
                return new(how, stop.Rule);
            }
        }

        return NaiveEnd.Accepted;
    }

    private Stop? Enter(NaivePacket packet, NaiveHooks hooks)
    {
        (packet.Input, packet.IsLocalDestination) = (device, true);
        if ((hooks.Run(Hook.Ingress, packet) ?? hooks.Run(Hook.Prerouting, packet)) is { } stop)
        {
            return stop;
        }

        if (IsOwn(packet.Destination))
        {
            return hooks.Run(Hook.Input, packet);
        }

        (packet.IsLocalDestination, packet.Output) = (false, RouteTo(packet.Destination));
        if (hooks.Run(Hook.Forward, packet) is { } refused)
        {
            return refused;
        }

        packet.Input = null;
        return hooks.Run(Hook.Postrouting, packet);
    }

    private Stop? Leave(NaivePacket packet, NaiveHooks hooks)
    {
        var from = packet.Connection.Binding ?? (packet.Destination, packet.Port);
        (packet.Destination, packet.Source, packet.Port) = (packet.Source, from.Address, from.Port);
        packet.IsLocalSource = IsOwn(packet.Source);
        packet.Output = device;
        if (packet.IsLocalSource)
        {
            return hooks.Run(Hook.Output, packet) ?? hooks.Run(Hook.Postrouting, packet) ?? hooks.Run(Hook.Egress, packet);
        }

        (packet.Input, packet.Output) = (RouteTo(packet.Source), null);
        if (hooks.Run(Hook.Prerouting, packet) is { } stop)
        {
            return stop;
        }

        packet.Output = device;
        if (hooks.Run(Hook.Forward, packet) is { } refused)
        {
            return refused;
        }

        packet.Input = null;
        return hooks.Run(Hook.Postrouting, packet);
    }

    private bool IsOwn(UInt128 address) => local.Any(own => own.First == address);

    private string RouteTo(UInt128 address) => ruleSet.Host.Routes.Where(route => route.Destination.First <= address && address <= route.Destination.Last)
        .OrderByDescending(route => route.Destination.Length).First().Interface;

    private bool IsTrackingOn(IpFamily family) => ruleSet.Tables
        .Where(table => (table.Sees & (family == IpFamily.IPv4 ? Families.IPv4 : Families.IPv6)) != Families.None)
        .SelectMany(table => table.Chains.Values).SelectMany(chain => chain.Rules).SelectMany(rule => rule.Steps).Any(UsesTracking);

    private static bool UsesTracking(Step step) => step switch
    {
        FieldCondition one => IsTracking(one.Field),
        BitsCondition bits => IsTracking(bits.Field),
        LookupCondition lookup => lookup.Key.Any(IsTracking),
        AnyOfCondition any => any.Conditions.Any(UsesTracking),
        AllOfCondition all => all.Conditions.Any(UsesTracking),
        UnknownCondition unknown => unknown.UsesConntrack,
        UnknownStatement unknown => unknown.UsesConntrack,
        SetMark mark => mark.Target == MarkKind.Connection || mark.Source == MarkKind.Connection,
        DecideByMap map => map.Key.Any(IsTracking),
        DestinationNat or SourceNat or ConntrackUse => true,
        _ => false,
    };

    private static bool IsTracking(Field field) => field is Field.ConnectionMark || (field >= Field.CtState && field <= Field.CtProtocol);
}

/// <summary>A packet that goes no further.</summary>
/// <param name="IsReject">Whether it is answered.</param>
/// <param name="Rule">The rule; null for a policy.</param>
internal sealed record Stop(bool IsReject, string? Rule);
