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
        var there = Trials.OfFaults(await OperationsAsync(context, to, cancellationToken), context.Harness.IsSlow, turn: 0);
        var back = Trials.OfFaults(await OperationsAsync(context, from, cancellationToken), context.Harness.IsSlow, turn: Trials.FewChanges);
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

    private static async Task FailAtAsync(ConformanceContext context, FaultTrial trial, ImmutableArray<IpPrefix> to, CancellationToken cancellationToken)
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
        var there = Trials.OfKills(await OperationsAsync(context, to, cancellationToken), context.Harness.IsSlow);
        var back = context.Harness.IsSlow ? Trials.OfKills(await OperationsAsync(context, from, cancellationToken), isSlow: true) : [];
        for (var i = 0; i < there.Length; i++)
        {
            // The way back is a change as well: where each change takes seconds, it is the next trial.
            var isBack = i % 2 == 1 && back.Length > i;
            await KillAtAsync(context, isBack ? back[i] : there[i], isBack ? (to, from) : (from, to), cancellationToken);
        }
    }

    private static async Task KillAtAsync(ConformanceContext context, KillTrial trial, (ImmutableArray<IpPrefix> From, ImmutableArray<IpPrefix> To) way, CancellationToken cancellationToken)
    {
        var wanted = (await context.PrepareAsync(way.To, cancellationToken)).Desired.Traffic;
        var origin = (await context.PrepareAsync(way.From, cancellationToken)).Desired.Traffic;
        var before = await context.AllowedAsync(cancellationToken);
        if (!before.Equals(origin))
        {
            await context.ApplyAsync(way.From, cancellationToken);
            before = await context.AllowedAsync(cancellationToken);
        }

        var what = await context.KillAsync(trial.Step, trial.IsAfter, way.To, cancellationToken);

        context.DemandOldOrNew(before, await context.AllowedAsync(cancellationToken), wanted, what);
        await context.DemandForeignAsync(cancellationToken);
        await context.ReachAsync(way.To, cancellationToken);
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
}
