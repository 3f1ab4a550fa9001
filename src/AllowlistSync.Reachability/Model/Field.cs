namespace AllowlistSync.Reachability.Model;

/// <summary>
/// What a condition can look at. A packet that lacks the field (an IPv4 address in an IPv6 packet, a UDP port in a TCP packet) does not match,
/// negated or not. Numbers are in host order: addresses as 32 or 128 bits, ports as 16.
/// </summary>
public enum Field
{
    /// <summary>IPv4 source address; absent in IPv6.</summary>
    IPv4Source,

    /// <summary>IPv4 destination address; absent in IPv6.</summary>
    IPv4Destination,

    /// <summary>IPv6 source address; absent in IPv4.</summary>
    IPv6Source,

    /// <summary>IPv6 destination address; absent in IPv4.</summary>
    IPv6Destination,

    /// <summary>The transport protocol of either family, as iana.org numbers it (6 is TCP): <c>meta l4proto</c>, <c>-p</c>.</summary>
    Protocol,

    /// <summary>The protocol in the IPv4 header; absent in IPv6.</summary>
    IPv4Protocol,

    /// <summary>The next header in the IPv6 header; absent in IPv4.</summary>
    IPv6NextHeader,

    /// <summary><c>meta nfproto</c>: 2 is IPv4, 10 is IPv6.</summary>
    NetworkFamily,

    /// <summary>EtherType, such as 0x0800 or 0x86dd: <c>meta protocol</c>, <c>ether type</c>.</summary>
    EtherType,

    /// <summary>The hardware address that the packet came from; known only when the gateway's is given.</summary>
    EtherSource,

    /// <summary><c>meta pkttype</c>: 0 host (unicast), 1 broadcast, 2 multicast, 3 other.</summary>
    PacketType,

    /// <summary>Source port of any transport that has ports: <c>th sport</c>, ipset, multiport.</summary>
    SourcePort,

    /// <summary>Destination port of any transport that has ports.</summary>
    DestinationPort,

    /// <summary>TCP source port; absent in other transports.</summary>
    TcpSourcePort,

    /// <summary>TCP destination port.</summary>
    TcpDestinationPort,

    /// <summary>UDP source port.</summary>
    UdpSourcePort,

    /// <summary>UDP destination port.</summary>
    UdpDestinationPort,

    /// <summary>TCP flags: fin 1, syn 2, rst 4, psh 8, ack 16, urg 32, ecn 64, cwr 128.</summary>
    TcpFlags,

    /// <summary>The name of the interface that the packet came through; absent on output. Values are a <see cref="NameSet"/>.</summary>
    InputInterface,

    /// <summary>The name of the interface that the packet leaves through; absent on prerouting and input.</summary>
    OutputInterface,

    /// <summary>The packet's mark.</summary>
    Mark,

    /// <summary>The connection's mark; absent for what is not tracked.</summary>
    ConnectionMark,

    /// <summary>Connection state, as bits of <see cref="CtStateBits"/>; has a value even before connection tracking.</summary>
    CtState,

    /// <summary>Connection status, as bits of linux/netfilter/nf_conntrack_common.h; absent for what is not tracked.</summary>
    CtStatus,

    /// <summary>0 original, 1 reply.</summary>
    CtDirection,

    /// <summary>Destination port of the connection's first packet, before any translation.</summary>
    CtOriginalDestinationPort,

    /// <summary>Source port of the connection's first packet.</summary>
    CtOriginalSourcePort,

    /// <summary>Destination address of the connection's first packet, IPv4.</summary>
    CtOriginalIPv4Destination,

    /// <summary>Destination address of the connection's first packet, IPv6.</summary>
    CtOriginalIPv6Destination,

    /// <summary>Source address of the connection's first packet, IPv4.</summary>
    CtOriginalIPv4Source,

    /// <summary>Source address of the connection's first packet, IPv6.</summary>
    CtOriginalIPv6Source,

    /// <summary>The connection's transport protocol.</summary>
    CtProtocol,

    /// <summary>Kind of the destination address, as linux/rtnetlink.h numbers RTN_*: 1 unicast, 2 local, 3 broadcast, 5 multicast.</summary>
    DestinationType,

    /// <summary>Kind of the source address.</summary>
    SourceType,

    /// <summary>As <see cref="DestinationType"/>, asked the way xt_addrtype does for IPv6, where it is a set of bits (1 unicast, 2 local): an own address is both.</summary>
    IPv6DestinationTypeBits,

    /// <summary>As <see cref="IPv6DestinationTypeBits"/>, of the source.</summary>
    IPv6SourceTypeBits,

    /// <summary>1 when the route back to the source leaves through the interface that the packet came through: rpfilter, <c>fib saddr . iif oif</c>.</summary>
    ReversePathOk,
}

/// <summary>Bits of <see cref="Field.CtState"/>: nft's numbers (linux/netfilter/nf_conntrack_common.h), and above them what only iptables calls a state.</summary>
[Flags]
public enum CtStateBits
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Not known to connection tracking, and not new; also everything before it has run.</summary>
    Invalid = 1,

    /// <summary>Belongs to a connection that has seen both ways.</summary>
    Established = 2,

    /// <summary>Belongs to a connection by way of another, such as an ICMP error.</summary>
    Related = 4,

    /// <summary>Opens a connection.</summary>
    New = 8,

    /// <summary>Left out of connection tracking on purpose.</summary>
    Untracked = 64,

    /// <summary>iptables only: the connection's source is rewritten.</summary>
    SourceNat = 1 << 16,

    /// <summary>iptables only: the connection's destination is rewritten.</summary>
    DestinationNat = 1 << 17,
}
