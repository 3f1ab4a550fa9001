using System.Collections.Frozen;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>The fields that nft names (nft(8), "Payload expressions", "Meta expressions", "Conntrack expressions"), in the words of the model.</summary>
internal static class NftJsonFields
{
    private static readonly NftOperand OfIPv4 = new NftOperand.Unknown(UnknownReason.Packet) { Guard = NftGuards.IPv4 };
    private static readonly NftOperand OfIPv6 = new NftOperand.Unknown(UnknownReason.Packet) { Guard = NftGuards.IPv6 };
    private static readonly NftOperand OfTcp = new NftOperand.Unknown(UnknownReason.Packet) { Guard = NftGuards.Tcp };
    private static readonly NftOperand OfUdp = new NftOperand.Unknown(UnknownReason.Packet) { Guard = NftGuards.Udp };

    private static readonly FrozenDictionary<(string Protocol, string Field), NftOperand> Payloads = new Dictionary<(string, string), NftOperand>
    {
        [("ip", "saddr")] = Known(Field.IPv4Source),
        [("ip", "daddr")] = Known(Field.IPv4Destination),
        [("ip", "protocol")] = Known(Field.IPv4Protocol),
        [("ip", "version")] = new NftOperand.Constant(4, NftValueKind.Number, NftGuards.IPv4),

        // No packet of the model is a fragment; the bit that forbids to make fragments may be set.
        [("ip", "frag-off")] = new NftOperand.Constant(0, NftValueKind.Number, NftGuards.IPv4) { KnownBits = 0x3fff },
        [("ip6", "saddr")] = Known(Field.IPv6Source),
        [("ip6", "daddr")] = Known(Field.IPv6Destination),
        [("ip6", "nexthdr")] = Known(Field.IPv6NextHeader),
        [("ip6", "version")] = new NftOperand.Constant(6, NftValueKind.Number, NftGuards.IPv6),
        [("tcp", "sport")] = Known(Field.TcpSourcePort),
        [("tcp", "dport")] = Known(Field.TcpDestinationPort),
        [("tcp", "flags")] = Known(Field.TcpFlags),
        [("udp", "sport")] = Known(Field.UdpSourcePort),
        [("udp", "dport")] = Known(Field.UdpDestinationPort),
        [("th", "sport")] = Known(Field.SourcePort),
        [("th", "dport")] = Known(Field.DestinationPort),
        [("ether", "saddr")] = Known(Field.EtherSource),
        [("ether", "type")] = Known(Field.EtherType),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, NftOperand> Metas = new Dictionary<string, NftOperand>(StringComparer.Ordinal)
    {
        ["iif"] = Known(Field.InputInterface),
        ["iifname"] = Known(Field.InputInterface),
        ["oif"] = Known(Field.OutputInterface),
        ["oifname"] = Known(Field.OutputInterface),
        ["l4proto"] = Known(Field.Protocol),
        ["nfproto"] = Known(Field.NetworkFamily),
        ["protocol"] = Known(Field.EtherType),
        ["mark"] = Known(Field.Mark),
        ["pkttype"] = Known(Field.PacketType),
        ["length"] = Unknown(UnknownReason.Packet),
        ["priority"] = Unknown(UnknownReason.Packet),
        ["random"] = Unknown(UnknownReason.Rate),
        ["time"] = Unknown(UnknownReason.History),
        ["day"] = Unknown(UnknownReason.History),
        ["hour"] = Unknown(UnknownReason.History),
        ["iiftype"] = Unknown(UnknownReason.Host),
        ["oiftype"] = Unknown(UnknownReason.Host),
        ["iifgroup"] = Unknown(UnknownReason.Host),
        ["oifgroup"] = Unknown(UnknownReason.Host),
        ["iifkind"] = Unknown(UnknownReason.Host),
        ["oifkind"] = Unknown(UnknownReason.Host),
        ["sdif"] = Unknown(UnknownReason.Host),
        ["sdifname"] = Unknown(UnknownReason.Host),
        ["ibrname"] = Unknown(UnknownReason.Host),
        ["obrname"] = Unknown(UnknownReason.Host),
        ["skuid"] = Unknown(UnknownReason.Host),
        ["skgid"] = Unknown(UnknownReason.Host),
        ["cgroup"] = Unknown(UnknownReason.Host),
        ["rtclassid"] = Unknown(UnknownReason.Host),
        ["cpu"] = Unknown(UnknownReason.Host),
        ["ipsec"] = Unknown(UnknownReason.Host),
        ["secpath"] = Unknown(UnknownReason.Host),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>A field of a header; null when there is no such header.</summary>
    public static NftOperand? Payload(string protocol, string field)
    {
        if (Payloads.TryGetValue((protocol, field), out var known))
        {
            return known;
        }

        return protocol switch
        {
            "ip" => OfIPv4,
            "ip6" => OfIPv6,
            "tcp" => OfTcp,
            "udp" => OfUdp,
            "th" or "ether" or "vlan" => new NftOperand.Unknown(UnknownReason.Packet),
            "icmp" or "icmpv6" or "igmp" or "sctp" or "dccp" or "udplite" or "ah" or "esp" or "comp" or "arp" => NftOperand.Missing.Instance,
            _ => null,
        };
    }

    /// <summary>A property of the packet; null when there is no such property.</summary>
    public static NftOperand? Meta(string key) => Metas.GetValueOrDefault(key);

    /// <summary>A property of the connection; null when it is none that the model has.</summary>
    public static NftOperand? Conntrack(string key, string? direction, string tableFamily) => (key, direction) switch
    {
        ("state", null) => Known(Field.CtState),
        ("status", null) => Known(Field.CtStatus),
        ("direction", null) => Known(Field.CtDirection),
        ("mark", null) => Known(Field.ConnectionMark),
        ("protocol", null or "original" or "reply") => Known(Field.CtProtocol),
        ("proto-dst", "original") => Known(Field.CtOriginalDestinationPort),
        ("proto-src", "original") => Known(Field.CtOriginalSourcePort),
        ("ip saddr", "original") => Known(Field.CtOriginalIPv4Source),
        ("ip daddr", "original") => Known(Field.CtOriginalIPv4Destination),
        ("ip6 saddr", "original") => Known(Field.CtOriginalIPv6Source),
        ("ip6 daddr", "original") => Known(Field.CtOriginalIPv6Destination),
        ("saddr", "original") when tableFamily == "ip" => Known(Field.CtOriginalIPv4Source),
        ("daddr", "original") when tableFamily == "ip" => Known(Field.CtOriginalIPv4Destination),
        ("saddr", "original") when tableFamily == "ip6" => Known(Field.CtOriginalIPv6Source),
        ("daddr", "original") when tableFamily == "ip6" => Known(Field.CtOriginalIPv6Destination),
        ("bytes" or "packets" or "avgpkt" or "expiration" or "id", _) => new NftOperand.Unknown(UnknownReason.History) { UsesConntrack = true },
        ("helper" or "zone" or "label" or "l3proto" or "eventmask" or "secmark", _) => new NftOperand.Unknown(UnknownReason.Host) { UsesConntrack = true },
        _ => null,
    };

    private static NftOperand Known(Field field) => new NftOperand.Known(field);

    private static NftOperand Unknown(UnknownReason reason) => new NftOperand.Unknown(reason);
}
