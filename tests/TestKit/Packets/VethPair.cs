namespace AllowlistSync.TestKit;

/// <summary>
/// A veth between a client namespace, which holds "the whole Internet", and an origin. In the client, every address is local (a local route
/// for all of 0.0.0.0/0 and ::/0), so that a socket may be bound to any source.
/// </summary>
/// <param name="Interface">The name of the interface on both sides.</param>
internal sealed record VethPair(string Interface)
{
    internal const string OriginMac = "02:00:00:00:00:02";
    internal const string ClientMac = "02:00:00:00:00:01";

    // Set before the links are made, so that they inherit them. No duplicate address detection, or IPv6 would be tentative for a second.
    // No limit on ICMP errors, or the second reject within a second would look like a drop.
    internal static readonly (string Key, string Value)[] Settings =
    [
        ("ipv4/conf/all/rp_filter", "0"),
        ("ipv4/conf/default/rp_filter", "0"),
        ("ipv6/conf/all/accept_dad", "0"),
        ("ipv6/conf/default/accept_dad", "0"),
        ("ipv6/conf/default/accept_ra", "0"),
        ("ipv4/icmp_ratelimit", "0"),
        ("ipv6/icmp/ratelimit", "0"),
    ];

    // The rule at 32765 keeps the tables local and main apart; without it "throw" would end the lookup with ENETUNREACH.
    // The neighbours are permanent because a policy of drop also drops neighbour discovery.
    private string ClientLines => $"""
        link set lo up
        link set {Interface} up
        addr add {PacketClient.ClientIPv4Text}/30 dev {Interface}
        addr add {PacketClient.ClientIPv6Text}/64 dev {Interface} nodad
        rule add pref 32765 lookup main
        route add throw 192.0.2.0/30 table local
        route add local 0.0.0.0/0 dev lo table local
        route add throw 2001:db8::/64 table local
        route add local ::/0 dev lo table local
        neigh add {PacketClient.OriginIPv4Text} lladdr {OriginMac} dev {Interface} nud permanent
        neigh add {PacketClient.OriginIPv6Text} lladdr {OriginMac} dev {Interface} nud permanent

        """;

    private string OriginLines => $"""
        link set lo up
        link set {Interface} up
        addr add {PacketClient.OriginIPv4Text}/30 dev {Interface}
        addr add {PacketClient.OriginIPv6Text}/64 dev {Interface} nodad
        route add default via {PacketClient.ClientIPv4Text}
        route add default via {PacketClient.ClientIPv6Text}
        neigh add {PacketClient.ClientIPv4Text} lladdr {ClientMac} dev {Interface} nud permanent
        neigh add {PacketClient.ClientIPv6Text} lladdr {ClientMac} dev {Interface} nud permanent

        """;

    /// <summary>Makes it and its addresses.</summary>
    /// <param name="client">The client's side.</param>
    /// <param name="origin">The other side.</param>
    /// <param name="place">The origin's namespace as ip(8) names it: a path or a process.</param>
    /// <param name="more">Settings of both sides beside those that every pair needs.</param>
    /// <param name="originMore">Settings of the origin alone.</param>
    internal async Task JoinAsync(NetNamespace client, NetNamespace origin, string place, IReadOnlyList<(string Key, string Value)> more, IReadOnlyList<(string Key, string Value)> originMore)
    {
        await origin.RunAsync(() => Apply([.. Settings, .. more, .. originMore]));
        await client.RunAsync(() =>
        {
            // IPv6, unlike IPv4, wants this before it lets a socket be bound to an address of a local route.
            Apply([.. Settings, .. more, ("ipv6/ip_nonlocal_bind", "1")]);
            IpBatch.Run($"link add {Interface} address {ClientMac} type veth peer name {Interface} address {OriginMac} netns {place}\n" + ClientLines);
        });
        await origin.RunAsync(() => IpBatch.Run(OriginLines));
    }

    /// <summary>Sets what a namespace is to do. /proc/sys/net is that of the reading thread's network namespace, whatever the mount. A newer or older kernel may lack one that only saves time.</summary>
    internal static void Apply(IEnumerable<(string Key, string Value)> settings)
    {
        NamespaceGuard.DemandForeign("thread-self", "net");
        foreach (var (key, value) in settings.Where(setting => File.Exists($"/proc/sys/net/{setting.Key}")))
        {
            File.WriteAllText($"/proc/sys/net/{key}", value);
        }
    }
}
