using System.Collections.Frozen;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>The words that name what a condition looks at (nft(8), "Payload expressions", "Meta expressions", "Conntrack expressions").</summary>
internal static class NftTextSelectors
{
    private static readonly FrozenDictionary<string, FrozenSet<string>> Headers = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["ether"] = "saddr daddr type",
        ["vlan"] = "id cfi dei pcp type",
        ["arp"] = "htype ptype hlen plen operation",
        ["ip"] = "version hdrlength dscp ecn length id frag-off ttl protocol checksum saddr daddr",
        ["icmp"] = "type code checksum id sequence gateway mtu",
        ["igmp"] = "type mrt checksum group",
        ["ip6"] = "version dscp ecn flowlabel length nexthdr hoplimit saddr daddr",
        ["icmpv6"] = "type code checksum parameter-problem packet-too-big mtu id sequence max-delay taddr daddr",
        ["tcp"] = "sport dport sequence ackseq doff reserved flags window checksum urgptr",
        ["udp"] = "sport dport length checksum",
        ["udplite"] = "sport dport checksum",
        ["sctp"] = "sport dport vtag checksum",
        ["dccp"] = "sport dport type",
        ["ah"] = "nexthdr hdrlength reserved spi sequence",
        ["esp"] = "spi sequence",
        ["comp"] = "nexthdr flags cpi",
        ["gre"] = "flags version protocol",
        ["th"] = "sport dport",
    }.ToFrozenDictionary(pair => pair.Key, pair => Set(pair.Value), StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, FrozenSet<string>> Extensions = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["hbh"] = "nexthdr hdrlength",
        ["rt"] = "nexthdr hdrlength type seg-left",
        ["frag"] = "nexthdr reserved frag-off reserved2 more-fragments id",
        ["dst"] = "nexthdr hdrlength",
        ["mh"] = "nexthdr hdrlength type reserved checksum",
        ["srh"] = "flags tag last-entry seg-left",
    }.ToFrozenDictionary(pair => pair.Key, pair => Set(pair.Value), StringComparer.Ordinal);

    private static readonly FrozenSet<string> Bare =
        Set("mark iif iifname iiftype iifgroup oif oifname oiftype oifgroup skuid skgid nftrace rtclassid ibriport obriport ibrname obrname pkttype cpu cgroup");

    private static readonly FrozenSet<string> Meta =
        Set("length nfproto l4proto protocol priority random secmark mark iif iifname iiftype iifkind iifgroup oif oifname oiftype oifkind oifgroup skuid skgid nftrace rtclassid "
            + "ibriport obriport ibrname obrname ibridgename obridgename ibrpvid ibrvproto ibrhwaddr pkttype cpu cgroup time day hour ipsec secpath sdif sdifname broute");

    private static readonly FrozenSet<string> Conntrack =
        Set("state direction status mark expiration helper label l3proto protocol bytes packets avgpkt zone id eventmask event secmark saddr daddr proto-src proto-dst original reply");

    private static readonly FrozenSet<string> Other = Set("fib socket osf ipsec numgen jhash symhash exthdr");

    /// <summary>Whether a word is a header.</summary>
    public static bool IsHeader(string word) => Headers.ContainsKey(word);

    /// <summary>Whether a word is an extension header of IPv6.</summary>
    public static bool IsExtension(string word) => Extensions.ContainsKey(word);

    /// <summary>Whether a word is a property of the packet that needs no <c>meta</c> before it.</summary>
    public static bool IsBare(string word) => Bare.Contains(word);

    /// <summary>Whether two words in a row can only be something to look at; so a protocol's name as a value is told from the start of the next condition.</summary>
    public static bool IsPair(NftTextToken first, NftTextToken second) => first.Kind == NftTextTokenKind.Word && first.Text switch
    {
        "meta" => Meta.Contains(second.Text),
        "ct" => Conntrack.Contains(second.Text),
        "tcp" when second.Is("option") => true,
        "ip" when second.Is("option") => true,
        "sctp" when second.Is("chunk") => true,
        "arp" when second.Text is "saddr" or "daddr" => true,
        "rt" when second.Text is "classid" or "nexthop" or "mtu" or "ipsec" or "ip" or "ip6" => true,
        _ => second.Kind == NftTextTokenKind.Word
            && ((Headers.TryGetValue(first.Text, out var fields) && fields.Contains(second.Text)) || (Extensions.TryGetValue(first.Text, out fields) && fields.Contains(second.Text))),
    };

    /// <summary>Whether a condition or a write can start here.</summary>
    public static bool StartsAt(NftTextToken first, NftTextToken second) =>
        IsPair(first, second) || (first.Kind == NftTextTokenKind.Word && (Bare.Contains(first.Text) || Other.Contains(first.Text))) || first.Is("@") || first.Is("(");

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
