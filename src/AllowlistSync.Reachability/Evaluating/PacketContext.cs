using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Evaluating;

/// <summary>The packets that must pass before a connection can be used.</summary>
internal enum PacketKind
{
    /// <summary>The visitor's first packet: a SYN, or any datagram of UDP.</summary>
    First,

    /// <summary>The host's answer.</summary>
    Answer,

    /// <summary>The visitor's next packet, of an established connection.</summary>
    Third,

    /// <summary>The refusal that a REJECT sends: a TCP reset.</summary>
    Reset,

    /// <summary>The refusal that a REJECT sends: an ICMP error.</summary>
    IcmpError,
}

/// <summary>What is the same for all traffic of one question: family, transport, port, addresses.</summary>
internal sealed record Conversation
{
    public required IpFamily Family { get; init; }

    public required TransportProtocol Protocol { get; init; }

    /// <summary>The port that the visitor connects to; several when no rule tells them apart.</summary>
    public required NumberSet Port { get; init; }

    /// <summary>The address that the visitor connects to; several when it is not known which.</summary>
    public required NumberSet Destination { get; init; }

    /// <summary>All addresses of the host; null when they are not known.</summary>
    public required NumberSet? Own { get; init; }

    /// <summary>The interface that the visitor's packets come through; null when it is not known.</summary>
    public required string? Interface { get; init; }

    public required UInt128? Gateway { get; init; }

    public required HostFacts Host { get; init; }

    /// <summary>Whether the kernel tracks connections of this family at all: it does as soon as a rule asks for it.</summary>
    public required bool IsTracking { get; init; }

    /// <summary>The lists of recent addresses that some rule fills; null when it may be any.</summary>
    public IReadOnlySet<string>? FilledLists { get; init; }

    public UInt128 GreatestAddress => Family == IpFamily.IPv4 ? uint.MaxValue : UInt128.MaxValue;

    public Families AsFamilies => Family == IpFamily.IPv4 ? Families.IPv4 : Families.IPv6;
}

/// <summary>One packet at one hook.</summary>
/// <param name="Conversation">What it belongs to.</param>
/// <param name="Packet">Which packet.</param>
/// <param name="Hook">Where.</param>
internal sealed record PacketContext(Conversation Conversation, PacketKind Packet, Hook Hook)
{
    /// <summary>Null where there is none, and where it is not known.</summary>
    public string? Input { get; init; }

    /// <summary>Null where there is none, and where it is not known.</summary>
    public string? Output { get; init; }

    /// <summary>Whether the packet goes to the visitor.</summary>
    public bool IsOutgoing => Packet is not (PacketKind.First or PacketKind.Third);

    public bool HasInput => Hook is not (Hook.Output or Hook.Egress or Hook.Postrouting);

    public bool HasOutput => Hook is Hook.Output or Hook.Egress or Hook.Postrouting or Hook.Forward;
}

/// <summary>Whether connection tracking knows a packet.</summary>
internal enum Tracking
{
    /// <summary>It has not run yet: every state reads as invalid.</summary>
    NotYet,

    /// <summary>The packet belongs to a connection.</summary>
    Tracked,

    /// <summary>Left out on purpose.</summary>
    Untracked,

    /// <summary>It has run and found no connection that the packet could belong to.</summary>
    Invalid,
}

/// <summary>A translation that a connection is bound to.</summary>
/// <param name="Destination">The address that is really reached.</param>
/// <param name="Port">The port that is really reached.</param>
/// <param name="IsLocal">True for REDIRECT: an own address whatever it is.</param>
internal sealed record Binding(NumberSet Destination, NumberSet Port, bool IsLocal);

/// <summary>What rules can change about a packet, so that it may differ between packets of one conversation.</summary>
internal sealed record PacketState
{
    public required Tracking Tracking { get; init; }

    /// <summary>What the packet says now: the host's side address and port.</summary>
    public required NumberSet Destination { get; init; }

    public required NumberSet Port { get; init; }

    /// <summary>Null when a rule wrote something that is not known.</summary>
    public uint? Mark { get; init; } = 0;

    public uint? ConnectionMark { get; init; } = 0;

    public Binding? Binding { get; init; }

    /// <summary>Whether the connection, if there is one, is known to connection tracking from its first packet on.</summary>
    public bool IsConnectionTracked { get; init; }

    /// <summary>Whether connection tracking saw the answer; without it the third packet fits nothing.</summary>
    public bool IsAnswerTracked { get; init; }
}
