using AllowlistSync.Core.Verifying;
using AllowlistSync.Reachability.Evaluating;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Paths;

/// <summary>What became of all sources of one conversation.</summary>
/// <param name="Accepted">Whose packets all pass, or may.</param>
/// <param name="Blocked">Whose packets are blocked, or may be.</param>
/// <param name="Unclear">Of whom nothing can be said.</param>
internal sealed record HandshakeResult(IReadOnlyList<(Piece Piece, PacketState State)> Accepted, IReadOnlyList<BlockedPiece> Blocked, IReadOnlyList<Piece> Unclear);

/// <summary>
/// Leads the packets of a handshake through the hooks: the first packet in, its answer out, the third packet in. For a local
/// process that is ingress, prerouting, input; output, postrouting, egress. For another machine or a container behind a translation it is
/// prerouting, forward, postrouting, and the same the other way.
/// </summary>
internal sealed class Handshake(RuleSetFacts facts, Conversation talk, long budget, IWalkWatcher? watcher, CancellationToken cancellationToken)
{
    private readonly List<BlockedPiece> _blocked = [];
    private readonly List<Piece> _unclear = [];

    /// <summary>Runs it for some sources.</summary>
    public HandshakeResult Run(NumberSet sources)
    {
        var start = new Flows();
        start.Add(new PacketState { Tracking = Tracking.NotYet, Destination = talk.Destination, Port = talk.Port }, Space.Of(sources, Track.Start()));
        var first = Send(PacketKind.First, start, how => how, Inbound);
        var answer = Send(PacketKind.Answer, Next(first, atOrigin: false), static _ => BlockKind.AnswerDropped, Outbound);
        var third = Send(PacketKind.Third, Next(answer, atOrigin: true), static _ => BlockKind.EstablishedDropped, Inbound);
        return new([.. third.All.SelectMany(flow => flow.Space.Pieces.Select(piece => (piece, flow.State)))], _blocked, _unclear);
    }

    private Flows Send(PacketKind packet, Flows flows, Func<BlockKind, BlockKind> how, Func<Flows, PacketKind, HookRun, Flows> way)
    {
        var outcomes = new Outcomes(budget, cancellationToken);
        var passed = way(flows, packet, new HookRun(facts, outcomes, watcher));
        _blocked.AddRange(outcomes.Blocked.Select(blocked => blocked with { How = how(blocked.How) }));
        _unclear.AddRange(outcomes.Unclear);
        if (packet == PacketKind.First)
        {
            Refuse(outcomes);
        }
        else
        {
            _blocked.AddRange(outcomes.Rejected.Select(rejected => new BlockedPiece(rejected.Piece, how(BlockKind.Reject))));
        }

        return passed;
    }

    // A refusal is a packet of its own: where it cannot leave, the visitor sees silence.
    private void Refuse(Outcomes outcomes)
    {
        foreach (var group in outcomes.Rejected.GroupBy(rejected => (rejected.State, rejected.IsReset)))
        {
            var refusal = new Flows();
            foreach (var (piece, state, _) in group)
            {
                var space = new Space();
                space.Append(piece);
                refusal.Add(state with { Tracking = Tracking.NotYet, Mark = 0, Binding = null, Destination = talk.Destination, Port = talk.Port }, space);
            }

            var lost = new Outcomes(budget, cancellationToken);
            var sent = Outbound(refusal, group.Key.IsReset ? PacketKind.Reset : PacketKind.IcmpError, new HookRun(facts, lost, null));
            _blocked.AddRange(sent.All.SelectMany(flow => flow.Space.Pieces).Concat(lost.Unclear).Select(piece => new BlockedPiece(UpToRefusal(piece), BlockKind.Reject)));
            _blocked.AddRange(lost.Blocked.Select(blocked => blocked with { Piece = UpToRefusal(blocked.Piece) }));
            _blocked.AddRange(lost.Rejected.Select(blocked => new BlockedPiece(UpToRefusal(blocked.Piece), BlockKind.Drop)));
        }
    }

    // To blame is the rule that refuses; what happens to its answer only says how it looks from outside.
    private static Piece UpToRefusal(Piece piece)
    {
        var track = piece.Track;
        while (track.Last?.Packet is PacketKind.Reset or PacketKind.IcmpError)
        {
            track = track.Previous!;
        }

        return piece with { Track = track };
    }

    // The next packet of the conversation: it has no mark, and connection tracking is still to come.
    private Flows Next(Flows flows, bool atOrigin)
    {
        var next = new Flows();
        foreach (var flow in flows.All)
        {
            var binding = atOrigin ? null : flow.State.Binding;
            next.Add(
                flow.State with { Tracking = Tracking.NotYet, Mark = 0, Destination = binding?.Destination ?? talk.Destination, Port = binding?.Port ?? talk.Port },
                flow.Space);
        }

        return next;
    }

    private Flows Inbound(Flows flows, PacketKind packet, HookRun run)
    {
        var context = new PacketContext(talk, packet, Hook.Ingress) { Input = talk.Interface };
        flows = run.Pass(flows, context);
        flows = run.Pass(flows, context with { Hook = Hook.Prerouting });
        var (local, forwarded) = Route(flows, context);
        var passed = run.Pass(local, context with { Hook = Hook.Input });
        foreach (var (way, group) in ByOutput(forwarded))
        {
            var onward = run.Pass(IsNearby(way) || packet != PacketKind.First ? group : Doubted(group, context, run), context with { Hook = Hook.Forward, Output = way });
            onward = run.Pass(onward, context with { Hook = Hook.Postrouting, Input = null, Output = way });
            passed.Add(run.Pass(onward, context with { Hook = Hook.Egress, Input = null, Output = way }));
        }

        return passed;
    }

    // A container hangs on an interface of this host; whether a machine elsewhere gets the packet and answers, its rules do not say.
    private bool IsNearby(string? way) => way is not null && way != talk.Interface;

    private static Flows Doubted(Flows flows, PacketContext context, HookRun run)
    {
        var doubted = new Flows();
        foreach (var flow in flows.All)
        {
            var reached = flow.State.Binding is { } binding ? Translations.Reached(binding, context.Conversation) : "another machine";
            var doubt = new Event(context.Packet, Hook.Forward, null, null, null, $"it is passed on to {reached}; no route to it through another interface is known, so nobody can say whether it arrives", IsDoubt: true);
            doubted.Add(run.Doubt(flow, doubt));
        }

        return doubted;
    }

    private Flows Outbound(Flows flows, PacketKind packet, HookRun run)
    {
        var context = new PacketContext(talk, packet, Hook.Output) { Output = talk.Interface };
        var (local, forwarded) = Route(flows, context);
        var leaving = run.Pass(local, context);
        foreach (var (way, group) in ByOutput(forwarded))
        {
            var inwards = new PacketContext(talk, packet, Hook.Ingress) { Input = way };
            var onward = run.Pass(run.Pass(group, inwards), inwards with { Hook = Hook.Prerouting });
            leaving.Add(run.Pass(onward, inwards with { Hook = Hook.Forward, Output = talk.Interface }));
        }

        return run.Pass(run.Pass(leaving, context with { Hook = Hook.Postrouting }), context with { Hook = Hook.Egress });
    }

    private static (Flows Local, Flows Forwarded) Route(Flows flows, PacketContext context)
    {
        var (local, forwarded) = (new Flows(), new Flows());
        foreach (var flow in flows.All)
        {
            switch (Ownership.Of(context.Conversation, flow.State))
            {
                case true:
                    local.Add(flow.State, flow.Space);
                    break;
                case false:
                    forwarded.Add(flow.State, flow.Space);
                    break;
                default:
                    var doubt = new Event(context.Packet, context.Hook, null, null, null, "nobody knows whether the translated address is the host's own", IsDoubt: true);
                    local.Add(flow.State, flow.Space.Map(track => track.Then(doubt)));
                    forwarded.Add(flow.State, flow.Space.Map(track => track.Then(doubt)));
                    break;
            }
        }

        return (local, forwarded);
    }

    // To which interface a translated packet goes: that of the narrowest route, null when it is not known.
    private IEnumerable<(string? Output, Flows Flows)> ByOutput(Flows flows) =>
        flows.All.GroupBy(flow => Routes.Output(talk, flow.State.Destination)).Select(group =>
        {
            var same = new Flows();
            foreach (var flow in group)
            {
                same.Add(flow.State, flow.Space);
            }

            return (group.Key, same);
        }).ToList();
}
