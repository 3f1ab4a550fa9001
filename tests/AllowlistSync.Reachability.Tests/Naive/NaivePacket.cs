using AllowlistSync.Core.Addresses;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Tests.Naive;

/// <summary>Which packet of the handshake.</summary>
internal enum Phase
{
    First,
    Answer,
    Third,
}

/// <summary>The connection as conntrack sees it.</summary>
internal sealed class NaiveConnection
{
    internal bool IsTrackingOn { get; init; }

    internal bool HasEntry { get; set; }

    internal bool IsAnswerSeen { get; set; }

    internal uint Mark { get; set; }

    internal bool IsSourceRewritten { get; set; }

    /// <summary>Where to, after a translation; null without one.</summary>
    internal (UInt128 Address, UInt128 Port)? Binding { get; set; }

    internal UInt128 Source { get; init; }

    internal UInt128 Destination { get; init; }

    internal UInt128 Port { get; init; }
}

/// <summary>One packet on its way.</summary>
internal sealed class NaivePacket(IpFamily family, Phase phase, NaiveConnection connection)
{
    private static readonly NumberRange Ephemeral = new(1024, 65535);

    internal Phase Phase { get; } = phase;

    internal NaiveConnection Connection { get; } = connection;

    internal UInt128 Source { get; set; }

    internal UInt128 Destination { get; set; }

    /// <summary>The source port of an answer, else the destination port: the other one is ephemeral.</summary>
    internal UInt128 Port { get; set; }

    internal string? Input { get; set; }

    internal string? Output { get; set; }

    internal uint Mark { get; set; }

    /// <summary>Before conntrack and of what it does not know: Invalid.</summary>
    internal CtStateBits State { get; set; } = CtStateBits.Invalid;

    internal bool IsLocalSource { get; set; }

    internal bool IsLocalDestination { get; set; }

    internal bool IsTracked => State is CtStateBits.New or CtStateBits.Established;

    private bool IsV4 => family == IpFamily.IPv4;

    /// <summary>The value of a field; a range of several when it is not known, null when the packet has none.</summary>
    internal NumberRange? Value(Field field) => field switch
    {
        Field.IPv4Source => IsV4 ? NumberRange.One(Source) : null,
        Field.IPv4Destination => IsV4 ? NumberRange.One(Destination) : null,
        Field.IPv6Source => IsV4 ? null : NumberRange.One(Source),
        Field.IPv6Destination => IsV4 ? null : NumberRange.One(Destination),
        Field.Protocol => NumberRange.One(6),
        Field.IPv4Protocol => IsV4 ? NumberRange.One(6) : null,
        Field.IPv6NextHeader => IsV4 ? null : NumberRange.One(6),
        Field.NetworkFamily => NumberRange.One(IsV4 ? 2u : 10u),
        Field.EtherType => NumberRange.One(IsV4 ? 0x0800u : 0x86ddu),
        Field.SourcePort or Field.TcpSourcePort => Phase == Phase.Answer ? NumberRange.One(Port) : Ephemeral,
        Field.DestinationPort or Field.TcpDestinationPort => Phase == Phase.Answer ? Ephemeral : NumberRange.One(Port),
        Field.TcpFlags => NumberRange.One(Phase switch { Phase.First => 2u, Phase.Answer => 18u, _ => 16u }),
        Field.Mark => NumberRange.One(Mark),
        Field.CtState => NumberRange.One((uint)State),
        Field.DestinationType => NumberRange.One(IsLocalDestination ? 2u : 1u),
        Field.SourceType => NumberRange.One(IsLocalSource ? 2u : 1u),
        _ when IsTracked => TrackedValue(field),
        _ => null,
    };

    private NumberRange? TrackedValue(Field field) => field switch
    {
        Field.ConnectionMark => NumberRange.One(Connection.Mark),
        Field.CtDirection => NumberRange.One(Phase == Phase.Answer ? 1u : 0u),
        Field.CtProtocol => NumberRange.One(6),
        Field.CtOriginalDestinationPort => NumberRange.One(Connection.Port),
        Field.CtOriginalSourcePort => Ephemeral,
        Field.CtOriginalIPv4Source => IsV4 ? NumberRange.One(Connection.Source) : null,
        Field.CtOriginalIPv6Source => IsV4 ? null : NumberRange.One(Connection.Source),
        Field.CtOriginalIPv4Destination => IsV4 ? NumberRange.One(Connection.Destination) : null,
        Field.CtOriginalIPv6Destination => IsV4 ? null : NumberRange.One(Connection.Destination),
        _ => null,
    };

    /// <summary>The state with what only iptables calls a state: looked at bit by bit, never as a number.</summary>
    internal CtStateBits StateBits => State
        | (IsTracked && Connection.Binding is not null ? CtStateBits.DestinationNat : CtStateBits.None)
        | (IsTracked && Connection.IsSourceRewritten ? CtStateBits.SourceNat : CtStateBits.None);
}
