using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Reachability.Proving;
using Shouldly;

namespace AllowlistSync.Conformance.Cases;

/// <summary>What a provider says before it looks at anything.</summary>
public static class DescribeCases
{
    /// <summary>D and P.</summary>
    public static ImmutableArray<ConformanceCase> All { get; } =
    [
        new("D1", "describing twice says the same and starts nothing", [], DescribeTwice),
        new("D2", "each declared feature is shown by a case that runs", [], FeaturesAreShown),
        new("P1", "preparing is pure, and preparing again changes nothing", [], PrepareTwice),
        new("P2", "what cannot be held is said, and nothing is dropped silently", [], SayWhatIsNotHeld),
    ];

    private static Task DescribeTwice(ConformanceContext context, CancellationToken cancellationToken)
    {
        context.Provider.Descriptor.ShouldBe(context.Provider.Descriptor);
        context.Harness.Registration.Create(context.Subject.Settings, new ProviderPlace(context.Tap, new ChainModel())).Descriptor.ShouldBe(context.Harness.Registration.Descriptor);
        context.Harness.Registration.Check(context.Subject.Settings).ShouldBeEmpty();
        context.Tap.Calls.ShouldBe(0);
        return Task.CompletedTask;
    }

    private static Task FeaturesAreShown(ConformanceContext context, CancellationToken cancellationToken)
    {
        var descriptor = context.Provider.Descriptor;
        var harnesses = Harnesses.HostHarnesses.All.Where(harness => harness.Registration.Descriptor.Name == descriptor.Name).ToList();
        var shown = AllCases.All.Where(one => harnesses.Exists(harness => !harness.Gaps.Contains(one.Id))).SelectMany(one => one.Needs);
        descriptor.Features.Except(shown, StringComparer.Ordinal).ShouldBeEmpty();
        descriptor.Features.Contains("snapshot").ShouldBe(context.Provider.Snapshots is not null);
        descriptor.Features.Contains("preflight").ShouldBe(context.Provider.Preflight is not null);
        descriptor.Limits.ShouldAllBe(limit => limit.Value > 0 && limit.Source.Length > 0);
        return Task.CompletedTask;
    }

    private static async Task PrepareTwice(ConformanceContext context, CancellationToken cancellationToken)
    {
        var once = await context.PrepareAsync(Lists.Cloudflare, cancellationToken);
        var twice = await context.Provider.PrepareAsync(once.Desired, cancellationToken);

        twice.Desired.ShouldBe(once.Desired);
        twice.Findings.ShouldBeEmpty();
        once.Findings.Select(finding => finding.Id).ShouldBe(context.Provider.Descriptor.Features.Contains("ipv6") || once.Desired.Sources.Equals(PrefixSet.Of(Lists.Cloudflare)) ? [] : ["family-not-held"]);
        context.Tap.Calls.ShouldBe(0);
    }

    private static async Task SayWhatIsNotHeld(ConformanceContext context, CancellationToken cancellationToken)
    {
        var narrow = context.Harness.Registration.Create(context.Subject.IPv4Only, new ProviderPlace(context.Tap, new ChainModel()));
        var wish = await context.Program.WishAsync(context.Target, Lists.Cloudflare, cancellationToken);

        var prepared = await narrow.PrepareAsync(wish, cancellationToken);

        prepared.Desired.Sources.ShouldBe(PrefixSet.Of(Lists.Cloudflare).Only(IpFamily.IPv4));
        var finding = prepared.Findings.ShouldHaveSingleItem();
        finding.Id.ShouldBe("family-not-held");
        finding.Message.ShouldStartWith("7 IPv6 prefixes");
        finding.Remedy.ShouldNotBeEmpty();
        var report = await context.Program.RunAsync(narrow, context.Target, Lists.Cloudflare, CrashHost.Installation.Apply(), cancellationToken);
        report.Status.ShouldBe(TargetStatus.Applied);
        report.Plan!.Findings.ShouldContain(finding);
        (await context.Program.RunAsync(narrow, context.Target, Lists.Cloudflare, CrashHost.Installation.Look(), cancellationToken)).Status.ShouldBe(TargetStatus.InSync);
        (await narrow.ReadAsync(context.Target, cancellationToken)).Allowed.Sources.ShouldBe(prepared.Desired.Sources);
        await context.DemandForeignAsync(cancellationToken);
        (await narrow.PrepareAsync(DesiredState.Nothing(context.Target, PrefixSet.Empty), cancellationToken)).Findings.ShouldBeEmpty();
    }
}
