using System.Collections.Immutable;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Core.Verifying;

/// <summary>What a change would do to what gets in, worked out before it is made.</summary>
/// <param name="Difference">What gets in differently; null when the provider cannot show its change beforehand.</param>
/// <param name="Proof">What becomes of the wanted traffic once the change is made.</param>
/// <param name="Findings">What the operator should know.</param>
public sealed record Rehearsal(SemanticDiff? Difference, Proof Proof, ImmutableArray<Finding> Findings)
{
    /// <summary>What becomes of the wanted traffic by the rules that are in force, whether the change is made or not; empty when that is not known.</summary>
    public Proof InForce { get; init; } = Proof.Empty;

    /// <summary>Nothing was worked out.</summary>
    public static Rehearsal None { get; } = new(null, Proof.Empty, []);

    /// <summary>Whether wanted traffic is blocked and the target says that this is a failure.</summary>
    public bool FailsFor(Target target) =>
        target.OnBlocked is BlockedPolicy.Fail or BlockedPolicy.Rollback && Proof.Pieces.Any(piece => piece.Verdict == ReachabilityVerdict.Blocked);
}

/// <summary>Judges proofs and differences: a change may do what was planned and nothing else. Pure.</summary>
public static class ReachabilityCheck
{
    /// <summary>The id of the finding that wanted traffic is blocked.</summary>
    public const string Blocked = "blocked";

    /// <summary>The id of the finding that nobody can say whether wanted traffic is blocked.</summary>
    public const string NotProved = "not-proved";

    // More prefixes than that are counted in a message.
    private const int Named = 5;

    /// <summary>The traffic that a target should let in, with ports: where the operator's own rule decides about ports, those of the configuration.</summary>
    public static TrafficSet Wanted(DesiredState desired) =>
        TrafficSet.Of(desired.Sources, desired.Ports.IsAny ? desired.Target.Ports : desired.Ports);

    /// <summary>Why a change must not be made: it would let in, or shut out, somebody whom the plan does not name.</summary>
    public static ImmutableArray<Refusal> Judge(SemanticDiff difference, ChangeSet changes) =>
    [
        .. Refuse("opens-more", difference.Opens.Except(AllPorts(changes.Result)), "would let in traffic that nobody asked for"),
        .. Refuse("shuts-out", difference.Closes.Except(AllPorts(changes.Remove)), "would shut out traffic that gets in today"),
    ];

    /// <summary>What a change does besides, which is the operator's own rule's doing: a set that he fills by us may open more ports than those that we were told of.</summary>
    public static ImmutableArray<Finding> Besides(SemanticDiff difference, ChangeSet changes)
    {
        var others = changes.Result.Slices.Any(slice => slice.Ports.Protocol == TransportProtocol.Any)
            ? difference.Opens.Except(TrafficSet.Of(changes.Result.Sources, changes.Desired.Target.Ports))
            : TrafficSet.Empty;
        return others.IsEmpty
            ? []
            : [new Finding("opens-other-ports", Severity.Warning, $"the rule that uses these sets opens more than ports {changes.Desired.Target.Ports}: {Describe(others)}", "narrow that rule to the ports that are meant, or name all of them in `ports`")];
    }

    /// <summary>What a proof says of wanted traffic, as findings: one for each rule that blocks, one for each thing that is not known.</summary>
    public static ImmutableArray<Finding> Judge(Proof proof) =>
    [
        .. proof.Pieces.Where(piece => piece.Verdict == ReachabilityVerdict.Blocked).GroupBy(piece => (piece.Rule, piece.How)).Select(BlockedBy),
        .. proof.Pieces.Where(piece => piece.Verdict == ReachabilityVerdict.Unknown).GroupBy(piece => piece.Doubts.IsEmpty ? null : piece.Doubts[0]).Select(NotKnown),
    ];

    private static IEnumerable<Refusal> Refuse(string rule, TrafficSet traffic, string what)
    {
        if (!traffic.IsEmpty)
        {
            yield return new Refusal(
                rule,
                $"the change {what}: {Describe(traffic)}",
                "look at the rules around it with `allowlist-sync verify`; if this is what you want, approve it with `apply --accept FINGERPRINT`",
                CanBeAccepted: true);
        }
    }

    private static Finding BlockedBy(IGrouping<(RuleReference? Rule, BlockKind? How), ProofPiece> group)
    {
        var how = group.Key.How switch
        {
            BlockKind.Reject => "refused (visitors see 521)",
            BlockKind.AnswerDropped => "let in, but its answers are dropped on their way out (visitors see 522)",
            BlockKind.EstablishedDropped => "let in, but the packets after the first are dropped (visitors see 522)",
            _ => "dropped (visitors see 522)",
        };
        return new Finding(Blocked, Severity.Problem, $"{Describe(Traffic(group))} is {how} by `{group.Key.Rule?.Text}` in {group.Key.Rule?.Where}{(group.Key.Rule?.CalledBy is { } caller ? $", called by `{caller}`" : "")}", "let that rule or chain accept the same traffic, or put it behind a rule that does; no accept elsewhere can overrule it");
    }

    private static Finding NotKnown(IGrouping<Doubt?, ProofPiece> group) => new(
        NotProved,
        Severity.Warning,
        $"nobody can say whether {Describe(Traffic(group))} gets in: {group.Key?.Reason}{(group.Key is { Rule.Text.Length: > 0 } doubt ? $" (`{doubt.Rule.Text}` in {doubt.Rule.Where})" : "")}",
        "exempt these sources from that rule if it is not meant for them");

    private static TrafficSet Traffic(IEnumerable<ProofPiece> pieces) => new Proof([.. pieces], []).Traffic;

    private static string Describe(TrafficSet traffic)
    {
        var entries = traffic.Entries();
        var more = entries.Length > Named ? $" and {entries.Length - Named} more" : "";
        return string.Join(", ", entries.Take(Named).Select(entry => $"{entry.Prefix} on {entry.Ports}")) + more;
    }

    // A target that leaves ports to somebody else's rule may change any of them.
    private static TrafficSet AllPorts(TrafficSet traffic) => traffic.Slices.Any(slice => slice.Ports.Protocol == TransportProtocol.Any)
        ? TrafficSet.Of(traffic.Sources, PortSet.Of(new PortRange(TransportProtocol.Tcp, 0, ushort.MaxValue), new PortRange(TransportProtocol.Udp, 0, ushort.MaxValue)))
        : traffic;
}
