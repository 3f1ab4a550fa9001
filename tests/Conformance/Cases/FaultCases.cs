using System.Collections.Immutable;
using AllowlistSync.Conformance.Harnesses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using Shouldly;

namespace AllowlistSync.Conformance.Cases;

/// <summary>Old or new, never between, whatever fails; and what is said about it is true.</summary>
public static class FaultCases
{
    private static readonly ImmutableArray<(string Name, Func<HostTap, int, Action> Set)> Faults =
    [
        ("the tool is missing", (tap, at) => Instead(tap, at, command => throw new HostException(HostFailure.NotFound, $"{command.Program} is not installed"))),
        ("the tool fails", (tap, at) => Instead(tap, at, _ => new CommandResult(1, ReadOnlyMemory<byte>.Empty, "Error: something that nobody has heard of\n"))),
        ("the tool is killed before it works", (tap, at) => Instead(tap, at, _ => new CommandResult(137, ReadOnlyMemory<byte>.Empty, ""))),
        ("the tool hangs", (tap, at) => Instead(tap, at, command => throw new HostException(HostFailure.TimedOut, $"`{command}` did not end"))),
        ("the tool is killed when it has worked", (tap, at) => Afterwards(tap, at, result => result with { ExitCode = 137, Output = ReadOnlyMemory<byte>.Empty })),
        ("the answer is lost", (tap, at) => Afterwards(tap, at, _ => throw new HostException(HostFailure.TimedOut, "the connection was cut"))),
    ];

    /// <summary>T1 to T3, F1.</summary>
    public static ImmutableArray<ConformanceCase> All { get; } =
    [
        new("T1", "a fault at any step leaves old or new, says truly which, and the next run ends in sync", ["transaction"], FaultAtEveryStep),
        new("T2", "an answer that is lost after the change is no obstacle for the next run", [], LostAnswer),
        new("T3", "a cancellation leaves old or new", [], Cancel),
        new("F1", "a check of a change touches nothing, whether the change is good or bad", ["preflight"], Check),
    ];

    private static async Task FaultAtEveryStep(ConformanceContext context, CancellationToken cancellationToken)
    {
        var (from, to) = (Lists.Small, Lists.Other);
        await context.ReachAsync(from, cancellationToken);
        context.Tap.Reset();
        await context.ApplyAsync(to, cancellationToken);
        var steps = context.Tap.Calls;
        steps.ShouldBeInRange(3, 20);
        (from, to) = (to, from);
        foreach (var (name, set) in Faults)
        {
            for (var step = 0; step < steps; step++)
            {
                var before = await context.AllowedAsync(cancellationToken);
                context.Tap.Reset();
                var disarm = set(context.Tap, step);
                var report = await context.ApplyAsync(to, cancellationToken);
                disarm();

                var what = $"{name} at step {step}: {report.Status} {report.Error}";
                report.Status.ShouldBe(TargetStatus.Failed, what);
                report.Error.ShouldNotBeNull(what);
                var after = await context.AllowedAsync(cancellationToken);
                var wanted = (await context.PrepareAsync(to, cancellationToken)).Desired.Traffic;
                (after.Equals(before) || after.Equals(wanted)).ShouldBeTrue(what);
                (report.Error.Aftermath != Aftermath.Untouched || after.Equals(before)).ShouldBeTrue("it said untouched: " + what);
                await context.DemandForeignAsync(cancellationToken);

                (await context.ApplyAsync(to, cancellationToken)).Status.ShouldBeOneOf([TargetStatus.Applied, TargetStatus.InSync], what);
                (from, to) = (to, from);
            }
        }

        await context.DemandAsync(from, cancellationToken);
    }

    private static async Task LostAnswer(ConformanceContext context, CancellationToken cancellationToken)
    {
        var disarm = WhenWritten(context, _ => throw new HostException(HostFailure.TimedOut, "the connection was cut"));
        var report = await context.ApplyAsync(Lists.Small, cancellationToken);
        disarm();

        report.Status.ShouldBe(TargetStatus.Failed);
        report.Error!.Aftermath.ShouldBe(Aftermath.Unknown);
        var next = await context.ReachAsync(Lists.Small, cancellationToken);
        next.Status.ShouldBe(TargetStatus.InSync);
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
        context.Tap.Before = async (_, command) =>
        {
            if (context.Subject.IsWrite(command))
            {
                await middle.CancelAsync();
            }

            return null;
        };
        await Should.ThrowAsync<OperationCanceledException>(() => context.ApplyAsync(Lists.Other, middle.Token));
        context.Tap.Reset();

        var after = await context.AllowedAsync(cancellationToken);
        (after.Equals(before) || after.Equals((await context.PrepareAsync(Lists.Other, cancellationToken)).Desired.Traffic)).ShouldBeTrue();
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

    private static Action Instead(HostTap tap, int at, Func<HostCommand, CommandResult> answer)
    {
        tap.Before = (number, command) => Task.FromResult(number == at ? answer(command) : null);
        return tap.Reset;
    }

    private static Action Afterwards(HostTap tap, int at, Func<CommandResult, CommandResult> change)
    {
        tap.After = (number, _, result) => number == at ? change(result) : result;
        return tap.Reset;
    }

    private static Action WhenWritten(ConformanceContext context, Func<CommandResult, CommandResult> change)
    {
        context.Tap.After = (_, command, result) => context.Subject.IsWrite(command) ? change(result) : result;
        return context.Tap.Reset;
    }
}
