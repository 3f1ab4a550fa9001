using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Planning;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Tests.Desired;
using AllowlistSync.Core.Tests.Fixtures;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AllowlistSync.Core.Tests.Planning;

public sealed class PlanProperties
{
    [Fact]
    public void Carrying_out_a_plan_gives_what_was_wanted_and_touches_nothing_else() => ForAll((plan, wanted, allowed) =>
        allowed.Except(plan.Changes.Remove).Union(plan.Changes.Add).Equals(wanted)
        && plan.Changes.Add.Intersect(allowed).IsEmpty
        && plan.Changes.Remove.Except(allowed).IsEmpty
        && plan.IsEmpty == wanted.Equals(allowed));

    [Fact]
    public void No_step_takes_away_what_is_allowed_before_and_after() => ForAll((plan, wanted, allowed) =>
    {
        var steady = wanted.Intersect(allowed);
        var now = allowed;
        foreach (var step in MakeBeforeBreak.Steps(plan, Atomicity.PerEntry))
        {
            now = now.Except(step.Remove);
            if (!steady.Except(now).IsEmpty)
            {
                return false;
            }

            now = now.Union(step.Add);
            if (!now.Equals(step.Result))
            {
                return false;
            }
        }

        return now.Equals(wanted);
    });

    private static void ForAll(Func<Plan, TrafficSet, TrafficSet, bool> holds) => Prop.ForAll(TrafficModel.Pairs, pair =>
    {
        string[] prefixes = [.. pair.Left.Sources.Prefixes().Select(prefix => prefix.ToString()).DefaultIfEmpty("11.0.0.0/32")];
        var target = Lists.Target() with { Ports = PortSet.Of(pair.Left.Slices.Select(slice => slice.Ports).DefaultIfEmpty(PortRange.Tcp(3))) };
        var plan = Plans.Of(prefixes, pair.Right, target: target);
        return holds(plan, TrafficSet.Of(PrefixSet.Of(prefixes.Select(IpPrefix.Parse)), target.Ports), pair.Right);
    }).QuickCheckThrowOnFailure();
}
