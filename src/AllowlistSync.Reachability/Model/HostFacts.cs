using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Reachability.Model;

/// <summary>What a rule set depends on beside its rules.</summary>
public sealed record HostFacts
{
    /// <summary>Nothing is known.</summary>
    public static HostFacts Unknown { get; } = new();

    /// <summary>The interfaces and their addresses; default when they were not given.</summary>
    public ImmutableArray<NetworkInterface> Interfaces { get; init; }

    /// <summary>The routes; default when they were not given.</summary>
    public ImmutableArray<Route> Routes { get; init; }

    /// <summary>The interface of the default route of a family (the one of the lower metric); null when it is not known.</summary>
    public string? DefaultInterface(IpFamily family) => Routes.IsDefault ? null : Routes
        .Where(route => route.Destination.Family == family && route.Destination.Length == 0)
        .OrderBy(route => route.Metric).FirstOrDefault()?.Interface;
}

/// <summary>An interface.</summary>
/// <param name="Name">The name.</param>
/// <param name="Addresses">Its addresses, each as a prefix of full length.</param>
public sealed record NetworkInterface(string Name, ImmutableArray<IpPrefix> Addresses);

/// <summary>A route of the main table.</summary>
/// <param name="Destination">Where to; <c>0.0.0.0/0</c> or <c>::/0</c> for the default.</param>
/// <param name="Interface">Through which interface.</param>
/// <param name="Metric">The lower wins.</param>
public sealed record Route(IpPrefix Destination, string Interface, int Metric);
