using System.Collections.Immutable;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Guards;
using AllowlistSync.Core.Planning;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Tests.Fixtures;

namespace AllowlistSync.Core.Tests.Planning;

/// <summary>Plans for tests.</summary>
internal static class Plans
{
    public static Plan Of(string[] wanted, TrafficSet allowed, Func<ObservedState, ObservedState>? with = null, Target? target = null) =>
        Of([Lists.Accepted(wanted)], allowed, with, target);

    public static Plan Of(ImmutableArray<AcceptedRanges> accepted, TrafficSet allowed, Func<ObservedState, ObservedState>? with = null, Target? target = null)
    {
        var observed = Observed(allowed);
        return Planner.Plan(new Preparation(DesiredState.For(target ?? Lists.Target(), accepted), []), with?.Invoke(observed) ?? observed, accepted);
    }

    public static ObservedState Observed(TrafficSet allowed) => new()
    {
        Existence = allowed.IsEmpty ? Existence.Absent : Existence.Present,
        Allowed = allowed,
        Revision = "r1",
    };
}
