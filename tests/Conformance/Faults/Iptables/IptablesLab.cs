using System.Collections.Immutable;
using System.Net;
using AllowlistSync.Conformance.Cases;
using AllowlistSync.Conformance.Harnesses;
using AllowlistSync.Core.Reporting;
using AllowlistSync.TestKit;

namespace AllowlistSync.Conformance.Faults.Iptables;

/// <summary>A host with an operator's rules, on which one thing goes wrong; after it the host is neither open nor locked, and what is foreign is the same.</summary>
internal static class IptablesLab
{
    private static readonly IPAddress[] Office = [IPAddress.Parse("198.51.100.7"), IPAddress.Parse("2001:db8:1::7")];
    private static readonly IPAddress[] Strangers = [IPAddress.Parse("9.9.9.9"), IPAddress.Parse("2620:fe::fe")];
    private static readonly IPAddress[] Visitors = [IPAddress.Parse("104.16.0.1"), IPAddress.Parse("2400:cb00::1")];

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A host whose operator uses one engine; the settings of the target.</summary>
    public static Task<ConformanceContext> StartAsync(string engine, params ImmutableArray<(string Key, string Value)> settings)
    {
        Needs.Sandbox("iptables-nft", "iptables-legacy", "ipset", "nft");
        return ConformanceContext.StartAsync(new IptablesHarness($"iptables-{engine}", new IptablesWay(engine, settings)), Ct);
    }

    /// <summary>A script of bash on the host, in which <c>$t</c> is the tool of each family in turn; what is foreign afterwards must stay.</summary>
    public static async Task OnEachAsync(this ConformanceContext context, string engine, string command)
    {
        await context.BashAsync($"for t in iptables-{engine} ip6tables-{engine}; do {command}; done");
        await context.RebaseAsync(Ct);
    }

    /// <summary>A script of bash on the host.</summary>
    public static Task<string> BashAsync(this ConformanceContext context, string script) => ((IptablesTarget)context.Subject).ShellAsync(script, Ct);

    /// <summary>The operator's rules are as they were, the office gets in, strangers do not, and visitors do or do not.</summary>
    public static async Task DemandSafeAsync(this ConformanceContext context, bool visitorsGetIn)
    {
        await ApplyCases.ExpectAsync(context, Office, [22], blocked: false, Ct);
        await ApplyCases.ExpectAsync(context, Strangers, [22, 80, 443, 8443], blocked: true, Ct);
        await ApplyCases.ExpectAsync(context, Visitors, [80, 443], blocked: !visitorsGetIn, Ct);
        await ApplyCases.ExpectAsync(context, Visitors, [22, 8443], blocked: true, Ct);
        await context.DemandForeignAsync(Ct);
    }

    /// <summary>Applies the small list, which must go well, and looks at the packets.</summary>
    public static async Task<TargetReport> OpenAsync(this ConformanceContext context)
    {
        var report = await context.ReachAsync(Lists.Small, Ct);
        await context.DemandSafeAsync(visitorsGetIn: true);
        return report;
    }

    /// <summary>The ids of the flaws that a look finds.</summary>
    public static async Task<string[]> DefectsAsync(this ConformanceContext context) =>
        [.. (await context.Provider.ReadAsync(context.Target, Ct)).Defects.Select(defect => defect.Id).Order(StringComparer.Ordinal)];
}
