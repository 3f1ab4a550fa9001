using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>How the values of a field are spelled.</summary>
internal enum NftValueKind
{
    /// <summary>A plain number of 32 bits.</summary>
    Number,
    IPv4,
    IPv6,
    Port,
    Protocol,
    NetworkFamily,
    EtherType,
    HardwareAddress,
    PacketType,
    TcpFlags,
    CtState,
    CtStatus,
    CtDirection,
    RouteType,

    /// <summary>true or false; the interface "0" of fib stands for false.</summary>
    Presence,

    /// <summary>The name of an interface.</summary>
    Name,
}

/// <summary>What is known of the kinds.</summary>
internal static class NftValueKinds
{
    public static NftValueKind Of(Field field) => field switch
    {
        Field.IPv4Source or Field.IPv4Destination or Field.CtOriginalIPv4Destination or Field.CtOriginalIPv4Source => NftValueKind.IPv4,
        Field.IPv6Source or Field.IPv6Destination or Field.CtOriginalIPv6Destination or Field.CtOriginalIPv6Source => NftValueKind.IPv6,
        Field.SourcePort or Field.DestinationPort or Field.TcpSourcePort or Field.TcpDestinationPort or Field.UdpSourcePort
            or Field.UdpDestinationPort or Field.CtOriginalDestinationPort or Field.CtOriginalSourcePort => NftValueKind.Port,
        Field.Protocol or Field.IPv4Protocol or Field.IPv6NextHeader or Field.CtProtocol => NftValueKind.Protocol,
        Field.NetworkFamily => NftValueKind.NetworkFamily,
        Field.EtherType => NftValueKind.EtherType,
        Field.EtherSource => NftValueKind.HardwareAddress,
        Field.PacketType => NftValueKind.PacketType,
        Field.TcpFlags => NftValueKind.TcpFlags,
        Field.CtState => NftValueKind.CtState,
        Field.CtStatus => NftValueKind.CtStatus,
        Field.CtDirection => NftValueKind.CtDirection,
        Field.DestinationType or Field.SourceType => NftValueKind.RouteType,
        Field.ReversePathOk => NftValueKind.Presence,
        Field.InputInterface or Field.OutputInterface => NftValueKind.Name,
        _ => NftValueKind.Number,
    };

    public static int Bits(this NftValueKind kind) => kind switch
    {
        NftValueKind.IPv6 => 128,
        NftValueKind.HardwareAddress => 48,
        NftValueKind.Port or NftValueKind.EtherType => 16,
        NftValueKind.Protocol or NftValueKind.NetworkFamily or NftValueKind.PacketType or NftValueKind.TcpFlags or NftValueKind.CtDirection => 8,
        NftValueKind.Presence => 1,
        _ => 32,
    };

    public static UInt128 Greatest(this NftValueKind kind) => UInt128.MaxValue >> (128 - kind.Bits());

    /// <summary>Whether <c>in</c> means that one of the bits is set (nft(8), "bitmask" types).</summary>
    public static bool IsBits(this NftValueKind kind) => kind is NftValueKind.TcpFlags or NftValueKind.CtState or NftValueKind.CtStatus;
}
