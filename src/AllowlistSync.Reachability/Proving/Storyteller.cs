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
    private readonly Dictionary<Event, RuleReference> _references = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Track, ImmutableArray<TraceStep>> _traces = new(ReferenceEqualityComparer.Instance);

    /// <summary>The piece of one segment for one run of ports.</summary>
    public ProofPiece Tell(in Segment segment, PortRange port)
    {
        var way = segment.Verdict == ReachabilityVerdict.Accepted ? segment.Accepted! : segment.Blocked ?? segment.Unclear ?? segment.Accepted!;
        return new ProofPiece(new IpRange(talk.Family, segment.First, segment.Last), port, segment.Verdict)
        {
            How = segment.How,
            Rule = Deciding(way, segment.Verdict) is { } deciding ? ReferenceTo(deciding) : null,
            Trace = TraceOf(way),
            Doubts = segment.Verdict == ReachabilityVerdict.Unknown ? Doubts(segment) : [],
            Reaches = segment.Binding is { } binding ? Translations.Reached(binding, talk) : null,
        };
    }

    /// <summary>Where a person finds a rule or policy.</summary>
    private static RuleReference Describe(Event step)
    {
        var place = string.Join(", ", new[] { step.Table?.ToString(), step.Chain is null ? null : $"chain {step.Chain.Name}" }.OfType<string>());
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

    private static string Number(Rule rule) => rule.Number.ToString(CultureInfo.InvariantCulture);

    // Of accepted traffic the last word of the hook that filters it, or of any before it; else the end of the way.
    private static Event? Deciding(Track way, ReachabilityVerdict verdict)
    {
        if (verdict != ReachabilityVerdict.Accepted)
        {
            return way.Last;
        }

        var first = way.Events().Where(static step => step is { IsDoubt: false, Packet: PacketKind.First }).ToList();

        // The policy of a nat chain is not what lets a packet in.
        return first.FindLast(static step => step.Hook is Hook.Input or Hook.Forward && !(step.Rule is null && step.Chain?.Base?.Type == ChainType.Nat)) ?? first.LastOrDefault();
    }

    private RuleReference ReferenceTo(Event step)
    {
        if (!_references.TryGetValue(step, out var known))
        {
            _references[step] = known = Describe(step);
        }

        return known;
    }

    private ImmutableArray<TraceStep> TraceOf(Track way)
    {
        if (!_traces.TryGetValue(way, out var known))
        {
            _traces[way] = known = [.. way.Events().Where(static step => !step.IsDoubt).Select(step => new TraceStep(Words.Of(step.Packet), Words.Of(step.Hook), ReferenceTo(step), step.Verdict))];
        }

        return known;
    }

    private ImmutableArray<Doubt> Doubts(in Segment segment)
    {
        var doubts = new[] { segment.Blocked, segment.Accepted, segment.Unclear }.OfType<Track>()
            .SelectMany(way => way.Events()).Where(step => step.IsDoubt).Distinct(ReferenceEqualityComparer.Instance).Cast<Event>()
            .Select(step => new Doubt(ReferenceTo(step), step.Verdict)).Distinct().ToImmutableArray();
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
