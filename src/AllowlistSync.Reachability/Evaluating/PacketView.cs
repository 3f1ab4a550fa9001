using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Evaluating;

/// <summary>One packet in one state, as rules look at it.</summary>
internal sealed class PacketView(PacketContext context, PacketState state)
{
    // linux/in.h and linux/netfilter.h
    private const int Icmp = 1;
    private const int Tcp = 6;
    private const int Udp = 17;
    private const int Icmp6 = 58;
    private const int NetworkIPv4 = 2;
    private const int NetworkIPv6 = 10;

    // linux/netfilter/nf_conntrack_common.h: IPS_*
    private const int SeenReply = 2;
    private const int Assured = 4;
    private const int Confirmed = 8;
    private const int DestinationNat = 32;
    private const int NatDone = 128 | 256;

    private static readonly int FieldCount = Enum.GetValues<Field>().Length;

    // Visitors come from any port but the privileged ones.
    private static readonly NumberSet VisitorPorts = NumberSet.Of(1024, 65535);

    private readonly (bool IsFound, FieldValue Value)[] _known = new (bool, FieldValue)[FieldCount];

    /// <summary>Lookups of this view that were made already.</summary>
    public Dictionary<(object Table, object Key), Answer> Lookups { get; } = [];

    public PacketContext Context => context;

    public PacketState State => state;

    private Conversation Talk => context.Conversation;

    private bool IsIPv4 => Talk.Family == IpFamily.IPv4;

    private bool IsIcmp => context.Packet == PacketKind.IcmpError;

    private bool IsReply => context.IsOutgoing;

    /// <summary>What is known of a field; found once, since every rule asks for it.</summary>
    public ref readonly FieldValue this[Field field]
    {
        get
        {
            ref var known = ref _known[(int)field];
            if (!known.IsFound)
            {
                known = (true, Find(field));
            }

            return ref known.Value;
        }
    }

    private FieldValue Find(Field field) => field switch
    {
        Field.IPv4Source => IsIPv4 ? Source : FieldValue.Absent,
        Field.IPv4Destination => IsIPv4 ? Destination : FieldValue.Absent,
        Field.IPv6Source => IsIPv4 ? FieldValue.Absent : Source,
        Field.IPv6Destination => IsIPv4 ? FieldValue.Absent : Destination,
        Field.Protocol => FieldValue.Of(Protocol),
        Field.IPv4Protocol => IsIPv4 ? FieldValue.Of(Protocol) : FieldValue.Absent,
        Field.IPv6NextHeader => IsIPv4 ? FieldValue.Absent : FieldValue.Of(Protocol),
        Field.NetworkFamily => FieldValue.Of((UInt128)(IsIPv4 ? NetworkIPv4 : NetworkIPv6)),
        Field.EtherType => FieldValue.Of((UInt128)(IsIPv4 ? 0x0800 : 0x86dd)),
        Field.EtherSource => IsReply ? FieldValue.Absent : Talk.Gateway is { } gateway ? FieldValue.Of(gateway) : FieldValue.Unknown,
        Field.PacketType => IsReply ? FieldValue.Unknown : FieldValue.Of(0),
        Field.SourcePort => IsIcmp ? FieldValue.Absent : SourcePort,
        Field.DestinationPort => IsIcmp ? FieldValue.Absent : DestinationPort,
        Field.TcpSourcePort => Protocol == Tcp ? SourcePort : FieldValue.Absent,
        Field.TcpDestinationPort => Protocol == Tcp ? DestinationPort : FieldValue.Absent,
        Field.UdpSourcePort => Protocol == Udp ? SourcePort : FieldValue.Absent,
        Field.UdpDestinationPort => Protocol == Udp ? DestinationPort : FieldValue.Absent,
        Field.TcpFlags => Protocol == Tcp ? FieldValue.Of(Flags) : FieldValue.Absent,
        Field.InputInterface => Interface(context.HasInput, context.Input),
        Field.OutputInterface => Interface(context.HasOutput, context.Output),
        Field.Mark => state.Mark is { } mark ? FieldValue.Of(mark) : FieldValue.Unknown,
        Field.CtState => TrackingState,
        Field.DestinationType => IsReply ? FieldValue.Of(1) : DestinationKind(2, 1),
        Field.SourceType => IsReply ? FieldValue.Of(2) : FieldValue.Of(1),
        Field.IPv6DestinationTypeBits => IsReply ? FieldValue.Of(1) : DestinationKind(3, 1),
        Field.IPv6SourceTypeBits => IsReply ? FieldValue.Of(3) : FieldValue.Of(1),
        Field.ReversePathOk => ReversePath,
        _ => Connection(field),
    };

    private UInt128 Protocol => IsIcmp ? (UInt128)(IsIPv4 ? Icmp : Icmp6) : (UInt128)(Talk.Protocol == TransportProtocol.Udp ? Udp : Tcp);

    private FieldValue Source => IsReply ? FieldValue.Of(state.Destination) : FieldValue.Peer;

    private FieldValue Destination => IsReply ? FieldValue.Peer : FieldValue.Of(state.Destination);

    private FieldValue SourcePort => FieldValue.Of(IsReply ? state.Port : VisitorPorts);

    private FieldValue DestinationPort => FieldValue.Of(IsReply ? VisitorPorts : state.Port);

    // fin 1, syn 2, rst 4, psh 8, ack 16
    private UInt128 Flags => context.Packet switch { PacketKind.First => 2, PacketKind.Answer => 18, PacketKind.Reset => 20, _ => 16 };

    private FieldValue TrackingState => state.Tracking switch
    {
        Tracking.NotYet or Tracking.Invalid => FieldValue.Of((UInt128)(int)CtStateBits.Invalid),
        Tracking.Untracked => FieldValue.Of((UInt128)(int)CtStateBits.Untracked),
        _ => FieldValue.Bits(
            (UInt128)(int)TrackedState | (IsTranslated == true ? (UInt128)(int)CtStateBits.DestinationNat : 0),
            IsTranslated is null ? (UInt128)(int)CtStateBits.DestinationNat : 0),
    };

    private CtStateBits TrackedState => context.Packet switch
    {
        PacketKind.First => CtStateBits.New,

        // What refuses a packet belongs to its connection without being a part of it (nf_conntrack_attach).
        PacketKind.IcmpError or PacketKind.Reset => CtStateBits.Related,
        PacketKind.Answer when !state.IsConnectionTracked => CtStateBits.New,
        PacketKind.Third when !state.IsConnectionTracked => Talk.Protocol == TransportProtocol.Udp ? CtStateBits.Established : CtStateBits.New,
        _ => CtStateBits.Established,
    };

    private FieldValue ReversePath => IsReply || !context.HasInput ? FieldValue.Unknown : ReversePaths.Of(Talk);

    private static FieldValue Interface(bool exists, string? name) => (exists, name) switch
    {
        (true, { } known) => FieldValue.Of(known),
        (true, null) => FieldValue.OutsideInterface,

        // Where there is no interface its name is empty, so that `oifname != "lo"` holds for packets that come in.
        _ => FieldValue.Of(""),
    };

    // Whether the destination is another than the visitor's; a translation to where the connection goes anyway is none. Null when it is not known.
    private bool? IsTranslated => state.Binding is not { } binding ? false
        : !Meet(binding.Port, Talk.Port) || (!binding.IsLocal && !Meet(binding.Destination, Talk.Destination)) ? true
        : Same(binding.Port, Talk.Port) && Same(binding.Destination, Talk.Destination) ? false
        : null;

    private static bool Meet(NumberSet one, NumberSet other) => one.Ranges.Any(other.Overlaps);

    private static bool Same(NumberSet one, NumberSet other) => one.Ranges is [var only] && only.First == only.Last && one.Equals(other);

    private FieldValue Connection(Field field)
    {
        if (state.Tracking != Tracking.Tracked)
        {
            return FieldValue.Absent;
        }

        return field switch
        {
            Field.ConnectionMark => state.ConnectionMark is { } mark ? FieldValue.Of(mark) : FieldValue.Unknown,
            Field.CtStatus => Status,
            Field.CtDirection => FieldValue.Of((UInt128)(IsReply ? 1 : 0)),
            Field.CtProtocol => FieldValue.Of((UInt128)(Talk.Protocol == TransportProtocol.Udp ? Udp : Tcp)),
            Field.CtOriginalDestinationPort => FieldValue.Of(Talk.Port),
            Field.CtOriginalSourcePort => FieldValue.Of(VisitorPorts),
            Field.CtOriginalIPv4Destination => IsIPv4 ? FieldValue.Of(Talk.Destination) : FieldValue.Absent,
            Field.CtOriginalIPv6Destination => IsIPv4 ? FieldValue.Absent : FieldValue.Of(Talk.Destination),
            Field.CtOriginalIPv4Source => IsIPv4 ? FieldValue.Peer : FieldValue.Absent,
            Field.CtOriginalIPv6Source => IsIPv4 ? FieldValue.Absent : FieldValue.Peer,
            _ => FieldValue.Unknown,
        };
    }

    private FieldValue Status
    {
        get
        {
            var known = (IsTranslated == true ? DestinationNat : 0) | context.Packet switch
            {
                PacketKind.First or PacketKind.Reset or PacketKind.IcmpError => 0,
                PacketKind.Answer => SeenReply | Confirmed,
                _ => SeenReply | Confirmed | Assured,
            };
            return FieldValue.Bits((UInt128)known, (UInt128)(NatDone | (IsTranslated is null ? DestinationNat : 0)));
        }
    }

    private FieldValue DestinationKind(int own, int other) => Ownership.Of(Talk, state) switch
    {
        true => FieldValue.Of((UInt128)own),
        false => FieldValue.Of((UInt128)other),
        null => FieldValue.Unknown,
    };
}
