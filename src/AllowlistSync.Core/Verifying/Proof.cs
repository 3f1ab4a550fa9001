using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Core.Verifying;

/// <summary>What a rule set does with a slice of traffic.</summary>
public enum ReachabilityVerdict
{
    /// <summary>A connection can be opened: every packet of the handshake passes.</summary>
    Accepted,

    /// <summary>No connection can be opened.</summary>
    Blocked,

    /// <summary>It depends on something that a rule set does not show, or that is not understood.</summary>
    Unknown,
}

/// <summary>How traffic is blocked.</summary>
public enum BlockKind
{
    /// <summary>The first packet is dropped: a visitor sees 522.</summary>
    Drop,

    /// <summary>The first packet is answered with a refusal: a visitor sees 521.</summary>
    Reject,

    /// <summary>The first packet is accepted, and its answer does not leave the host: 522.</summary>
    AnswerDropped,

    /// <summary>First packet and answer pass, and the third packet is dropped: 522.</summary>
    EstablishedDropped,
}

/// <summary>A rule, or the policy of a chain, as a person finds it again.</summary>
/// <param name="Text">The rule as its tool writes it, such as <c>-A INPUT -s 104.16.0.0/13 -j DROP</c> or <c>policy drop</c>.</param>
/// <param name="Where">The place, such as <c>table inet filter, chain input, rule 4 (handle 12)</c>.</param>
public sealed record RuleReference(string Text, string Where)
{
    /// <summary>The rule that leads packets into a chain that is shared by several, with its place; null in a base chain. It often holds the address that the rule itself lacks.</summary>
    public string? CalledBy { get; init; }
}

/// <summary>One step on the way of a slice.</summary>
/// <param name="Packet">Which packet of the handshake: <c>first packet</c>, <c>answer</c>, <c>third packet</c>.</param>
/// <param name="Hook">The hook, such as <c>input</c>.</param>
/// <param name="Rule">The rule or policy that decided in a base chain.</param>
/// <param name="Verdict">What it said: <c>accept</c>, <c>drop</c>, <c>reject</c>, <c>dnat to 172.17.0.2:443</c>.</param>
public sealed record TraceStep(string Packet, string Hook, RuleReference Rule, string Verdict);

/// <summary>The verdict for some sources on one port, or on ports that no rule tells apart.</summary>
/// <param name="From">The sources.</param>
/// <param name="Port">One transport and one port.</param>
/// <param name="Verdict">The verdict.</param>
public sealed record ProofPiece(IpRange From, PortRange Port, ReachabilityVerdict Verdict)
{
    /// <summary>How it is blocked, or may be blocked; null when it is accepted.</summary>
    public BlockKind? How { get; init; }

    /// <summary>The rule or policy that blocks or may block; of accepted traffic, the one that accepts it last in the input or forward hook, null when no chain looks at it.</summary>
    public RuleReference? Rule { get; init; }

    /// <summary>Of unknown traffic: what is not known, each rule with the reason. Empty for the others.</summary>
    public ImmutableArray<Doubt> Doubts { get; init; } = [];

    /// <summary>The rules that decided, in the order of the packet's way; of unknown traffic, on the way that is blocked.</summary>
    public ImmutableArray<TraceStep> Trace { get; init; } = [];

    /// <summary>The local address and port that is reached behind a translation, such as <c>:8443</c> or <c>172.17.0.2:443</c>; null without one.</summary>
    public string? Reaches { get; init; }

    /// <summary>What a visitor of a proxied site sees: 521 for a refusal, 522 for silence, null when nothing is blocked for certain.</summary>
    public int? VisitorSees => Verdict != ReachabilityVerdict.Blocked ? null : How == BlockKind.Reject ? 521 : 522;
}

/// <summary>Why a verdict is unknown.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Reason">What about it, such as <c>limit rate 2/minute: depends on the rate of packets</c>.</param>
public sealed record Doubt(RuleReference Rule, string Reason);

/// <summary>The verdicts for all asked traffic, and what they rest on.</summary>
/// <param name="Pieces">Disjoint, and together all that was asked: by port, then by source.</param>
/// <param name="Assumptions">What no rule set shows and a proof takes for granted.</param>
public sealed record Proof(ImmutableArray<ProofPiece> Pieces, ImmutableArray<string> Assumptions)
{
    /// <summary>Nothing was asked.</summary>
    public static Proof Empty { get; } = new([], []);

    /// <summary>Whether all that was asked is accepted.</summary>
    public bool AllAccepted => Pieces.All(piece => piece.Verdict == ReachabilityVerdict.Accepted);

    /// <summary>All traffic that has a verdict here.</summary>
    public TrafficSet Traffic => Pieces
        .GroupBy(piece => piece.Port)
        .Aggregate(TrafficSet.Empty, (all, port) => all.Union(TrafficSet.Of(PrefixSet.OfRanges(port.Select(piece => piece.From)), PortSet.Of(port.Key))));

    /// <summary>The traffic that has a verdict of one kind.</summary>
    public TrafficSet With(ReachabilityVerdict verdict) => new Proof([.. Pieces.Where(piece => piece.Verdict == verdict)], []).Traffic;
}
