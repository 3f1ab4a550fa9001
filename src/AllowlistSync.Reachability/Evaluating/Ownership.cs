using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Evaluating;

/// <summary>Whether a packet is for the host itself.</summary>
internal static class Ownership
{
    // 127.0.0.0/8 and ::1
    private static readonly NumberSet Loopback4 = NumberSet.Of(0x7f000000, 0x7fffffff);
    private static readonly NumberSet Loopback6 = NumberSet.Of(1);

    /// <summary>True, false, or null when it is not known. What a visitor connects to is the host's own, unless it was translated.</summary>
    public static bool? Of(Conversation talk, PacketState state)
    {
        if (state.Binding is not { } binding || binding.IsLocal || !ReferenceEquals(state.Destination, binding.Destination))
        {
            return true;
        }

        var loopback = talk.Family == Core.Addresses.IpFamily.IPv4 ? Loopback4 : Loopback6;
        if (binding.Destination.Ranges.All(loopback.Covers))
        {
            return true;
        }

        // A translation to an own address names it; of a host whose addresses are unknown, another one is taken for another machine's.
        var own = talk.Own ?? talk.Destination;
        return binding.Destination.Ranges.All(own.Covers) && !own.Covers(new(0, talk.GreatestAddress)) ? true
            : binding.Destination.Ranges.Any(own.Overlaps) && !own.Covers(new(0, talk.GreatestAddress)) ? null
            : false;
    }
}
