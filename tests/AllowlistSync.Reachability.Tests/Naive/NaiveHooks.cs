using AllowlistSync.Core.Addresses;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Tests.Naive;

/// <summary>The base chains of a hook, with conntrack and translation at their places between them.</summary>
internal sealed class NaiveHooks(RuleSet ruleSet, IpFamily family, Choices choices)
{
    private const int Conntrack = -200;

    /// <summary>Null when the packet passes.</summary>
    internal Stop? Run(Hook hook, NaivePacket packet)
    {
        var chains = ChainsOf(hook, packet).OrderBy(pair => pair.Chain.Base!.Priority).ToList();
        var steps = new List<(int Priority, Func<Stop?> Run)>();
        steps.AddRange(chains.Where(pair => pair.Chain.Base!.Type != ChainType.Nat).Select(pair => (pair.Chain.Base!.Priority, (Func<Stop?>)(() => Walk(pair.Table, pair.Chain, packet, out _)))));
        if (hook is Hook.Prerouting or Hook.Output && !packet.IsTracked)
        {
            steps.Add((Conntrack, () => Track(packet)));
        }

        if (hook is Hook.Prerouting or Hook.Output or Hook.Input or Hook.Postrouting)
        {
            var nat = chains.Where(pair => pair.Chain.Base!.Type == ChainType.Nat).ToList();
            steps.Add((hook is Hook.Prerouting or Hook.Output ? -100 : 100, () => Translate(hook, packet, nat)));
        }

        return steps.OrderBy(step => step.Priority).Select(step => step.Run()).FirstOrDefault(stop => stop is not null);
    }

    private IEnumerable<(Table Table, Chain Chain)> ChainsOf(Hook hook, NaivePacket packet) =>
        from table in ruleSet.Tables
        where !table.IsDormant && (table.Sees & (family == IpFamily.IPv4 ? Families.IPv4 : Families.IPv6)) != Families.None
        from chain in table.Chains.Values
        where chain.Base is { } place && place.Hook == hook && (place.Devices.IsEmpty || place.Devices.Contains(packet.Input ?? packet.Output ?? ""))
        select (table, chain);

    private static Stop? Track(NaivePacket packet)
    {
        var connection = packet.Connection;
        if (!connection.IsTrackingOn || packet.State == CtStateBits.Untracked)
        {
            return null;
        }

        // The answer to a first packet that was left out is not the start of a connection; a third packet without one is picked up as new;
        // one whose answer was left out is invalid (net/netfilter/nf_conntrack_proto_tcp.c, tcp_conntracks).
        packet.State = (packet.Phase, connection.HasEntry) switch
        {
            (Phase.First, _) or (Phase.Third, false) => CtStateBits.New,
            (Phase.Answer, false) => CtStateBits.Invalid,
            (Phase.Third, true) when !connection.IsAnswerSeen => CtStateBits.Invalid,
            _ => CtStateBits.Established,
        };
        connection.HasEntry |= packet.State == CtStateBits.New;
        connection.IsAnswerSeen |= packet is { Phase: Phase.Answer, State: CtStateBits.Established };
        return null;
    }

    private Stop? Translate(Hook hook, NaivePacket packet, List<(Table Table, Chain Chain)> chains)
    {
        if (packet.State == CtStateBits.New)
        {
            foreach (var (table, chain) in chains)
            {
                if (Walk(table, chain, packet, out var isBound) is { } stop)
                {
                    return stop;
                }

                if (isBound)
                {
                    break;
                }
            }
        }

        var connection = packet.Connection;
        if (packet.IsTracked && connection.Binding is { } binding)
        {
            if (hook == Hook.Prerouting && packet.Phase != Phase.Answer)
            {
                (packet.Destination, packet.Port) = binding;
            }
            else if (hook == Hook.Postrouting && packet.Phase == Phase.Answer)
            {
                (packet.Source, packet.Port, packet.IsLocalSource) = (connection.Destination, connection.Port, true);
            }
        }

        return null;
    }

    private Stop? Walk(Table table, Chain start, NaivePacket packet, out bool isBound)
    {
        var (before, wasRewritten) = (packet.Connection.Binding, packet.Connection.IsSourceRewritten);
        var stop = WalkChains(table, start, packet, out isBound);
        isBound |= packet.Connection.Binding != before || packet.Connection.IsSourceRewritten != wasRewritten;
        return stop;
    }

    private Stop? WalkChains(Table table, Chain start, NaivePacket packet, out bool isBound)
    {
        isBound = false;
        var frames = new Stack<(Chain Chain, int Next)>();
        frames.Push((start, 0));
        while (frames.TryPop(out var frame))
        {
            if (frame.Next == frame.Chain.Rules.Length)
            {
                continue;
            }

            var rule = frame.Chain.Rules[frame.Next];
            var run = new NaiveRule(table.Backend, packet, choices);
            var verdict = run.Run(rule);
            isBound |= run.IsBound;
            switch (verdict?.Kind)
            {
                case VerdictKind.Accept:
                    return null;
                case VerdictKind.Drop or VerdictKind.Reject:
                    return new(verdict.Kind == VerdictKind.Reject, rule.Text.ToString());
                case VerdictKind.Return:
                    break;
                case VerdictKind.Goto:
                    frames.Push((table.Chains[verdict.Chain!], 0));
                    break;
                case VerdictKind.Jump:
                    frames.Push((frame.Chain, frame.Next + 1));
                    frames.Push((table.Chains[verdict.Chain!], 0));
                    break;
                default:
                    frames.Push((frame.Chain, frame.Next + 1));
                    break;
            }
        }

        return start.Base!.DropsByDefault ? new(false, null) : null;
    }
}
