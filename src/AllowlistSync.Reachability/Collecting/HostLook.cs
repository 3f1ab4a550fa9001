using System.Collections.Immutable;
using System.Globalization;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Verifying;

namespace AllowlistSync.Reachability.Collecting;

/// <summary>Looks at what can keep packets out beside the rules, as far as a look costs nothing.</summary>
public static class HostLook
{
    private const double Full = 0.9;

    /// <summary>Looks.</summary>
    /// <param name="host">The host.</param>
    /// <param name="networkInterface">The interface that packets come through; null when it is not known.</param>
    /// <param name="isDefault">Whether the default route goes through it.</param>
    /// <param name="ports">The local TCP ports that are reached.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<ImmutableArray<Assumption>> LookAsync(
        IHost host, string? networkInterface, bool isDefault, IEnumerable<int> ports, CancellationToken cancellationToken)
    {
        var signs = await new SignTool(new DumpTool(host, LiveRuleSet.DefaultLimit)).ReadAsync(networkInterface, cancellationToken);
        return [.. ports.Distinct().Order().Select(port => Listener(signs, port)), ReversePath(signs, networkInterface, isDefault), .. Programs(signs, networkInterface), Tracking(signs), .. Others(signs)];
    }

    private static Assumption Listener(HostSigns signs, int port) => signs.Listening?.Contains(port) switch
    {
        true => Fine($"something listens on port {port}"),
        false => Warning($"nothing listens on port {port} outside of loopback: visitors see 521 even when every packet gets in; start the web server, or look where it listens (`ss -ltn`)"),
        null => Assumed($"something listens on port {port}"),
    };

    private static Assumption ReversePath(HostSigns signs, string? networkInterface, bool isDefault) => signs.ReversePathFilter switch
    {
        null => Assumed("no reverse path filter drops the packets (sysctl net.ipv4.conf.*.rp_filter)"),
        1 when !isDefault => Warning($"{networkInterface} has a strict reverse path filter (net.ipv4.conf.{networkInterface}.rp_filter=1) and is not the way of the default route: IPv4 packets from the Internet are dropped there; set it to 2"),
        1 => Fine($"the reverse path filter of {networkInterface} is strict, and answers leave through {networkInterface} (default route)"),
        _ => Fine($"no strict reverse path filter on {networkInterface}"),
    };

    private static IEnumerable<Assumption> Programs(HostSigns signs, string? networkInterface)
    {
        yield return signs.HasXdp switch
        {
            true => Warning($"an XDP program is attached to {networkInterface} and may drop packets before any rule (`ip link show dev {networkInterface}`)"),
            false => Fine($"no XDP program on {networkInterface}"),
            null => Assumed("no XDP program drops the packets"),
        };
        yield return signs.HasIngressFilter switch
        {
            true => Warning($"tc filters what comes in through {networkInterface} before any rule (`tc filter show dev {networkInterface} ingress`)"),
            false => Fine($"no tc filter on what comes in through {networkInterface}"),
            null => Assumed("no tc filter drops the packets"),
        };
    }

    internal static Assumption Tracking(HostSigns signs)
    {
        if (signs.Tracked is not { Most: > 0 } tracked)
        {
            return Assumed("the connection tracking table is not full");
        }

        var numbers = string.Create(CultureInfo.InvariantCulture, $"{tracked.Count} of {tracked.Most}");
        return tracked.Count < tracked.Most * Full
            ? Fine($"the connection tracking table holds {numbers}")
            : Warning($"the connection tracking table is nearly full ({numbers}): when it is full, new connections are dropped; raise net.netfilter.nf_conntrack_max");
    }

    private static IEnumerable<Assumption> Others(HostSigns signs)
    {
        yield return signs.IpsecPolicies switch
        {
            null => Assumed("no ipsec policy drops the packets"),
            0 => Fine("no ipsec policies"),
            var count => Warning($"there are {count} ipsec policies, which may drop packets that come without ipsec (`ip xfrm policy`)"),
        };
        if (signs.HasVirtualService == true)
        {
            yield return Warning("IPVS has virtual services here, and may pass the packets on elsewhere (`ipvsadm -Ln`)");
        }

        yield return Assumed("no cgroup program and no firewall in front of this host drops packets");
    }

    private static Assumption Fine(string text) => new(Certainty.Fine, text);

    private static Assumption Warning(string text) => new(Certainty.Warning, text);

    private static Assumption Assumed(string text) => new(Certainty.Assumed, text);
}
