using System.Collections.Frozen;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>The names that nft prints for numbers (nft(8), "Data types"; /etc/protocols for the protocols).</summary>
internal static class NftJsonSymbols
{
    private static readonly FrozenDictionary<string, uint> Protocols = Table(
        ("hopopt", 0), ("ip", 0), ("icmp", 1), ("igmp", 2), ("ggp", 3), ("ipencap", 4), ("ipv4", 4), ("st", 5), ("tcp", 6), ("egp", 8), ("igp", 9),
        ("pup", 12), ("udp", 17), ("hmp", 20), ("xns-idp", 22), ("rdp", 27), ("iso-tp4", 29), ("dccp", 33), ("xtp", 36), ("ddp", 37),
        ("idpr-cmtp", 38), ("ipv6", 41), ("ipv6-route", 43), ("ipv6-frag", 44), ("idrp", 45), ("rsvp", 46), ("gre", 47), ("esp", 50), ("ipv6-crypt", 50),
        ("ah", 51), ("ipv6-auth", 51), ("skip", 57), ("ipv6-icmp", 58), ("icmpv6", 58), ("ipv6-nonxt", 59), ("ipv6-opts", 60), ("rspf", 73), ("vmtp", 81),
        ("eigrp", 88), ("ospf", 89), ("ospfigp", 89), ("ax.25", 93), ("ipip", 94), ("etherip", 97), ("encap", 98), ("pim", 103), ("ipcomp", 108),
        ("comp", 108), ("vrrp", 112), ("l2tp", 115), ("isis", 124), ("sctp", 132), ("fc", 133), ("mobility-header", 135), ("udplite", 136),
        ("mpls-in-ip", 137), ("manet", 138), ("hip", 139), ("shim6", 140), ("wesp", 141), ("rohc", 142), ("ethernet", 143), ("mptcp", 262));

    private static readonly FrozenDictionary<string, uint> Families = Table(("ipv4", 2), ("ipv6", 10), ("arp", 3), ("bridge", 7), ("inet", 1), ("netdev", 5));

    private static readonly FrozenDictionary<string, uint> EtherTypes = Table(
        ("ip", 0x0800), ("arp", 0x0806), ("ip6", 0x86dd), ("vlan", 0x8100), ("8021q", 0x8100), ("8021ad", 0x88a8));

    private static readonly FrozenDictionary<string, uint> PacketTypes = Table(("host", 0), ("unicast", 0), ("broadcast", 1), ("multicast", 2), ("other", 3));

    private static readonly FrozenDictionary<string, uint> TcpFlags = Table(
        ("fin", 1), ("syn", 2), ("rst", 4), ("psh", 8), ("ack", 16), ("urg", 32), ("ecn", 64), ("cwr", 128));

    private static readonly FrozenDictionary<string, uint> States = Table(
        ("invalid", 1), ("established", 2), ("related", 4), ("new", 8), ("untracked", 64));

    private static readonly FrozenDictionary<string, uint> Statuses = Table(
        ("expected", 1), ("seen-reply", 2), ("assured", 4), ("confirmed", 8), ("snat", 16), ("dnat", 32), ("dying", 512));

    private static readonly FrozenDictionary<string, uint> Directions = Table(("original", 0), ("reply", 1));

    private static readonly FrozenDictionary<string, uint> RouteTypes = Table(
        ("unspec", 0), ("unicast", 1), ("local", 2), ("broadcast", 3), ("anycast", 4), ("multicast", 5), ("blackhole", 6), ("unreachable", 7), ("prohibit", 8));

    /// <summary>The number of a name; false when the kind has no such name.</summary>
    public static bool TryGet(NftValueKind kind, string name, out uint value)
    {
        value = 0;
        var table = kind switch
        {
            NftValueKind.Protocol => Protocols,
            NftValueKind.NetworkFamily => Families,
            NftValueKind.EtherType => EtherTypes,
            NftValueKind.PacketType => PacketTypes,
            NftValueKind.TcpFlags => TcpFlags,
            NftValueKind.CtState => States,
            NftValueKind.CtStatus => Statuses,
            NftValueKind.CtDirection => Directions,
            NftValueKind.RouteType => RouteTypes,
            _ => null,
        };
        return table is not null && table.TryGetValue(name, out value);
    }

    private static FrozenDictionary<string, uint> Table(params (string Name, uint Value)[] names) =>
        names.ToFrozenDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal);
}
