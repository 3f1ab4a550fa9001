using System.Collections.Immutable;
using System.Net;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Planning;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Conformance.Cases;

/// <summary>From state to state; after each the target holds what was wanted, a second plan is empty, and what is foreign is the same.</summary>
public static class ApplyCases
{
    private static readonly TimeSpan DropBudget = TimeSpan.FromMilliseconds(250);

    // Whoever gets in is waited for until he is in, which takes no longer than it takes.
    private static readonly TimeSpan AcceptBudget = TimeSpan.FromSeconds(10);

    /// <summary>A.</summary>
    public static ImmutableArray<ConformanceCase> All { get; } =
    [
        new("A1", "Cloudflare's list of both families is held, and a second run finds nothing to do", ["ipv4", "ipv6"], CloudflaresList),
        new("A2", "one more, one less, all others, one family, the other, nothing, and back", ["ipv4", "ipv6"], WalkStates),
        new("A3", "adjacent, overlapping, doubled, single and unsorted prefixes are held as what they mean", [], OddLists),
        new("A4", "packets from inside get in after the apply, and from beside and on other ports never", ["ipv4", "ipv6", "tcp"], Packets),
        new("A5", "the same changes made twice do no harm", [], ApplyTwice),
        new("A6", "the ports are those of the target", ["tcp", "udp"], Ports),
        new("A7", "with policy addOnly nothing leaves, what should go is told, and a second run finds nothing to do", [], AddOnly),
    ];

    private static async Task CloudflaresList(ConformanceContext context, CancellationToken cancellationToken)
    {
        (await context.ReachAsync(Lists.Cloudflare, cancellationToken)).Status.ShouldBe(TargetStatus.Applied);
        (await context.ApplyAsync(Lists.Cloudflare, cancellationToken)).Status.ShouldBe(TargetStatus.InSync);
    }

    private static async Task WalkStates(ConformanceContext context, CancellationToken cancellationToken)
    {
        var ipv4 = Lists.Cloudflare.Where(prefix => prefix.Family == IpFamily.IPv4).ToImmutableArray();
        var ipv6 = Lists.Cloudflare.Where(prefix => prefix.Family == IpFamily.IPv6).ToImmutableArray();
        await context.ReachAsync(Lists.Small, cancellationToken);
        await context.ReachAsync([.. Lists.Small, .. Lists.Of("172.64.0.0/13")], cancellationToken);
        await context.ReachAsync(Lists.Other, cancellationToken);
        await context.ReachAsync(Lists.Of("203.0.113.0/24", "2a06:98c0::/29"), cancellationToken);
        await context.ReachAsync(ipv4, cancellationToken);
        await context.ReachAsync(ipv6, cancellationToken);
        await context.RemoveAsync(cancellationToken);
        await context.ReachAsync(ipv4, cancellationToken);
        await context.ReachAsync(Lists.Cloudflare, cancellationToken);
        await context.RemoveAsync(cancellationToken);
    }

    private static async Task OddLists(ConformanceContext context, CancellationToken cancellationToken)
    {
        await context.ReachAsync(Lists.Of("104.24.0.0/14", "104.16.0.0/13"), cancellationToken);
        await context.ReachAsync(Lists.Of("104.16.0.0/13"), cancellationToken);
        await context.ReachAsync(Lists.Of("104.16.0.0/12", "104.20.0.0/16", "104.20.0.0/16"), cancellationToken);
        await context.ReachAsync(Lists.Of("104.16.0.1/32", "104.16.0.2/32", "104.16.0.4/32", "2400:cb00::1/128", "2400:cb00::2/128"), cancellationToken);
        await context.ReachAsync(Lists.Of("104.16.0.0/29", "2400:cb00::/126", "255.255.255.255/32", "1.0.0.0/32"), cancellationToken);
        await context.ReachAsync(Lists.Of("104.16.0.3/32", "2400:cb00::/127", "223.255.255.0/24", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128"), cancellationToken);
        await context.ReachAsync(Lists.Of("128.0.0.0/1", "8000::/1"), cancellationToken);
    }

    private static async Task Packets(ConformanceContext context, CancellationToken cancellationToken)
    {
        var (inside, beside) = ProbePlan.ForList(Lists.Cloudflare.Select(prefix => prefix.ToString()));
        await ExpectAsync(context, inside, [80, 443], blocked: true, cancellationToken);
        await ExpectControlAsync(context, cancellationToken);

        await context.ReachAsync(Lists.Cloudflare, cancellationToken);

        await ExpectAsync(context, inside, [80, 443], blocked: false, cancellationToken);
        await ExpectAsync(context, inside, [22, 8443], blocked: true, cancellationToken);
        await ExpectAsync(context, beside, [80, 443], blocked: true, cancellationToken);
        await ExpectControlAsync(context, cancellationToken);

        await context.RemoveAsync(cancellationToken);
        await ExpectAsync(context, inside, [80, 443], blocked: true, cancellationToken);
        await ExpectControlAsync(context, cancellationToken);
    }

    private static async Task ApplyTwice(ConformanceContext context, CancellationToken cancellationToken)
    {
        foreach (var list in new[] { Lists.Small, Lists.Other, Lists.Cloudflare })
        {
            var changes = await ChangesAsync(context, list, cancellationToken);
            await context.Provider.ApplyAsync(changes, cancellationToken);
            try
            {
                await context.Provider.ApplyAsync(changes, cancellationToken);
            }
            catch (ProviderException refused)
            {
                refused.Kind.ShouldBe(FailureKind.Conflict, refused.Message);
                refused.Aftermath.ShouldBe(Aftermath.Untouched);
            }

            await context.DemandAsync(list, cancellationToken);
        }
    }

    private static async Task Ports(ConformanceContext context, CancellationToken cancellationToken)
    {
        var before = context.Target;
        ImmutableArray<PortSet> walk =
        [
            PortSet.Of(PortRange.Tcp(443)),
            PortSet.Of(PortRange.Tcp(80), PortRange.Tcp(443), PortRange.Udp(443)),
            PortSet.Of(PortRange.Udp(443)),
            PortSet.Of(new PortRange(TransportProtocol.Tcp, 8000, 8010), PortRange.Tcp(443), PortRange.Tcp(22)),
            PortSet.Of(new PortRange(TransportProtocol.Tcp, 1, 65535), new PortRange(TransportProtocol.Udp, 1, 65535)),
            PortSet.Of(PortRange.Tcp(80)),
        ];
        foreach (var ports in walk)
        {
            context.Target = before with { Ports = ports };
            (await context.ReachAsync(Lists.Small, cancellationToken)).Status.ShouldBe(TargetStatus.Applied);
        }

        await ExpectAsync(context, [IPAddress.Parse("104.16.0.1"), IPAddress.Parse("2400:cb00::1")], [80], blocked: false, cancellationToken);
        await ExpectAsync(context, [IPAddress.Parse("104.16.0.1"), IPAddress.Parse("2400:cb00::1")], [443, 22], blocked: true, cancellationToken);
    }

    private static async Task AddOnly(ConformanceContext context, CancellationToken cancellationToken)
    {
        await context.ReachAsync(Lists.Small, cancellationToken);
        context.Target = context.Target with { Policy = TargetPolicy.AddOnly };

        (await context.ApplyAsync(Lists.Other, cancellationToken)).Status.ShouldBe(TargetStatus.Applied);

        (await context.AllowedAsync(cancellationToken)).Sources.ShouldBe(PrefixSet.Of(Lists.Small).Union(PrefixSet.Of(Lists.Other)));
        var look = await context.LookAsync(Lists.Other, cancellationToken);
        look.Status.ShouldBe(TargetStatus.InSync);
        look.Plan!.Findings.ShouldContain(finding => finding.Id == "kept-by-policy" && finding.Message.Contains("131.0.72.0/22", StringComparison.Ordinal));
        await context.DemandForeignAsync(cancellationToken);
        await context.RemoveAsync(cancellationToken);
    }

    internal static async Task<ChangeSet> ChangesAsync(ConformanceContext context, ImmutableArray<IpPrefix> list, CancellationToken cancellationToken) =>
        Planner.Plan(await context.PrepareAsync(list, cancellationToken), await context.Provider.ReadAsync(context.Target, cancellationToken), []).Changes;

    internal static async Task ExpectAsync(ConformanceContext context, IEnumerable<IPAddress> sources, int[] ports, bool blocked, CancellationToken cancellationToken)
    {
        var results = await context.Subject.Client.ProbeAsync(ProbePlan.Probes(sources, ports), blocked ? DropBudget : AcceptBudget, cancellationToken);
        results.ShouldNotBeEmpty();
        results.ShouldAllBe(result => result.IsBlocked == blocked);
    }

    // The office gets to SSH, whatever we do, and a stranger never.
    private static async Task ExpectControlAsync(ConformanceContext context, CancellationToken cancellationToken)
    {
        await ExpectAsync(context, [IPAddress.Parse("198.51.100.7"), IPAddress.Parse("2001:db8:1::7")], [22], blocked: false, cancellationToken);
        await ExpectAsync(context, [IPAddress.Parse("9.9.9.9"), IPAddress.Parse("2620:fe::fe")], [22, 80, 443], blocked: true, cancellationToken);
    }
}
