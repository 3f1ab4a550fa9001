using System.Collections.Immutable;

namespace AllowlistSync.Reachability.Model;

/// <summary>A part of a rule that does something.</summary>
public abstract record Statement : Step
{
    private protected Statement()
    {
    }
}

/// <summary>Ends the rule with a verdict.</summary>
/// <param name="Verdict">The verdict.</param>
public sealed record Decide(Verdict Verdict) : Statement;

/// <summary>Ends the rule with the verdict that a map holds for some fields; a packet that is not in the map goes on (nft(8), "vmap").</summary>
/// <param name="Key">The fields.</param>
/// <param name="Entries">The entries, disjoint; entries of one verdict may be merged into one with more values.</param>
public sealed record DecideByMap(ImmutableArray<Field> Key, ImmutableArray<MapEntry<Verdict>> Entries) : Statement;

/// <summary>One entry of a map.</summary>
/// <typeparam name="T">What it maps to.</typeparam>
/// <param name="Parts">The values of each field of the key.</param>
/// <param name="Value">What they map to.</param>
public sealed record MapEntry<T>(ImmutableArray<Values> Parts, T Value);

/// <summary>Writes a mark: <c>target = (source and And) xor Xor</c>.</summary>
/// <param name="Target">Which mark is written.</param>
/// <param name="Source">Which mark is read.</param>
/// <param name="And">Bits of the source that stay; 0 for a constant.</param>
/// <param name="Xor">Bits that are flipped, or the constant.</param>
public sealed record SetMark(MarkKind Target, MarkKind Source, uint And, uint Xor) : Statement
{
    /// <summary>Set when the value cannot be known; the rest is then without meaning.</summary>
    public bool IsUnknown { get; init; }
}

/// <summary>The two marks.</summary>
public enum MarkKind
{
    /// <summary>Of the packet: <c>meta mark</c>, MARK.</summary>
    Packet,

    /// <summary>Of the connection: <c>ct mark</c>, CONNMARK.</summary>
    Connection,
}

/// <summary>Leaves the packet out of connection tracking: <c>notrack</c>, <c>CT --notrack</c>. Acts before priority -200 only.</summary>
public sealed record NoTrack : Statement
{
    /// <summary>The one instance.</summary>
    public static NoTrack Instance { get; } = new();
}

/// <summary>Rewrites the destination of the connection and ends the nat chain. In a chain that is not of type nat it does nothing.</summary>
/// <param name="Address">The new address; null keeps it, or for <see cref="ToLocal"/> it is the host's own.</param>
/// <param name="Port">The new port; null keeps it.</param>
public sealed record DestinationNat(NatValue? Address, NatValue? Port) : Statement
{
    /// <summary>Set for REDIRECT: the destination becomes the address of the receiving interface.</summary>
    public bool ToLocal { get; init; }
}

/// <summary>Rewrites the source of the connection and ends the nat chain: SNAT, MASQUERADE. What comes back is put right by the kernel, so the handshake does not change.</summary>
public sealed record SourceNat : Statement
{
    /// <summary>The one instance.</summary>
    public static SourceNat Instance { get; } = new();
}

/// <summary>The address or port of a translation.</summary>
public abstract record NatValue
{
    private NatValue()
    {
    }

    /// <summary>One of a range; mostly a range of one.</summary>
    /// <param name="Range">The range.</param>
    public sealed record OneOf(NumberRange Range) : NatValue;

    /// <summary>Looked up: <c>redirect to tcp dport map { 80 : 8080 }</c>. A miss ends the rule.</summary>
    /// <param name="Key">The fields.</param>
    /// <param name="Entries">The entries.</param>
    public sealed record FromMap(ImmutableArray<Field> Key, ImmutableArray<MapEntry<NumberRange>> Entries) : NatValue;

    /// <summary>Not known.</summary>
    public sealed record Unknown : NatValue;
}

/// <summary>A statement or target that this version does not follow: it may accept, drop or go on.</summary>
/// <param name="Text">As the tool writes it, such as <c>NFQUEUE --queue-num 3</c>.</param>
/// <param name="Reason">Why.</param>
public sealed record UnknownStatement(string Text, UnknownReason Reason) : Statement
{
    /// <summary>True when the kernel tracks connections because of it (SYNPROXY).</summary>
    public bool UsesConntrack { get; init; }
}

/// <summary>
/// A statement that makes the kernel track connections and does nothing else to the handshake: CT with a zone or helper. The plain
/// statements that change nothing (LOG, counter, TCPMSS) are left out by the readers.
/// </summary>
public sealed record ConntrackUse : Statement
{
    /// <summary>The one instance.</summary>
    public static ConntrackUse Instance { get; } = new();
}

/// <summary>What a rule says of a packet.</summary>
public enum VerdictKind
{
    /// <summary>Ends this base chain; the next one sees the packet.</summary>
    Accept,

    /// <summary>The end, silently.</summary>
    Drop,

    /// <summary>The end, with an answer.</summary>
    Reject,

    /// <summary>Back to the calling chain; in a base chain, its policy.</summary>
    Return,

    /// <summary>The next rule.</summary>
    Continue,

    /// <summary>To another chain and back.</summary>
    Jump,

    /// <summary>To another chain, and from its end to where the present chain would have returned.</summary>
    Goto,
}

/// <summary>A verdict.</summary>
/// <param name="Kind">What.</param>
/// <param name="Chain">The chain to go to, of the same table; null for the others.</param>
public sealed record Verdict(VerdictKind Kind, string? Chain = null)
{
    /// <summary>Accept.</summary>
    public static Verdict Accept { get; } = new(VerdictKind.Accept);

    /// <summary>Drop.</summary>
    public static Verdict Drop { get; } = new(VerdictKind.Drop);

    /// <summary>Reject with an ICMP error.</summary>
    public static Verdict Reject { get; } = new(VerdictKind.Reject);

    /// <summary>Reject with a TCP reset.</summary>
    public static Verdict Reset { get; } = new(VerdictKind.Reject) { IsReset = true };

    /// <summary>Return.</summary>
    public static Verdict Return { get; } = new(VerdictKind.Return);

    /// <summary>Continue.</summary>
    public static Verdict Continue { get; } = new(VerdictKind.Continue);

    /// <summary>Whether the answer of a rejection is a TCP reset; otherwise it is an ICMP error.</summary>
    public bool IsReset { get; init; }

    /// <summary>To a chain and back.</summary>
    public static Verdict Jump(string chain) => new(VerdictKind.Jump, chain);

    /// <summary>To a chain for good.</summary>
    public static Verdict Goto(string chain) => new(VerdictKind.Goto, chain);
}
