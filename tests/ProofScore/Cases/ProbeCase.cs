using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading;

namespace AllowlistSync.ProofScore.Cases;

/// <summary>One rule set, the host that it was loaded into, and what the kernel did with some connections.</summary>
/// <param name="Name">For people.</param>
/// <param name="Group">What it is counted with, such as <c>nft</c> or <c>mix/stateful</c>.</param>
internal sealed record ProbeCase(string Name, string Group)
{
    /// <summary>The dumps of the loaded rules.</summary>
    internal required ImmutableArray<Dump> Dumps { get; init; }

    /// <summary>Interfaces, addresses and routes.</summary>
    internal required HostFacts Host { get; init; }

    /// <summary>The interface that the connections came through.</summary>
    internal required string Interface { get; init; }

    /// <summary>The addresses that were connected to.</summary>
    internal required ImmutableArray<IpPrefix> Local { get; init; }

    /// <summary>The hardware address of the gateway; null when it is not known.</summary>
    internal UInt128? Gateway { get; init; }

    /// <summary>The connections.</summary>
    internal required ImmutableArray<Probe> Probes { get; init; }
}

/// <summary>One connection and what became of it.</summary>
/// <param name="Source">From where.</param>
/// <param name="Port">To which TCP port.</param>
/// <param name="Answer">What the client saw.</param>
/// <param name="Path">The verdicts of the packet filter's own trace; empty without one.</param>
internal sealed record Probe(IpPrefix Source, ushort Port, KernelAnswer Answer, ImmutableArray<PathStep> Path)
{
    /// <summary>Who could answer.</summary>
    internal Listeners Listeners { get; init; } = new([], []);
}

/// <summary>Where somebody listened.</summary>
/// <param name="Addresses">The addresses; empty when a host behind this one listened, too.</param>
/// <param name="Ports">The ports; empty when they are not known.</param>
internal sealed record Listeners(ImmutableArray<IpPrefix> Addresses, ImmutableArray<int> Ports)
{
    internal bool Exists(IpPrefix? address, int port) =>
        (address is not { } one || Addresses.IsEmpty || Addresses.Contains(one)) && (port == 0 || Ports.IsEmpty || Ports.Contains(port));
}

/// <summary>One verdict of the trace.</summary>
/// <param name="Family">Of the table.</param>
/// <param name="Table">The table.</param>
/// <param name="Chain">The chain.</param>
/// <param name="Handle">Of the rule; null for a policy.</param>
internal sealed record PathStep(string Family, string Table, string Chain, long? Handle);

/// <summary>How a connection ended.</summary>
internal enum KernelAnswer
{
    /// <summary>Open.</summary>
    Accepted,

    /// <summary>Silence.</summary>
    Timeout,

    /// <summary>A reset or an ICMP error.</summary>
    Refused,

    /// <summary>The first packet came in and its answer did not come out.</summary>
    NoReply,

    /// <summary>Answered, and the third packet was dropped.</summary>
    Half,
}
