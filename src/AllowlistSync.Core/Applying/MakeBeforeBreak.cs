using System.Collections.Immutable;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Planning;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Core.Applying;

/// <summary>
/// Orders a change so that what is allowed before and after is allowed at every moment between: one step for a target with
/// transactions; for the others first all that is added, mended or lifted, and only after that was read back, what is removed. Pure.
/// </summary>
public static class MakeBeforeBreak
{
    /// <summary>The change sets to carry out one after the other; each is read back before the next begins.</summary>
    public static ImmutableArray<ChangeSet> Steps(Plan plan, Atomicity atomicity)
    {
        var changes = plan.Changes;
        if (atomicity != Atomicity.PerEntry || changes.Remove.IsEmpty || (changes.Add.IsEmpty && changes.Repairs.IsEmpty))
        {
            return [changes];
        }

        var make = changes with { Remove = TrafficSet.Empty, Result = changes.Result.Union(changes.Remove) };
        return [make, changes with { Add = TrafficSet.Empty, Repairs = [], Lift = [] }];
    }
}
