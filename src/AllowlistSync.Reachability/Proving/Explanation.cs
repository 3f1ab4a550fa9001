namespace AllowlistSync.Reachability.Proving;

/// <summary>What a rule made of one packet.</summary>
public enum ExplainOutcome
{
    /// <summary>All its conditions hold.</summary>
    Matched,

    /// <summary>A condition does not hold.</summary>
    NotMatched,

    /// <summary>It cannot be known whether it holds, or what it does.</summary>
    Unknown,
}

/// <summary>One rule, or the policy of a chain, that a packet meets on its way; in the order of the way.</summary>
/// <param name="Packet">Which packet of the handshake: <c>first packet</c>, <c>answer</c>, <c>third packet</c>.</param>
/// <param name="Hook">The hook, such as <c>input</c>.</param>
/// <param name="Chain">The chain, such as <c>table inet filter, chain input</c>.</param>
/// <param name="RuleText">The rule as its tool writes it, or <c>policy drop</c>.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Why">Of a rule that does not match, the condition that does not hold; of an unknown one, what is not known; empty for one that matches.</param>
public sealed record ExplainStep(string Packet, string Hook, string Chain, string RuleText, ExplainOutcome Outcome, string Why)
{
    /// <summary>How many jumps deep; 0 in a base chain.</summary>
    public int Depth { get; init; }

    /// <summary>The rule's place in its chain, from 1; null for a policy.</summary>
    public int? Number { get; init; }

    /// <summary>What is done with the packet: <c>accept</c>, <c>drop</c>, <c>jump web</c>, <c>dnat to :8443</c>, <c>continue</c>; of an unknown rule what it may do; empty when it does not match.</summary>
    public string Verdict { get; init; } = "";
}
