using System.Collections.Immutable;
using System.Globalization;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Verifying;
using AllowlistSync.Reachability.Evaluating;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Proving;

/// <summary>Turns segments into pieces of a proof, with the texts and places of rules. Each text is made once.</summary>
internal sealed class Storyteller(Conversation talk)
{
    // Somebody who has read so many reasons knows enough.
    private const int MaxDoubts = 20;

    private readonly Dictionary<Event, TraceStep> _steps = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Chain, string> _places = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Track, (ImmutableArray<TraceStep> Trace, RuleReference? Accepting)> _ways = new(ReferenceEqualityComparer.Instance);

    /// <summary>The piece of one segment for one run of ports.</summary>
    public ProofPiece Tell(in Segment segment, PortRange port)
    {
        var way = segment.Verdict == ReachabilityVerdict.Accepted ? segment.Accepted! : segment.Blocked ?? segment.Unclear ?? segment.Accepted!;
        var (trace, accepting) = Of(way);
        return new ProofPiece(new IpRange(talk.Family, segment.First, segment.Last), port, segment.Verdict)
        {
            How = segment.How,
            Rule = segment.Verdict == ReachabilityVerdict.Accepted ? accepting : way.Last is { } last ? StepOf(last).Rule : null,
            Trace = trace,
            Doubts = segment.Verdict == ReachabilityVerdict.Unknown ? Doubts(segment) : [],
            Reaches = segment.Binding is { } binding ? Translations.Reached(binding, talk) : null,
        };
    }

    private TraceStep StepOf(Event step)
    {
        if (!_steps.TryGetValue(step, out var known))
        {
            _steps[step] = known = new TraceStep(Words.Of(step.Packet), Words.Of(step.Hook), Describe(step), step.Verdict);
        }

        return known;
    }

    private (ImmutableArray<TraceStep> Trace, RuleReference? Accepting) Of(Track way)
    {
        if (!_ways.TryGetValue(way, out var known))
        {
            var events = way.Events();
            var accepting = Accepting(events) is { } step ? StepOf(step).Rule : null;
            _ways[way] = known = ([.. Array.FindAll(events, static step => !step.IsDoubt).Select(StepOf)], accepting);
        }

        return known;
    }

    // Where a person finds a rule or policy.
    private RuleReference Describe(Event step)
    {
        var place = PlaceOf(step);
        if (step.Rule is not { } rule)
        {
            return new RuleReference(step.Table is null ? step.Verdict : $"policy {step.Verdict}", place);
        }

        var handle = rule.Handle is { } number ? $" (handle {number.ToString(CultureInfo.InvariantCulture)})" : "";
        return new RuleReference(rule.Text.ToString(), $"{place}, rule {Number(rule)}{handle}")
        {
            CalledBy = step.Caller is { } caller ? $"{caller.Rule.Text} (chain {caller.Chain.Name}, rule {Number(caller.Rule)})" : null,
        };
    }

    private string PlaceOf(Event step)
    {
        if (step.Chain is not { } chain)
        {
            return step.Table?.ToString() ?? "";
        }

        if (!_places.TryGetValue(chain, out var known))
        {
            _places[chain] = known = step.Table is null ? $"chain {chain.Name}" : $"{step.Table}, chain {chain.Name}";
        }

        return known;
    }

    private static string Number(Rule rule) => rule.Number.ToString(CultureInfo.InvariantCulture);

    // The last word of the hook that filters what is accepted, or of any before it.
    private static Event? Accepting(Event[] events)
    {
        Event? any = null;
        Event? filtering = null;
        foreach (var step in events)
        {
            if (step is { IsDoubt: false, Packet: PacketKind.First })
            {
                any = step;

                // The policy of a nat chain is not what lets a packet in.
                filtering = step.Hook is Hook.Input or Hook.Forward && !(step.Rule is null && step.Chain?.Base?.Type == ChainType.Nat) ? step : filtering;
            }
        }

        return filtering ?? any;
    }

    private ImmutableArray<Doubt> Doubts(in Segment segment)
    {
        var doubts = new[] { segment.Blocked, segment.Accepted, segment.Unclear }.OfType<Track>()
            .SelectMany(way => way.Events()).Where(step => step.IsDoubt).Distinct(ReferenceEqualityComparer.Instance).Cast<Event>()
            .Select(step => new Doubt(StepOf(step).Rule, step.Verdict)).Distinct().Take(MaxDoubts).ToImmutableArray();
        return doubts.IsEmpty
            ? [new Doubt(new RuleReference("", "chains of equal priority"), "the order in which they run is not visible, and it matters here")]
            : doubts;
    }
}

/// <summary>The words for packets and hooks.</summary>
internal static class Words
{
    public static string Of(PacketKind packet) => packet switch
    {
        PacketKind.First => "first packet",
        PacketKind.Third => "third packet",
        PacketKind.Answer => "answer",
        _ => "refusal",
    };

    public static string Of(Hook hook) => hook switch
    {
        Hook.Ingress => "ingress",
        Hook.Prerouting => "prerouting",
        Hook.Input => "input",
        Hook.Forward => "forward",
        Hook.Output => "output",
        Hook.Postrouting => "postrouting",
        _ => "egress",
    };
}
