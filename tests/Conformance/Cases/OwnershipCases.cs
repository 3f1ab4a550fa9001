using System.Collections.Immutable;
using System.Net;
using AllowlistSync.Conformance.Harnesses;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.CrashHost;
using Shouldly;

namespace AllowlistSync.Conformance.Cases;

/// <summary>Foreign is untouchable.</summary>
public static class OwnershipCases
{
    /// <summary>O.</summary>
    public static ImmutableArray<ConformanceCase> All { get; } =
    [
        new("O1", "what others tagged among our entries stays, inside and outside of what is wanted", ["foreign-elements"], KeepTagged),
        new("O2", "two owners on one host do not take each other's for theirs", [], TwoOwners),
        new("O3", "a name of ours that a stranger holds is not taken", [], NameIsTaken),
        new("O4", "a block that somebody put ahead of us is overtaken again", ["placement"], Overtake),
    ];

    private static async Task KeepTagged(ConformanceContext context, CancellationToken cancellationToken)
    {
        await context.ReachAsync(Lists.Small, cancellationToken);
        await context.ChangeAsync(ForeignChange.TagEntries, cancellationToken);
        var tagged = (await context.Provider.ReadAsync(context.Target, cancellationToken)).AllowedByOthers;
        tagged.IsEmpty.ShouldBeFalse();

        await context.ReachAsync(Lists.Small, cancellationToken);
        await context.ReachAsync(Lists.Cloudflare, cancellationToken);
        await context.ReachAsync(Lists.Of("131.0.73.128/25", "203.0.113.0/24", "2400:cb00::/32"), cancellationToken);

        (await context.Provider.ReadAsync(context.Target, cancellationToken)).AllowedByOthers.ShouldBe(tagged);
        (await context.LookAsync(Lists.Small, cancellationToken)).Plan!.Findings.ShouldContain(finding => finding.Id == "foreign-elements");
    }

    private static async Task TwoOwners(ConformanceContext context, CancellationToken cancellationToken)
    {
        var second = new Installation(context.StateDirectory("second"), context.Time);
        var theirs = context.NewTarget("als-other", "web");
        await context.ReachAsync(Lists.Small, cancellationToken);
        (await second.RunAsync(context.Provider, theirs, Lists.Other, Installation.Apply(), cancellationToken)).Status.ShouldBe(TargetStatus.Applied);
        await context.RebaseAsync(cancellationToken);

        // Where one rule cannot stand twice, the second owner finds that the first holds it for both.
        var wanted = (await context.Provider.PrepareAsync(await second.WishAsync(theirs, Lists.Other, cancellationToken), cancellationToken)).Desired.Traffic;
        var observed = await context.Provider.ReadAsync(theirs, cancellationToken);
        var shared = observed.AllowedByOthers.Intersect(wanted);
        observed.Allowed.ShouldBe(wanted.Except(shared));
        await context.DemandAsync(Lists.Small, cancellationToken);
        await context.ReachAsync(Lists.Cloudflare, cancellationToken);
        await context.RemoveAsync(cancellationToken);
        if (!shared.IsEmpty)
        {
            (await second.RunAsync(context.Provider, theirs, Lists.Other, Installation.Apply(), cancellationToken)).Plan!.Changes.Add.ShouldBe(shared);
        }

        (await second.RunAsync(context.Provider, theirs, Lists.Other, Installation.Look(), cancellationToken)).Status.ShouldBe(TargetStatus.InSync);
    }

    private static async Task NameIsTaken(ConformanceContext context, CancellationToken cancellationToken)
    {
        await context.Subject.ChangeAsync(ForeignChange.TakeOurName, cancellationToken);
        var before = await WholeAsync(context, cancellationToken);

        var report = await context.ApplyAsync(Lists.Small, cancellationToken);

        report.Status.ShouldBeOneOf(TargetStatus.Failed, TargetStatus.Refused);
        var said = report.Error is { } error
            ? (error.Kind.ToString(), error.Message + error.Remedy)
            : (report.Refusals.ShouldHaveSingleItem().RuleId, report.Refusals[0].Message + report.Refusals[0].WayOut);
        said.Item1.ShouldBeOneOf("Conflict", "takes-over");
        said.Item2.Length.ShouldBeGreaterThan(40);
        (await WholeAsync(context, cancellationToken)).ShouldBe(before);
    }

    private static async Task Overtake(ConformanceContext context, CancellationToken cancellationToken)
    {
        IPAddress[] cloudflare = [IPAddress.Parse("104.16.0.1"), IPAddress.Parse("2400:cb00::1")];
        await context.ReachAsync(Lists.Small, cancellationToken);
        await ApplyCases.ExpectAsync(context, cloudflare, [80, 443], blocked: false, cancellationToken);
        await context.ChangeAsync(ForeignChange.BlockAhead, cancellationToken);
        await ApplyCases.ExpectAsync(context, cloudflare, [80, 443], blocked: true, cancellationToken);

        var look = await context.LookAsync(Lists.Small, cancellationToken);
        look.Status.ShouldBe(TargetStatus.Differs);
        look.Plan!.Changes.Repairs.ShouldHaveSingleItem().Message.ShouldContain("stands before");

        await context.ReachAsync(Lists.Small, cancellationToken);
        await ApplyCases.ExpectAsync(context, cloudflare, [80, 443], blocked: false, cancellationToken);
    }

    // Everything that is in the target: what is foreign, and what we think is ours.
    private static async Task<string> WholeAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        var foreign = await context.Subject.ForeignAsync(cancellationToken);
        try
        {
            return foreign + (await context.Provider.ReadAsync(context.Target, cancellationToken)).Revision;
        }
        catch (ProviderException conflict)
        {
            return foreign + conflict.Message;
        }
    }
}
