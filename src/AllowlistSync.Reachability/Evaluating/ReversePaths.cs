using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Reachability.Evaluating;

/// <summary>Whether the way back to a visitor leads through the interface that the packet came from.</summary>
internal static class ReversePaths
{
    /// <summary>1 or 0 when the routes say it for every public address, else unknown.</summary>
    public static FieldValue Of(Conversation talk)
    {
        if (talk.Host.Routes.IsDefault || talk.Interface is null || talk.Host.DefaultInterface(talk.Family) is not { } way)
        {
            return FieldValue.Unknown;
        }

        // A narrower route elsewhere could take a visitor; routes to the host's own networks do not.
        var elsewhere = talk.Host.Routes.Any(route => route.Destination.Family == talk.Family && route.Destination.Length > 0
            && route.Interface != way && !SpecialPurpose.NotPublic.Covers(route.Destination));
        return elsewhere ? FieldValue.Unknown : FieldValue.Of((UInt128)(way == talk.Interface ? 1 : 0));
    }
}
