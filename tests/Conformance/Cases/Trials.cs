using System.Collections.Immutable;
using AllowlistSync.CrashHost;
using Shouldly;

namespace AllowlistSync.Conformance.Cases;

/// <summary>A fault at one operation of an apply.</summary>
internal sealed record FaultTrial(Fault Fault, int Step, HostOperation Operation);

/// <summary>A kill before or after one operation of an apply.</summary>
internal sealed record KillTrial(int Step, bool IsAfter);

/// <summary>
/// At which operations of an apply the suite lets something go wrong. The budget of one direction, from one list to the other and back:
/// <list type="bullet">
/// <item>up to 30 operations: every fault at every one, a kill before every change and after the last;</item>
/// <item>more than that (a service that is asked a hundred small things): the faults take turns at six changes and three looks of different kinds, or all stand at each change when there are no more than three;</item>
/// <item>a harness that says that it is slow (<see cref="Harnesses.IConformanceHarness.IsSlow"/>, a look or a change takes seconds): the faults take turns at three changes and a look, the way back goes on where the
/// way there ended so that every fault has its turn, and there are five kills, the ways alternating, the first change and the end among them.</item>
/// </list>
/// All are spread evenly over the operations.
/// </summary>
internal static class Trials
{
    /// <summary>At so many changes a slow target meets a fault, in each direction.</summary>
    public const int FewChanges = 3;

    private const int FewLooks = 1;
    private const int FewKills = 5;
    private const int MostStepsForEveryFault = 30;
    private const int MostChangesForEveryFault = 3;
    private const int MostChanges = 6;
    private const int MostLooks = 3;

    /// <summary>The faults of one direction; of a slow target they begin with that one whose turn it is.</summary>
    public static Queue<FaultTrial> OfFaults(ImmutableArray<HostOperation> operations, bool isSlow, int turn)
    {
        var steps = operations.Index().ToList();
        var changes = steps.Where(step => step.Item.Changes).ToList();
        var looks = steps.Where(step => !step.Item.Changes).DistinctBy(step => $"{step.Item}".Split('(')[0]).ToList();
        return new Queue<FaultTrial>((isSlow, steps.Count) switch
        {
            (true, _) => [.. InTurns(Spread(changes, FewChanges), turn), .. InTurns(Spread(looks, FewLooks), turn / FewChanges * FewLooks)],
            (_, <= MostStepsForEveryFault) => Every(steps),
            _ => [.. changes.Count <= MostChangesForEveryFault ? Every(changes) : InTurns(Spread(changes, MostChanges), 0), .. InTurns(Spread(looks, MostLooks), 0)],
        });
    }

    /// <summary>The kills of one direction. Between one change and the next nothing happens: a kill after the one is a kill before the other.</summary>
    public static ImmutableArray<KillTrial> OfKills(ImmutableArray<HostOperation> operations, bool isSlow)
    {
        var changes = operations.Index().Where(operation => operation.Item.Changes).Select(operation => operation.Index).ToList();
        changes.ShouldNotBeEmpty();
        List<KillTrial> all = [.. changes.Select(at => new KillTrial(at, IsAfter: false)), new(changes[^1], IsAfter: true)];
        return isSlow && all.Count > FewKills ? [.. Spread(all, FewKills)] : [.. all];
    }

    // Whether a look was done before its answer is lost makes no difference.
    private static IEnumerable<FaultTrial> Every(List<(int Index, HostOperation Item)> steps) =>
        Fault.All.SelectMany(fault => steps.Where(step => fault.IsBefore || step.Item.Changes).Select(step => new FaultTrial(fault, step.Index, step.Item)));

    private static IEnumerable<FaultTrial> InTurns(IEnumerable<(int Index, HostOperation Item)> steps, int turn) =>
        steps.Index().Select(one => new FaultTrial(Fault.All[(turn + one.Index) % Fault.All.Length], one.Item.Index, one.Item.Item));

    // As many as asked for: of fewer, each stands more than once, one after the other.
    private static IEnumerable<T> Spread<T>(List<T> all, int count) => all.Count < count
        ? Enumerable.Range(0, all.Count == 0 ? 0 : count).Select(i => all[i % all.Count])
        : Enumerable.Range(0, count).Select(i => all[i * (all.Count - 1) / Math.Max(1, count - 1)]);
}
