using AllowlistSync.Core.Verifying;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Evaluating;

/// <summary>
/// Leads traffic through one base chain and the chains that it calls, splitting it rule by rule. The cost is linear in the rules and in the
/// pieces that they really cut.
/// </summary>
internal sealed class ChainWalk(Table table, Chain start, PacketContext context, Outcomes outcomes, IWalkWatcher? watcher)
{
    // The kernel takes 16 jumps (NFT_JUMP_STACK_SIZE); more is a circle, or a file that was never loaded.
    private const int MaxDepth = 64;

    // More states than that come of marks under conditions that are not known.
    private const int MaxStates = 64;

    private readonly Dictionary<PacketState, PacketView> _views = [];
    private readonly WalkEvents _events = new(context, table);
    private readonly Flows _left = new();
    private readonly Flows _bound = new();
    private PacketView? _last;

    /// <summary>What a base chain lets go on, and apart from it what a translation of this chain has bound.</summary>
    public readonly record struct Result(Flows Passed, Flows Bound);

    /// <summary>Walks the chain. The flows are empty afterwards.</summary>
    public Result Run(Flows incoming)
    {
        var rest = Walk(start, incoming, depth: 0, caller: null);
        var policy = new Event(context.Packet, context.Hook, table, start, null, start.Base!.DropsByDefault ? "drop" : "accept");
        foreach (var flow in rest.All)
        {
            watcher?.AtPolicy(context, table, start);
            if (start.Base.DropsByDefault)
            {
                outcomes.Block(flow.Space, policy, BlockKind.Drop);
            }
            else
            {
                _left.Add(flow.State, flow.Space.LeadOn(policy));
            }
        }

        return new(_left, _bound);
    }

    /// <summary>The first rule of this very chain at which some of the traffic ends, or may end, or leaves for the policy; null when all of it is accepted or comes to the chain's end.</summary>
    public Rule? FirstThatMayBlock(Flows incoming)
    {
        var way = new Way(start, incoming, new Flows(), new Flows(), Depth: 0, Caller: null);
        foreach (var rule in start.Rules)
        {
            Apply(rule, way);
            if (outcomes.HasAny || !way.Returned.IsEmpty)
            {
                return rule;
            }
        }

        return null;
    }

    // What reaches the end of the chain, or returns from it.
    private Flows Walk(Chain chain, Flows flows, int depth, Call? caller)
    {
        var way = new Way(chain, flows, new Flows(), new Flows(), depth, caller);
        foreach (var rule in chain.Rules)
        {
            if (way.Here.IsEmpty)
            {
                break;
            }

            if (outcomes.IsSpent())
            {
                GiveUp(way, rule, "the rule set takes more steps than can be followed");
                break;
            }

            Apply(rule, way);
        }

        way.Returned.Add(way.Here);
        return way.Returned;
    }

    private void Apply(Rule rule, Way way)
    {
        for (var i = 0; i < way.Here.Count; i++)
        {
            var flow = way.Here[i];
            if (!flow.Space.IsEmpty)
            {
                Step(new RuleAt(rule, 0, flow.State, flow.Space), way, rest: null);
            }
        }

        way.Here.Add(way.Next);
        if (way.Here.Count > MaxStates)
        {
            GiveUp(way, rule, "too many marks that are not known");
        }
    }

    // From one step of a rule on: the conditions up to the next statement, then the statement, for the part that they hold for.
    private void Step(RuleAt at, Way way, Flows? rest)
    {
        var steps = at.Rule.Steps;
        var matched = Matching.Of(steps, at.Step, ViewOf(at.State));
        var index = at.Step + matched.Count;
        if (!matched.IsPossible || index == steps.Length)
        {
            watcher?.Looked(new(context, table, way.Chain, at.Rule, matched.IsPossible, matched.Decisive, IsDoubtful: false) { Depth = way.Depth });
            rest?.Add(at.State, at.Space);
            return;
        }

        var (sure, maybe) = matched.Split(at.Space);
        watcher?.Looked(new(context, table, way.Chain, at.Rule, !(sure.IsEmpty && maybe.IsEmpty), matched.Decisive, !maybe.IsEmpty) { Depth = way.Depth });
        if (!sure.IsEmpty)
        {
            Act(steps[index], at with { Step = index, Space = sure }, way);
        }

        if (!maybe.IsEmpty)
        {
            Act(steps[index], at with { Step = index, Space = Doubtful(at, maybe, matched.Doubt!, way) }, way);
        }

        rest?.Add(at.State, at.Space);
    }

    // What may match goes on as well as it stays; both know of the doubt.
    private Space Doubtful(RuleAt at, Space part, Condition doubt, Way way)
    {
        var why = EventOf(at.Rule, DoubtText.Of(doubt), way, isDoubt: true);
        at.Space.Join(part.Map(track => track.Then(why)));
        return part.LeadOn(why);
    }

    private void Act(Step step, RuleAt at, Way way)
    {
        switch (step)
        {
            case Decide decide:
                Conclude(decide.Verdict, at, way);
                break;
            case DecideByMap map:
                DecideByMap(map, at, way);
                break;
            case DestinationNat nat:
                Translate(nat, at, way);
                break;
            case SourceNat:
                Leave(at, "source translated", way);
                break;
            case UnknownStatement unknown:
                outcomes.GiveUp(at.Space, EventOf(at.Rule, DoubtText.Of(unknown), way, isDoubt: true));
                break;
            // Without a connection there is no mark to read: nft ends the rule there, iptables passes over it.
            case SetMark { Source: MarkKind.Connection, And: not 0 } when at.State.Tracking != Tracking.Tracked:
                if (table.Backend == Backend.Legacy)
                {
                    GoOn(at, way);
                }
                else
                {
                    way.Next.Add(at.State, at.Space);
                }

                break;
            case SetMark or NoTrack or ConntrackUse:
                GoOn(at with { State = Marks.After(step, at.State, context) }, way);
                break;
            default:
                outcomes.GiveUp(at.Space, EventOf(at.Rule, "a part of the rule is not understood by this version", way, isDoubt: true));
                break;
        }
    }

    private void GoOn(RuleAt at, Way way)
    {
        var next = at with { Step = at.Step + 1 };
        if (next.Step < at.Rule.Steps.Length)
        {
            Step(next, way, way.Next);
            return;
        }

        way.Next.Add(at.State, at.Space);
    }

    private void Conclude(Verdict verdict, RuleAt at, Way way)
    {
        switch (verdict.Kind)
        {
            case VerdictKind.Accept:
                Leave(at, "accept", way);
                break;
            case VerdictKind.Drop:
                outcomes.Block(at.Space, EventOf(at.Rule, "drop", way), BlockKind.Drop);
                break;
            case VerdictKind.Reject:
                Reject(verdict, at, way);
                break;
            case VerdictKind.Return:
                way.Returned.Add(at.State, at.Space);
                break;
            case VerdictKind.Continue:
                way.Next.Add(at.State, at.Space);
                break;
            default:
                Call(verdict, at, way);
                break;
        }
    }

    private void Call(Verdict verdict, RuleAt at, Way way)
    {
        if (way.Depth >= MaxDepth || !table.Chains.TryGetValue(verdict.Chain!, out var target))
        {
            var why = way.Depth >= MaxDepth ? "the chains call each other in a circle" : $"there is no chain {verdict.Chain}";
            outcomes.GiveUp(at.Space, EventOf(at.Rule, why, way, isDoubt: true));
            return;
        }

        var called = new Flows();
        called.Add(at.State, at.Space);
        var back = Walk(target, called, way.Depth + 1, _events.CallOf(at.Rule, way.Chain));
        (verdict.Kind == VerdictKind.Goto ? way.Returned : way.Next).Add(back);
    }

    private void DecideByMap(DecideByMap map, RuleAt at, Way way)
    {
        var view = ViewOf(at.State);
        if (!LookupEvaluator.IsAnyAbsent(map.Key, view))
        {
            foreach (var entry in map.Entries)
            {
                var (sure, maybe) = Matching.Of(LookupEvaluator.Fits(map.Key, entry.Parts, view)).Split(at.Space);
                Conclude(entry.Value, at with { Space = sure }, way);
                if (!maybe.IsEmpty)
                {
                    Conclude(entry.Value, at with { Space = Doubtful(at, maybe, Matching.UnknownKey, way) }, way);
                }
            }
        }

        way.Next.Add(at.State, at.Space);
    }

    private void Translate(DestinationNat nat, RuleAt at, Way way)
    {
        if (start.Base!.Type != ChainType.Nat)
        {
            GoOn(at, way);
            return;
        }

        foreach (var (matched, binding) in Translations.Of(nat, at.State, ViewOf(at.State)))
        {
            var (sure, maybe) = matched.Split(at.Space);
            if (!maybe.IsEmpty)
            {
                sure.Join(Doubtful(at, maybe, Matching.UnknownKey, way));
            }

            if (_bound.Count > MaxStates)
            {
                outcomes.GiveUp(sure, EventOf(at.Rule, "more translations may apply than can be followed", way, isDoubt: true));
                continue;
            }

            var why = EventOf(at.Rule, Translations.Describe(binding, context.Conversation), way);
            _bound.Add(at.State with { Binding = binding }, sure.LeadOn(why));
        }

        way.Next.Add(at.State, at.Space);
    }

    private void Reject(Verdict verdict, RuleAt at, Way way)
    {
        var why = EventOf(at.Rule, "reject", way);
        foreach (var piece in at.Space.Pieces)
        {
            outcomes.Rejected.Add((piece with { Track = piece.Track.Then(why) }, at.State, verdict.IsReset));
        }
    }

    private void Leave(RuleAt at, string verdict, Way way)
    {
        var why = EventOf(at.Rule, verdict, way);
        _left.Add(at.State, at.Space.LeadOn(why));
    }

    private void GiveUp(Way way, Rule rule, string reason)
    {
        var why = EventOf(rule, reason, way, isDoubt: true);
        foreach (var flow in way.Here.All)
        {
            outcomes.GiveUp(flow.Space.TakeAll(), why);
        }
    }

    private Event EventOf(Rule rule, string verdict, Way way, bool isDoubt = false) => _events.Of(rule, verdict, way.Chain, way.Caller, isDoubt);

    private PacketView ViewOf(PacketState state)
    {
        // Asked for every rule, and nearly always for the same state as before.
        if (ReferenceEquals(_last?.State, state))
        {
            return _last;
        }

        if (!_views.TryGetValue(state, out var view))
        {
            _views[state] = view = new(context, state);
        }

        return _last = view;
    }

    /// <summary>Where a walk is in a rule, with the part of the traffic that is there.</summary>
    private readonly record struct RuleAt(Rule Rule, int Step, PacketState State, Space Space);

    /// <summary>A walk through one chain: who is here, who goes on to the next rule, who returns.</summary>
    private sealed record Way(Chain Chain, Flows Here, Flows Next, Flows Returned, int Depth, Call? Caller);
}
