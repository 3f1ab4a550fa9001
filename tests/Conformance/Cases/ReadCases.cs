using System.Collections.Immutable;
using AllowlistSync.Conformance.Harnesses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Reachability.Proving;
using Shouldly;

namespace AllowlistSync.Conformance.Cases;

/// <summary>Could not read is never empty.</summary>
public static class ReadCases
{
    /// <summary>R.</summary>
    public static ImmutableArray<ConformanceCase> All { get; } =
    [
        new("R1", "a fresh host holds nothing of ours, and that is no failure", [], FreshHost),
        new("R2", "what was taken out behind our back is seen and put back", [], PutBack),
        new("R3", "what cannot be read among our entries is told, kept, and no obstacle", [], KeepUnreadable),
        new("R4", "a target that cannot be read is a failure of the right kind", [], CannotRead),
    ];

    private static async Task FreshHost(ConformanceContext context, CancellationToken cancellationToken)
    {
        var observed = await context.Provider.ReadAsync(context.Target, cancellationToken);

        observed.Existence.ShouldBe(Existence.Absent);
        observed.Allowed.ShouldBe(TrafficSet.Empty);
        observed.Defects.ShouldBeEmpty();
        (await context.Provider.ReadAsync(context.Target, cancellationToken)).Revision.ShouldBe(observed.Revision);
        (await context.LookAsync(Lists.Small, cancellationToken)).Status.ShouldBe(TargetStatus.Differs);
        await context.DemandForeignAsync(cancellationToken);
    }

    private static async Task PutBack(ConformanceContext context, CancellationToken cancellationToken)
    {
        await context.ReachAsync(Lists.Small, cancellationToken);
        var before = await context.Provider.ReadAsync(context.Target, cancellationToken);
        await context.ChangeAsync(ForeignChange.RemoveOurs, cancellationToken);

        var observed = await context.Provider.ReadAsync(context.Target, cancellationToken);
        observed.Existence.ShouldBe(Existence.Absent);
        observed.Allowed.ShouldBe(TrafficSet.Empty);
        observed.Revision.ShouldNotBe(before.Revision);

        (await context.ReachAsync(Lists.Small, cancellationToken)).Status.ShouldBe(TargetStatus.Applied);
    }

    private static async Task KeepUnreadable(ConformanceContext context, CancellationToken cancellationToken)
    {
        await context.ReachAsync(Lists.Small, cancellationToken);
        await context.ChangeAsync(ForeignChange.AddUnreadable, cancellationToken);

        var observed = await context.Provider.ReadAsync(context.Target, cancellationToken);
        observed.Foreign.ShouldNotBeEmpty();

        await context.ReachAsync(Lists.Other, cancellationToken);
        await context.ReachAsync(Lists.Cloudflare, cancellationToken);
    }

    private static async Task CannotRead(ConformanceContext context, CancellationToken cancellationToken)
    {
        await context.ReachAsync(Lists.Small, cancellationToken);
        await FailsAsync(context, Breakage.NoPermission, FailureKind.Permission, cancellationToken);
        await FailsAsync(context, Breakage.Garbage, FailureKind.Protocol, cancellationToken);
        await FailsAsync(context, Breakage.Silence, FailureKind.Protocol, cancellationToken);
        await FailsAsync(context, Breakage.HalfAnswer, FailureKind.Protocol, cancellationToken);
        await context.DemandAsync(Lists.Small, cancellationToken);
        await FailsAsync(context, Breakage.ToolMissing, FailureKind.Unavailable, cancellationToken);
    }

    private static async Task FailsAsync(ConformanceContext context, Breakage breakage, FailureKind kind, CancellationToken cancellationToken)
    {
        var broken = context.Harness.Registration.Create(context.Subject.Settings, new ProviderPlace(await context.Subject.BreakAsync(breakage, cancellationToken), new ChainModel()));

        var report = await context.Program.RunAsync(broken, context.Target, Lists.Other, CrashHost.Installation.Apply(), cancellationToken);

        report.Status.ShouldBe(TargetStatus.Failed);
        report.Error.ShouldNotBeNull().Kind.ShouldBe(kind, report.Error.Message);
        report.Error.Aftermath.ShouldBe(Aftermath.Untouched);
        report.Error.Remedy.ShouldNotBeEmpty();
        report.Plan.ShouldBeNull();
    }
}
