using System.Collections.Immutable;
using AllowlistSync.Conformance.Harnesses;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.CrashHost;
using Shouldly;

namespace AllowlistSync.Conformance.Cases;

/// <summary>Old or new, never between, whatever fails; and what is said about it is true.</summary>
public static class FaultCases
{
    private static readonly ImmutableArray<Fault> Faults =
    [
        new("the tool is missing", IsBefore: true, command => throw new HostException(HostFailure.NotFound, $"{command.Program} is not installed"), HostFailure.Denied),
        new("the tool fails", IsBefore: true, _ => new CommandResult(1, ReadOnlyMemory<byte>.Empty, "Error: something that nobody has heard of\n"), HostFailure.FileFailed),
        new("the tool is killed before it works", IsBefore: true, _ => new CommandResult(137, ReadOnlyMemory<byte>.Empty, ""), HostFailure.FileFailed),
        new("the tool hangs", IsBefore: true, command => throw new HostException(HostFailure.TimedOut, $"`{command}` did not end"), HostFailure.TimedOut),
        new("the tool is killed when it has worked", IsBefore: false, _ => new CommandResult(137, ReadOnlyMemory<byte>.Empty, ""), HostFailure.FileFailed),
        new("the answer is lost", IsBefore: false, _ => throw new HostException(HostFailure.TimedOut, "the connection was cut"), HostFailure.TimedOut),
    ];

    private const int MostStepsForEveryFault = 30;
    private const int MostChangesForEveryFault = 3;
    private const int MostChanges = 6;
    private const int MostLooks = 3;

    /// <summary>T1 to T3, T7, F1.</summary>
    public static ImmutableArray<ConformanceCase> All { get; } =
    [
        new("T1", "a fault at any step leaves old or new, says truly which, and the next run ends in sync", [], FaultAtEveryStep),
        new("T2", "an answer that is lost after the change is no obstacle for the next run", [], LostAnswer),
        new("T3", "a cancellation leaves old or new", [], Cancel),
        new("T7", "a kill before or after anything that changes the target leaves old or new, and the next run ends in sync", [], KillAtEveryChange),
        new("F1", "a check of a change touches nothing, whether the change is good or bad", ["preflight"], Check),
    ];

    private static async Task FaultAtEveryStep(ConformanceContext context, CancellationToken cancellationToken)
    {
        var (from, to) = (Lists.Small, Lists.Other);
        await context.ReachAsync(from, cancellationToken);
        var there = Trials(await OperationsAsync(context, to, cancellationToken));
        var back = Trials(await OperationsAsync(context, from, cancellationToken));
        while (there.Count + back.Count > 0)
        {
            if (there.TryDequeue(out var trial))
            {
                await FailAtAsync(context, trial, to, cancellationToken);
            }
            else
            {
                await context.ApplyAsync(to, cancellationToken);
            }

            (from, to, there, back) = (to, from, back, there);
        }

        await context.DemandAsync(from, cancellationToken);
    }

    private static async Task<ImmutableArray<HostOperation>> OperationsAsync(ConformanceContext context, ImmutableArray<IpPrefix> to, CancellationToken cancellationToken)
    {
        context.Tap.Reset();
        await context.ApplyAsync(to, cancellationToken);
        context.Tap.Operations.Length.ShouldBeGreaterThan(2);
        return context.Tap.Operations;
    }

    // Every fault at every step. Where that would be thousands (a service that is asked a hundred small things in an apply), the faults take turns, at steps that are spread evenly
    // over the changes and the first look of each kind.
    private static Queue<Trial> Trials(ImmutableArray<HostOperation> operations)
    {
        var steps = operations.Index().ToList();
        if (steps.Count <= MostStepsForEveryFault)
        {
            return new Queue<Trial>(Every(steps));
        }

        var changes = steps.Where(step => step.Item.Changes).ToList();
        var looks = steps.Where(step => !step.Item.Changes).DistinctBy(step => $"{step.Item}".Split('(')[0]).ToList();
        return new Queue<Trial>([.. changes.Count <= MostChangesForEveryFault ? Every(changes) : InTurns(Spread(changes, MostChanges)), .. InTurns(Spread(looks, MostLooks))]);
    }

    // Whether a look was done before its answer is lost makes no difference.
    private static IEnumerable<Trial> Every(List<(int Index, HostOperation Item)> steps) =>
        Faults.SelectMany(fault => steps.Where(step => fault.IsBefore || step.Item.Changes).Select(step => new Trial(fault, step.Index, step.Item)));

    private static IEnumerable<Trial> InTurns(IEnumerable<(int Index, HostOperation Item)> steps) =>
        steps.Index().Select(one => new Trial(Faults[one.Index % Faults.Length], one.Item.Index, one.Item.Item));

    // As many as asked for: of fewer, each stands more than once, one after the other.
    private static IEnumerable<T> Spread<T>(List<T> all, int count) => all.Count < count
        ? Enumerable.Range(0, count).Select(i => all[i % all.Count])
        : Enumerable.Range(0, count).Select(i => all[i * (all.Count - 1) / Math.Max(1, count - 1)]);

    private static async Task FailAtAsync(ConformanceContext context, Trial trial, ImmutableArray<IpPrefix> to, CancellationToken cancellationToken)
    {
        var (fault, step, operation) = trial;
        var before = await context.AllowedAsync(cancellationToken);
        var wanted = (await context.PrepareAsync(to, cancellationToken)).Desired.Traffic;
        context.Tap.Reset();
        fault.Set(context.Tap, step);
        var report = await context.ApplyAsync(to, cancellationToken);
        context.Tap.Reset();

        var what = $"{fault.Name} at step {step} ({operation}): {report.Status} {report.Error}";
        var after = await context.AllowedAsync(cancellationToken);
        if (report.Status == TargetStatus.Applied && !operation.Changes)
        {
            // A provider may know another way to look; then it must have got there.
            after.ShouldBe(wanted, what);
        }
        else
        {
            report.Status.ShouldBe(TargetStatus.Failed, what);
            report.Error.ShouldNotBeNull(what);
            context.DemandOldOrNew(before, after, wanted, what);
            (report.Error.Aftermath != Aftermath.Untouched || after.Equals(before)).ShouldBeTrue("it said untouched: " + what);
        }

        await context.DemandForeignAsync(cancellationToken);
        (await context.ApplyAsync(to, cancellationToken)).Status.ShouldBeOneOf([TargetStatus.Applied, TargetStatus.InSync], what);
    }

    // A real process and a real SIGKILL: nothing is tidied up, and no lock is given back but by the kernel.
    private static async Task KillAtEveryChange(ConformanceContext context, CancellationToken cancellationToken)
    {
        var (from, to) = (Lists.Small, Lists.Other);
        await context.ReachAsync(from, cancellationToken);
        await context.ChangeAsync(ForeignChange.Settle, cancellationToken);
        foreach (var (at, afterwards) in Kills(await OperationsAsync(context, to, cancellationToken)))
        {
            await context.ApplyAsync(from, cancellationToken);
            var before = await context.AllowedAsync(cancellationToken);
            var wanted = (await context.PrepareAsync(to, cancellationToken)).Desired.Traffic;

            var what = await context.KillAsync(at, afterwards, to, cancellationToken);

            context.DemandOldOrNew(before, await context.AllowedAsync(cancellationToken), wanted, what);
            await context.DemandForeignAsync(cancellationToken);
            await context.ReachAsync(to, cancellationToken);
        }
    }

    // Between one change and the next nothing happens: a kill after the one is a kill before the other.
    private static IEnumerable<(int At, bool Afterwards)> Kills(ImmutableArray<HostOperation> operations)
    {
        var changes = operations.Index().Where(operation => operation.Item.Changes).Select(operation => operation.Index).ToList();
        changes.ShouldNotBeEmpty();
        return [.. changes.Select(at => (at, false)), (changes[^1], true)];
    }

    private static async Task LostAnswer(ConformanceContext context, CancellationToken cancellationToken)
    {
        var disarm = WhenWritten(context, () => throw new HostException(HostFailure.TimedOut, "the connection was cut"));
        var report = await context.ApplyAsync(Lists.Small, cancellationToken);
        disarm();

        report.Status.ShouldBe(TargetStatus.Failed);
        report.Error!.Aftermath.ShouldBe(Aftermath.Unknown);
        var next = await context.ReachAsync(Lists.Small, cancellationToken);
        if (context.Provider.Descriptor.Atomicity == Atomicity.Transaction)
        {
            next.Status.ShouldBe(TargetStatus.InSync);
        }

        next.Findings.ShouldContain(finding => finding.Id == "interrupted");
    }

    private static async Task Cancel(ConformanceContext context, CancellationToken cancellationToken)
    {
        await context.ReachAsync(Lists.Small, cancellationToken);
        var before = await context.AllowedAsync(cancellationToken);
        using (var early = new CancellationTokenSource())
        {
            await early.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => context.ApplyAsync(Lists.Other, early.Token));
            (await context.AllowedAsync(cancellationToken)).ShouldBe(before);
        }

        using var middle = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        context.BeforeWrites(middle.CancelAsync);
        await Should.ThrowAsync<OperationCanceledException>(() => context.ApplyAsync(Lists.Other, middle.Token));
        context.Tap.Reset();

        context.DemandOldOrNew(before, await context.AllowedAsync(cancellationToken), (await context.PrepareAsync(Lists.Other, cancellationToken)).Desired.Traffic, "cancelled before the first change");
        await context.DemandForeignAsync(cancellationToken);
        await context.ReachAsync(Lists.Other, cancellationToken);
    }

    private static async Task Check(ConformanceContext context, CancellationToken cancellationToken)
    {
        var preflight = context.Provider.Preflight.ShouldNotBeNull();
        var good = await ApplyCases.ChangesAsync(context, Lists.Cloudflare, cancellationToken);
        await preflight.CheckAsync(good, cancellationToken);
        (await context.AllowedAsync(cancellationToken)).ShouldBe(TrafficSet.Empty);
        await context.DemandForeignAsync(cancellationToken);

        await context.ReachAsync(Lists.Small, cancellationToken);
        var bad = await ApplyCases.ChangesAsync(context, Lists.Other, cancellationToken);
        await context.ChangeAsync(ForeignChange.RemoveOurs, cancellationToken);
        var refused = await Should.ThrowAsync<ProviderException>(async () => await preflight.CheckAsync(bad, cancellationToken));
        refused.Aftermath.ShouldBe(Aftermath.Untouched);
        await context.DemandForeignAsync(cancellationToken);
    }

    private static Action WhenWritten(ConformanceContext context, Action act)
    {
        context.Tap.After = (_, command, result) =>
        {
            (context.Subject.IsWrite(command) ? act : static () => { })();
            return result;
        };
        context.Tap.AfterOther = (_, operation) => (operation.Changes ? act : static () => { })();
        return context.Tap.Reset;
    }

    /// <summary>A fault at one operation of an apply.</summary>
    private sealed record Trial(Fault Fault, int Step, HostOperation Operation);

    /// <summary>Something that goes wrong at one step.</summary>
    /// <param name="Name">What happens.</param>
    /// <param name="IsBefore">Whether it happens in place of the step, or when the step is done.</param>
    /// <param name="OfProgram">What is said in place of a program's answer.</param>
    /// <param name="OfOther">What a file, or whatever else is no program, ends with.</param>
    private sealed record Fault(string Name, bool IsBefore, Func<HostCommand, CommandResult> OfProgram, HostFailure OfOther)
    {
        public void Set(HostTap tap, int at)
        {
            if (IsBefore)
            {
                tap.Before = (number, command) => Task.FromResult(number == at ? OfProgram(command) : null);
                tap.BeforeOther = (number, operation) => number == at ? throw new HostException(OfOther, $"{operation}: {Name}") : Task.CompletedTask;
            }
            else
            {
                tap.After = (number, command, result) => number == at ? OfProgram(command) : result;
                tap.AfterOther = (number, operation) => _ = number == at ? throw new HostException(OfOther, $"{operation}: {Name}") : operation;
            }
        }
    }
}
