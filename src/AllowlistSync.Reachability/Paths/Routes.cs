using AllowlistSync.Reachability.Evaluating;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Paths;

/// <summary>Where the routing table sends a packet.</summary>
internal static class Routes
{
    /// <summary>The interface of the narrowest route for all of the addresses; null when there is none, several, or the routes are not known.</summary>
    public static string? Output(Conversation talk, NumberSet destination)
    {
        if (talk.Host.Routes.IsDefault || destination.IsEmpty)
        {
            return null;
        }

        var all = new NumberRange(destination.Ranges[0].First, destination.Ranges[^1].Last);
        var narrowest = talk.Host.Routes
            .Where(route => route.Destination.Family == talk.Family && route.Destination.First <= all.Last && all.First <= route.Destination.Last)
            .OrderByDescending(route => route.Destination.Length).ThenBy(route => route.Metric).FirstOrDefault();
        return narrowest is not null && narrowest.Destination.First <= all.First && all.Last <= narrowest.Destination.Last ? narrowest.Interface : null;
    }
}
