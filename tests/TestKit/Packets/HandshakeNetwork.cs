namespace AllowlistSync.TestKit;

/// <summary>Wires the namespaces of a <see cref="HandshakeLab" />. As <see cref="PacketNetwork" />, with interfaces as a host has them.</summary>
internal static class HandshakeNetwork
{
    internal const string OriginMac = "02:00:00:00:00:02";
    internal const string ClientMac = "02:00:00:00:00:01";

    // Set before the links are made, so that they inherit them. Limits on ICMP errors would make rejects look like drops, and SYN cookies
    // would hide a half-open connection from /proc/net/tcp.
    private static readonly (string Key, string Value)[] Settings =
    [
        ("ipv4/conf/all/rp_filter", "0"),
        ("ipv4/conf/default/rp_filter", "0"),
        ("ipv6/conf/all/accept_dad", "0"),
        ("ipv6/conf/default/accept_dad", "0"),
        ("ipv6/conf/default/accept_ra", "0"),
        ("ipv4/icmp_ratelimit", "0"),
        ("ipv4/icmp_msgs_per_sec", "1000000"),
        ("ipv4/icmp_msgs_burst", "1000000"),
        ("ipv6/icmp/ratelimit", "0"),
        ("ipv4/tcp_syncookies", "0"),
        ("ipv4/tcp_max_syn_backlog", "65535"),
        ("core/somaxconn", "65535"),
    ];

    private const string ClientLines = $"""
        link set lo up
        link set eth0 up
        addr add {PacketClient.ClientIPv4Text}/30 dev eth0
        addr add {PacketClient.ClientIPv6Text}/64 dev eth0 nodad
        rule add pref 32765 lookup main
        route add throw 192.0.2.0/30 table local
        route add local 0.0.0.0/0 dev lo table local
        route add throw 2001:db8::/64 table local
        route add local ::/0 dev lo table local
        neigh add {PacketClient.OriginIPv4Text} lladdr {OriginMac} dev eth0 nud permanent
        neigh add {PacketClient.OriginIPv6Text} lladdr {OriginMac} dev eth0 nud permanent

        """;

    private const string OriginLines = $"""
        link set lo up
        link set eth0 up
        addr add {PacketClient.OriginIPv4Text}/30 dev eth0
        addr add {PacketClient.OriginIPv6Text}/64 dev eth0 nodad
        route add default via {PacketClient.ClientIPv4Text}
        route add default via {PacketClient.ClientIPv6Text}
        neigh add {PacketClient.ClientIPv4Text} lladdr {ClientMac} dev eth0 nud permanent
        neigh add {PacketClient.ClientIPv6Text} lladdr {ClientMac} dev eth0 nud permanent

        """;

    internal static async Task WireAsync(NetNamespace client, NetNamespace origin, NetNamespace? container, HandshakeOptions options)
    {
        await origin.RunAsync(() => Apply(options.Container is null ? Settings : [.. Settings, ("ipv4/ip_forward", "1"), ("ipv6/conf/all/forwarding", "1")]));
        await client.RunAsync(() =>
        {
            Apply([.. Settings, ("ipv6/ip_nonlocal_bind", "1")]);
            IpBatch.Run($"link add eth0 address {ClientMac} type veth peer name eth0 address {OriginMac} netns {origin.Path}\n" + ClientLines);
        });
        await origin.RunAsync(() => IpBatch.Run(OriginLines + string.Concat(options.ExtraInterfaces.Select(Extra)) + Towards(container, options.Container)));
        if (container is not null)
        {
            await container.RunAsync(() =>
            {
                Apply(Settings);
                IpBatch.Run(Inside(options.Container!));
            });
        }
    }

    private static string Extra(string name)
    {
        return $"link add {name} type veth peer name x-{name}\nlink set {name} up\nlink set x-{name} up\n";
    }

    private static string Towards(NetNamespace? container, HandshakeContainer? options)
    {
        return options is null
            ? ""
            : $"link add {options.Interface} type veth peer name eth0 netns {container!.Path}\nlink set {options.Interface} up\n"
                + $"addr add {options.Gateway}/{options.Length} dev {options.Interface}{NoDad(options)}\n";
    }

    private static string Inside(HandshakeContainer options)
    {
        return $"link set lo up\nlink set eth0 up\naddr add {options.Address}/{options.Length} dev eth0{NoDad(options)}\nroute add default via {options.Gateway}\n";
    }

    private static string NoDad(HandshakeContainer options)
    {
        return options.Length == 64 ? " nodad" : "";
    }

    // /proc/sys/net is that of the reading thread's network namespace. A newer or older kernel may lack one that only saves time.
    private static void Apply(IEnumerable<(string Key, string Value)> settings)
    {
        NamespaceGuard.DemandForeign("thread-self", "net");
        foreach (var (key, value) in settings.Where(setting => File.Exists($"/proc/sys/net/{setting.Key}")))
        {
            File.WriteAllText($"/proc/sys/net/{key}", value);
        }
    }
}
