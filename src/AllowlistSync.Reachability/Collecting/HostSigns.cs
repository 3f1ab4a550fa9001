using System.Collections.Immutable;

namespace AllowlistSync.Reachability.Collecting;

/// <summary>What a host shows beside its rules, as far as it could be read at little cost; null is not known.</summary>
internal sealed record HostSigns
{
    /// <summary>The strictest reverse path filter that holds for the interface: 0 off, 1 strict, 2 loose (ip-sysctl, "rp_filter": the greater of all and the interface).</summary>
    public int? ReversePathFilter { get; init; }

    /// <summary>The TCP ports on which something listens on an address that is not a loopback one; default when not known.</summary>
    public ImmutableHashSet<int>? Listening { get; init; }

    /// <summary>Whether an XDP program is attached to the interface.</summary>
    public bool? HasXdp { get; init; }

    /// <summary>Whether a filter of tc looks at what comes in through the interface.</summary>
    public bool? HasIngressFilter { get; init; }

    /// <summary>How many connections are tracked, and how many can be.</summary>
    public (long Count, long Most)? Tracked { get; init; }

    /// <summary>How many ipsec policies there are.</summary>
    public int? IpsecPolicies { get; init; }

    /// <summary>Whether IPVS has a virtual service.</summary>
    public bool? HasVirtualService { get; init; }
}
