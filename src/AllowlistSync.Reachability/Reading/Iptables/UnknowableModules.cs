using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>Modules whose answer no rule set shows: they depend on rate, time, payload or the state of the host.</summary>
internal static class UnknowableModules
{
    private static readonly (UnknownReason Reason, string Names)[] Known =
    [
        (UnknownReason.Rate, "limit hashlimit dstlimit connlimit statistic nth random quota connbytes rateest fuzzy account condition"),
        (UnknownReason.History, "time psd lscan"),
        (UnknownReason.Packet, "string u32 bpf length ttl hl tos dscp ecn tcpmss osf ipv4options layer7 ipp2p ndpi unclean eui64 cgroup realm iface"),
        (UnknownReason.Host, "owner socket policy geoip asn helper cpu devgroup nfacct cluster ipvs connlabel l2tp set2 dnetmap gradm bridge"),
    ];

    private static readonly string[] TrackingModules = ["connlimit", "connbytes", "helper", "connlabel"];

    /// <summary>The modules.</summary>
    internal static IEnumerable<MatchModule> All { get; } =
        [.. Known.SelectMany(known => known.Names.Split(' ').Select(name => Unknowable(name, known.Reason)))];

    /// <summary>A module that claims every option after it and is one unknown condition.</summary>
    internal static MatchModule Unknowable(string name, UnknownReason reason) => new(
        name,
        [],
        (options, _) => new UnknownCondition($"{name} {string.Join(' ', options)}".TrimEnd(), reason, TrackingModules.Contains(name)))
    { MayBeBare = true };
}
