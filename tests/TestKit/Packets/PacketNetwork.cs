namespace AllowlistSync.TestKit;

/// <summary>
/// Joins a client namespace, which holds "the whole Internet", to a sandbox by a veth.
/// In the client, every address is local (a local route for all of 0.0.0.0/0 and ::/0), so that a socket may be bound to any source.
/// </summary>
internal static class PacketNetwork
{
    private const string OriginMac = "02:00:00:00:00:02";
    private const string ClientMac = "02:00:00:00:00:01";

    // Set before the link is made, so that it inherits them. No duplicate address detection, or IPv6 would be tentative for a second.
    // No limit on ICMP errors, or the second reject within a second would look like a drop.
    private static readonly (string Key, string Value)[] Settings =
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
    private const string ClientLines = $"""
        link set lo up
        link set v0 up
        addr add {PacketClient.ClientIPv4Text}/30 dev v0
        addr add {PacketClient.ClientIPv6Text}/64 dev v0 nodad
        rule add pref 32765 lookup main
        route add throw 192.0.2.0/30 table local
        route add local 0.0.0.0/0 dev lo table local
        route add throw 2001:db8::/64 table local
        route add local ::/0 dev lo table local
        neigh add {PacketClient.OriginIPv4Text} lladdr {OriginMac} dev v0 nud permanent
        neigh add {PacketClient.OriginIPv6Text} lladdr {OriginMac} dev v0 nud permanent

        """;

    private const string OriginLines = $"""
        link set v0 up
        addr add {PacketClient.OriginIPv4Text}/30 dev v0
        addr add {PacketClient.OriginIPv6Text}/64 dev v0 nodad
        route add default via {PacketClient.ClientIPv4Text}
        route add default via {PacketClient.ClientIPv6Text}
        neigh add {PacketClient.ClientIPv4Text} lladdr {ClientMac} dev v0 nud permanent
        neigh add {PacketClient.ClientIPv6Text} lladdr {ClientMac} dev v0 nud permanent

        """;

    internal static async Task JoinAsync(NetNamespace client, NetNamespace origin, int originPid)
    {
        await origin.RunAsync(() => Apply(Settings));
        await client.RunAsync(() =>
        {
            // IPv6, unlike IPv4, wants this before it lets a socket be bound to an address of a local route.
            Apply([.. Settings, ("ipv6/ip_nonlocal_bind", "1")]);
            IpBatch.Run($"link add v0 address {ClientMac} type veth peer name v0 address {OriginMac} netns {originPid}\n" + ClientLines);
        });
        await origin.RunAsync(() => IpBatch.Run(OriginLines));
    }

    // /proc/sys/net is that of the reading thread's network namespace, whatever the mount.
    private static void Apply(IEnumerable<(string Key, string Value)> settings)
    {
        NamespaceGuard.DemandForeign("thread-self", "net");
        foreach (var (key, value) in settings)
        {
            File.WriteAllText($"/proc/sys/net/{key}", value);
        }
    }
}
