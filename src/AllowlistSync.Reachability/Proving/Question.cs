using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Reachability.Proving;

/// <summary>What is to be proved: who opens a connection, to which ports, through which interface.</summary>
public sealed record Question
{
    /// <summary>The sources.</summary>
    public required PrefixSet Sources { get; init; }

    /// <summary>The ports, TCP or UDP.</summary>
    public required PortSet Ports { get; init; }

    /// <summary>The interface that the packets come through; null for that of the default route, and for any when that is not known.</summary>
    public string? Interface { get; init; }

    /// <summary>The host's own addresses that are connected to; empty for those of the interface.</summary>
    public ImmutableArray<IpPrefix> Local { get; init; } = [];

    /// <summary>The hardware address of the gateway as a number of 48 bits; null when it is not known.</summary>
    public UInt128? GatewayAddress { get; init; }
}
