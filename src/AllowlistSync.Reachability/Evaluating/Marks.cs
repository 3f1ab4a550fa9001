using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Evaluating;

/// <summary>What a statement that decides nothing changes about a packet.</summary>
internal static class Marks
{
    public static PacketState After(Step step, PacketState state, PacketContext context) => step switch
    {
        NoTrack when state.Tracking == Tracking.NotYet && context.Hook is Hook.Prerouting or Hook.Output => state with { Tracking = Tracking.Untracked },
        SetMark { Target: MarkKind.Packet } set => state with { Mark = ValueOf(set, state) },
        SetMark { Target: MarkKind.Connection } set when state.Tracking == Tracking.Tracked => state with { ConnectionMark = ValueOf(set, state) },
        _ => state,
    };

    private static uint? ValueOf(SetMark set, PacketState state)
    {
        if (set.IsUnknown)
        {
            return null;
        }

        var source = set.And == 0 ? 0
            : set.Source == MarkKind.Packet ? state.Mark
            : state.Tracking == Tracking.Tracked ? state.ConnectionMark : null;
        return (source & set.And) ^ set.Xor;
    }
}
