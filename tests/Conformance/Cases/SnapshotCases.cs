using System.Collections.Immutable;
using System.Net;
using AllowlistSync.Conformance.Harnesses;
using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.CrashHost;
using Shouldly;

namespace AllowlistSync.Conformance.Cases;

/// <summary>The way back.</summary>
public static class SnapshotCases
{
    /// <summary>S.</summary>
    public static ImmutableArray<ConformanceCase> All { get; } =
    [
        new("S1", "what was captured is put back, and foreign changes since then stay", ["snapshot"], RollBack),
        new("S2", "putting back twice does no harm, and a picture of something else is refused", ["snapshot"], RestoreOddly),
        new("S3", "after the operator's configuration was loaded again we are still in force, or the next run restores us", ["survives-reload"], Reload),
        new("S5", "what was applied is still in force after a start, and after a reload where it says so, and what was removed is not", ["survives-reboot", "survives-reload"], Survive),
        new("S4", "a change that is not confirmed in time is undone", ["snapshot"], NotConfirmed),
    ];

    private static async Task RollBack(ConformanceContext context, CancellationToken cancellationToken)
    {
        var undo = new Undo(context.Time);
        await context.ReachAsync(Lists.Small, cancellationToken);
        await context.ReachAsync(Lists.Cloudflare, cancellationToken);
        await context.ChangeAsync(ForeignChange.Edit, cancellationToken);
        (await undo.RollBackAsync(context.Provider, context.Target, context.Program.State.Target("web"), "asked for", cancellationToken)).ShouldBe(UndoResult.Undone);
        await context.DemandAsync(Lists.Small, cancellationToken);

        (await undo.RollBackAsync(context.Provider, context.Target, context.Program.State.Target("web"), "asked for", cancellationToken)).ShouldBe(UndoResult.Nothing);
        await context.DemandAsync(Lists.Small, cancellationToken);

        // The first apply is undone to nothing at all.
        await context.RemoveAsync(cancellationToken);
        await context.ReachAsync(Lists.Small, cancellationToken);
        await undo.RollBackAsync(context.Provider, context.Target, context.Program.State.Target("web"), "asked for", cancellationToken);
        (await context.Provider.ReadAsync(context.Target, cancellationToken)).Existence.ShouldBe(Existence.Absent);
        await context.DemandForeignAsync(cancellationToken);
    }

    private static async Task RestoreOddly(ConformanceContext context, CancellationToken cancellationToken)
    {
        var snapshots = context.Provider.Snapshots.ShouldNotBeNull();
        await context.ReachAsync(Lists.Small, cancellationToken);
        var picture = snapshots.Capture(context.Target, await context.Provider.ReadAsync(context.Target, cancellationToken));
        await context.ReachAsync(Lists.Other, cancellationToken);
        await snapshots.RestoreAsync(context.Target, picture, cancellationToken);
        await snapshots.RestoreAsync(context.Target, picture, cancellationToken);
        await context.DemandAsync(Lists.Small, cancellationToken);

        await context.ReachAsync(Lists.Other, cancellationToken);
        foreach (var odd in new[] { picture with { Format = 99 }, picture with { Provider = "another" }, picture with { Target = "db" } })
        {
            var refused = await Should.ThrowAsync<ProviderException>(async () => await snapshots.RestoreAsync(context.Target, odd, cancellationToken));
            refused.Kind.ShouldBe(FailureKind.InvalidInput);
            refused.Aftermath.ShouldBe(Aftermath.Untouched);
        }

        await context.DemandAsync(Lists.Other, cancellationToken);
    }

    private static async Task Reload(ConformanceContext context, CancellationToken cancellationToken)
    {
        await context.ReachAsync(Lists.Cloudflare, cancellationToken);
        await context.ChangeAsync(ForeignChange.Reload, cancellationToken);
        var survives = context.Provider.Descriptor.Features.Contains("survives-reload");
        (await context.AllowedAsync(cancellationToken)).Equals(TrafficSet.Empty).ShouldBe(!survives);
        (await context.ReachAsync(Lists.Cloudflare, cancellationToken)).Status.ShouldBe(survives ? TargetStatus.InSync : TargetStatus.Applied);
    }

    private static async Task Survive(ConformanceContext context, CancellationToken cancellationToken)
    {
        ImmutableArray<ForeignChange> changes = context.Provider.Descriptor.Features.Contains("survives-reload") ? [ForeignChange.Reload, ForeignChange.Reboot] : [ForeignChange.Reboot];
        foreach (var change in changes)
        {
            await context.ReachAsync(Lists.Small, cancellationToken);
            await context.ReachAsync(Lists.Cloudflare, cancellationToken);
            await context.ChangeAsync(change, cancellationToken);
            await context.DemandAsync(Lists.Cloudflare, cancellationToken);
            await ExpectAsync(context, blocked: false, cancellationToken);
        }

        await context.RemoveAsync(cancellationToken);
        await context.ChangeAsync(ForeignChange.Reload, cancellationToken);
        (await context.Provider.ReadAsync(context.Target, cancellationToken)).Existence.ShouldBe(Existence.Absent);
        await ExpectAsync(context, blocked: true, cancellationToken);
    }

    // Where packets are not the target's business, what it holds was looked at.
    private static async Task ExpectAsync(ConformanceContext context, bool blocked, CancellationToken cancellationToken)
    {
        if (context.Provider.Descriptor.IsFirewall)
        {
            await ApplyCases.ExpectAsync(context, [IPAddress.Parse("172.64.0.1"), IPAddress.Parse("2606:4700::1")], [80, 443], blocked, cancellationToken);
            await ApplyCases.ExpectAsync(context, [IPAddress.Parse("9.9.9.9"), IPAddress.Parse("2620:fe::fe")], [22, 80, 443], blocked: true, cancellationToken);
        }
    }

    private static async Task NotConfirmed(ConformanceContext context, CancellationToken cancellationToken)
    {
        await context.ReachAsync(Lists.Small, cancellationToken);
        var report = await context.Program.RunAsync(context.Provider, context.Target, Lists.Other, Installation.Apply(TimeSpan.FromMinutes(1)), cancellationToken);
        report.Status.ShouldBe(TargetStatus.Applied);
        report.ConfirmBy.ShouldBe(context.Time.GetUtcNow().AddMinutes(1));
        context.Program.Undo.Armed.ShouldHaveSingleItem().Before.ShouldNotBeNull();

        (await context.ApplyAsync(Lists.Cloudflare, cancellationToken)).Refusals.ShouldHaveSingleItem().RuleId.ShouldBe("confirm-pending");
        var books = context.Program.State.Target("web");
        var undo = new Undo(context.Time);
        (await undo.UndoIfDueAsync(context.Provider, context.Target, books, cancellationToken)).ShouldBe(UndoResult.Waiting);
        context.Time.Advance(TimeSpan.FromMinutes(2));
        (await undo.ConfirmAsync(books, cancellationToken)).ShouldBe(UndoResult.TooLate);
        (await undo.UndoIfDueAsync(context.Provider, context.Target, books, cancellationToken)).ShouldBe(UndoResult.Undone);
        await context.DemandAsync(Lists.Small, cancellationToken);
    }
}
