namespace AllowlistSync.TestKit;

/// <summary>Wires the namespaces of a <see cref="HandshakeLab" />. A <see cref="VethPair" />, with interfaces as a host has them.</summary>
internal static class HandshakeNetwork
{
    // Limits on ICMP errors would make rejects look like drops, and SYN cookies would hide a half-open connection from /proc/net/tcp.
    private static readonly (string Key, string Value)[] Settings =
    [
        ("ipv4/icmp_msgs_per_sec", "1000000"),
        ("ipv4/icmp_msgs_burst", "1000000"),
        ("ipv4/tcp_syncookies", "0"),
        ("ipv4/tcp_max_syn_backlog", "65535"),
        ("core/somaxconn", "65535"),
    ];

    internal static async Task WireAsync(NetNamespace client, NetNamespace origin, NetNamespace? container, HandshakeOptions options)
    {
        await new VethPair("eth0").JoinAsync(client, origin, origin.Path, Settings, options.Container is null ? [] : [("ipv4/ip_forward", "1"), ("ipv6/conf/all/forwarding", "1")]);
        await origin.RunAsync(() => IpBatch.Run(string.Concat(options.ExtraInterfaces.Select(Extra)) + Towards(container, options.Container)));
        if (container is not null)
        {
            await container.RunAsync(() =>
            {
                VethPair.Apply([.. VethPair.Settings, .. Settings]);
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
}
