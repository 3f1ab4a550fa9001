using AllowlistSync.Reachability.Evaluating;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Paths;

/// <summary>Leads traffic through all the work of one hook.</summary>
internal sealed class HookRun(RuleSetFacts facts, Outcomes outcomes, IWalkWatcher? watcher)
{
    /// <summary>What passes. The flows are empty afterwards.</summary>
    public Flows Pass(Flows flows, PacketContext context)
    {
        foreach (var group in HookOrder.Groups(facts, context))
        {
            if (flows.IsEmpty)
            {
                break;
            }

            flows = PassGroup(flows, group, context);
        }

        return flows;
    }

    /// <summary>Traffic that may end here for a reason that no rule shows, and may go on.</summary>
    public Flows Doubt(Flow flow, Event why)
    {
        outcomes.Block(flow.Space, why, Core.Verifying.BlockKind.Drop);
        var doubted = new Flows();
        doubted.Add(flow.State, flow.Space.Map(track => track.Then(why)));
        return doubted;
    }

    private Flows PassGroup(Flows flows, IReadOnlyList<HookWork> group, PacketContext context)
    {
        if (HookOrder.Orders(group) is not { } orders)
        {
            GiveUp(flows, context, $"{group.Count} chains of priority {group[0].Priority} write marks, and their order is not visible");
            return new Flows();
        }

        if (orders.Count == 1)
        {
            return orders[0].Aggregate(flows, (rest, work) => Do(rest, work, context));
        }

        // Where two orders differ, the result holds both ends, and the verdict is unknown.
        var passed = new Flows();
        foreach (var order in orders)
        {
            passed.Add(order.Aggregate(flows.Copy(static track => track), (rest, work) => Do(rest, work, context)));
        }

        return passed;
    }

    private Flows Do(Flows flows, HookWork work, PacketContext context) => work switch
    {
        HookWork.Chain chain => PassChain(flows, chain, context),
        HookWork.Nat nat => PassNat(flows, nat, context),
        _ => Track(flows, context),
    };

    private Flows PassChain(Flows flows, HookWork.Chain chain, PacketContext context)
    {
        if (HookOrder.Sees(chain.Base.Base!, context) == true)
        {
            return new ChainWalk(chain.Table, chain.Base, context, outcomes, watcher).Run(flows).Passed;
        }

        // Nobody knows whether this chain is on the way, so both happen.
        var doubt = new Event(context.Packet, context.Hook, chain.Table, chain.Base, null, "the device of the chain, or the packet's interface, is not known", IsDoubt: true);
        var around = flows.Copy(track => track.Then(doubt));
        var through = new ChainWalk(chain.Table, chain.Base, context, outcomes, watcher).Run(flows.Copy(track => track.Then(doubt))).Passed;
        around.Add(through);
        return around;
    }

    private static Flows Track(Flows flows, PacketContext context)
    {
        var talk = context.Conversation;
        var tracked = new Flows();
        foreach (var flow in flows.All)
        {
            tracked.Add(talk.IsTracking && flow.State.Tracking == Tracking.NotYet ? Tracked(flow.State, context) : flow.State, flow.Space);
        }

        return tracked;
    }

    private static PacketState Tracked(PacketState state, PacketContext context) => state with
    {
        Tracking = context.Conversation.Protocol == Core.Desired.TransportProtocol.Tcp && !Fits(state, context.Packet) ? Tracking.Invalid : Tracking.Tracked,
        IsConnectionTracked = state.IsConnectionTracked || context.Packet == PacketKind.First,
        IsAnswerTracked = state.IsAnswerTracked || (context.Packet == PacketKind.Answer && state.IsConnectionTracked),
    };

    // A SYN-ACK of a connection that was never seen cannot begin one, a late ACK can (nf_conntrack_tcp_loose, on by default), and an ACK
    // without the SYN-ACK before it fits nothing (tcp_conntracks in nf_conntrack_proto_tcp.c).
    private static bool Fits(PacketState state, PacketKind packet) => packet switch
    {
        PacketKind.First => true,
        PacketKind.Third => !state.IsConnectionTracked || state.IsAnswerTracked,
        _ => state.IsConnectionTracked,
    };

    private Flows PassNat(Flows flows, HookWork.Nat nat, PacketContext context)
    {
        var passed = new Flows();
        var opening = new Flows();
        foreach (var flow in flows.All)
        {
            if (flow.State.Tracking != Tracking.Tracked)
            {
                passed.Add(flow.State, flow.Space);
            }
            else if (context.Packet == PacketKind.First || (context.Packet == PacketKind.Third && !flow.State.IsConnectionTracked && context.Conversation.Protocol == Core.Desired.TransportProtocol.Tcp))
            {
                opening.Add(flow.State, flow.Space);
            }
            else
            {
                passed.Add(Rebound(flow.State, context), flow.Space);
            }
        }

        foreach (var chain in nat.Chains)
        {
            var result = new ChainWalk(chain.Table, chain.Base, context, outcomes, watcher).Run(opening);
            opening = result.Passed;
            foreach (var bound in result.Bound.All)
            {
                Bind(bound, passed, context);
            }
        }

        passed.Add(opening);
        return passed;
    }

    // Only a connection whose beginning was not tracked is translated in its middle, and then the packet arrives where nobody knows of it,
    // unless it is translated to where it goes anyway.
    private void Bind(Flow bound, Flows passed, PacketContext context)
    {
        if (context.Packet == PacketKind.First)
        {
            passed.Add(Rewritten(bound.State), bound.Space);
            return;
        }

        switch (GoesThereAnyway(bound.State))
        {
            case true:
                passed.Add(bound.State with { Binding = null }, bound.Space);
                break;
            case null:
                passed.Add(Doubt(bound with { State = bound.State with { Binding = null } }, new Event(context.Packet, context.Hook, null, null, null, "nobody knows whether the translation changes anything", IsDoubt: true)));
                break;
            default:
                outcomes.Blocked.AddRange(bound.Space.Pieces.Select(piece => new BlockedPiece(piece, Core.Verifying.BlockKind.Drop)));
                break;
        }
    }

    // True, false, or null when it depends on which of several addresses or ports is meant.
    private static bool? GoesThereAnyway(PacketState state)
    {
        var (address, port) = (state.Binding!.Destination, state.Binding.Port);
        return !address.Ranges.Any(state.Destination.Overlaps) || !port.Ranges.Any(state.Port.Overlaps) ? false
            : address.IsOne && port.IsOne && address.Equals(state.Destination) && port.Equals(state.Port) ? true
            : null;
    }

    private static PacketState Rewritten(PacketState state) => state with { Destination = state.Binding!.Destination, Port = state.Binding.Port };

    // The kernel remembers the translation: later packets are rewritten without a look at any rule, and answers are put back on their way out.
    private static PacketState Rebound(PacketState state, PacketContext context) => (state.Binding, context.Hook) switch
    {
        ({ }, Hook.Prerouting) when !context.IsOutgoing => Rewritten(state),
        ({ }, Hook.Postrouting) when context.IsOutgoing => state with { Destination = context.Conversation.Destination, Port = context.Conversation.Port },
        _ => state,
    };

    private void GiveUp(Flows flows, PacketContext context, string why)
    {
        var doubt = new Event(context.Packet, context.Hook, null, null, null, why, IsDoubt: true);
        foreach (var flow in flows.All)
        {
            outcomes.GiveUp(flow.Space.TakeAll(), doubt);
        }
    }
}
