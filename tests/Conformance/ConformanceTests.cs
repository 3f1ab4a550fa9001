using AllowlistSync.Conformance.Cases;
using AllowlistSync.Conformance.Harnesses;
using AllowlistSync.Conformance.Harnesses.BtPanel;
using AllowlistSync.Conformance.Harnesses.CrowdSec;
using AllowlistSync.TestKit;

namespace AllowlistSync.Conformance;

/// <summary>Runs one case on one harness.</summary>
public abstract class ConformanceTheory(IConformanceHarness harness)
{
    // The dearest case takes a fifth of it on two cores that nobody else uses.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(600);

    /// <summary>The rows of a harness; the display name holds the id. What it declared as a gap, with a reason, is no row (see <see cref="CoverageTests"/>).</summary>
    protected static IEnumerable<TheoryDataRow<string>> Rows(IConformanceHarness of) =>
        AllCases.All.Where(one => !of.Gaps.Contains(one.Id)).Select(one => new TheoryDataRow<string>(one.Id) { TestDisplayName = $"{of.Name} {one.Id}: {one.Title}" }.WithTrait("case", one.Id));

    /// <summary>Runs a case.</summary>
    protected async Task RunAsync(string id)
    {
        Needs.Sandbox([.. harness.Programs]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(Limit);
        await using var context = await ConformanceContext.StartAsync(harness, stop.Token);
        await AllCases.All.Single(one => one.Id == id).Run(context, stop.Token);
    }
}

/// <summary>nftables, rule way, on the real kernel.</summary>
public sealed class NftablesRuleConformance() : ConformanceTheory(Of)
{
    private static readonly NftablesRuleHarness Of = new();

    public static IEnumerable<TheoryDataRow<string>> Cases => Rows(Of);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Conforms(string id) => RunAsync(id);
}

/// <summary>nftables, set way, on the real kernel.</summary>
public sealed class NftablesSetConformance() : ConformanceTheory(Of)
{
    private static readonly NftablesSetHarness Of = new();

    public static IEnumerable<TheoryDataRow<string>> Cases => Rows(Of);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Conforms(string id) => RunAsync(id);
}

/// <summary>iptables on nf_tables with ipset, on the real kernel.</summary>
public sealed class IptablesNftConformance() : ConformanceTheory(Of)
{
    private static readonly IptablesHarness Of = IptablesHarness.Nft;

    public static IEnumerable<TheoryDataRow<string>> Cases => Rows(Of);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Conforms(string id) => RunAsync(id);
}

/// <summary>iptables on x_tables with ipset, on the real kernel.</summary>
public sealed class IptablesLegacyConformance() : ConformanceTheory(Of)
{
    private static readonly IptablesHarness Of = IptablesHarness.Legacy;

    public static IEnumerable<TheoryDataRow<string>> Cases => Rows(Of);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Conforms(string id) => RunAsync(id);
}

/// <summary>iptables on nf_tables without ipset, on the real kernel.</summary>
public sealed class IptablesRulesConformance() : ConformanceTheory(Of)
{
    private static readonly IptablesHarness Of = IptablesHarness.Rules;

    public static IEnumerable<TheoryDataRow<string>> Cases => Rows(Of);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Conforms(string id) => RunAsync(id);
}

/// <summary>firewalld in the operator's zone, nftables backend.</summary>
public sealed class FirewalldZoneConformance() : ConformanceTheory(Of)
{
    private static readonly FirewalldHarness Of = new(isPolicy: false, "nftables");

    public static IEnumerable<TheoryDataRow<string>> Cases => Rows(Of);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Conforms(string id) => RunAsync(id);
}

/// <summary>firewalld with a policy of our own, nftables backend.</summary>
public sealed class FirewalldPolicyConformance() : ConformanceTheory(Of)
{
    private static readonly FirewalldHarness Of = new(isPolicy: true, "nftables");

    public static IEnumerable<TheoryDataRow<string>> Cases => Rows(Of);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Conforms(string id) => RunAsync(id);
}

/// <summary>firewalld in the operator's zone, iptables backend.</summary>
public sealed class FirewalldIptablesConformance() : ConformanceTheory(Of)
{
    private static readonly FirewalldHarness Of = new(isPolicy: false, "iptables");

    public static IEnumerable<TheoryDataRow<string>> Cases => Rows(Of);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Conforms(string id) => RunAsync(id);
}

/// <summary>ufw on iptables-nft.</summary>
public sealed class UfwNftConformance() : ConformanceTheory(Of)
{
    private static readonly UfwHarness Of = new(isLegacy: false);

    public static IEnumerable<TheoryDataRow<string>> Cases => Rows(Of);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Conforms(string id) => RunAsync(id);
}

/// <summary>ufw on iptables-legacy.</summary>
public sealed class UfwLegacyConformance() : ConformanceTheory(Of)
{
    private static readonly UfwHarness Of = new(isLegacy: true);

    public static IEnumerable<TheoryDataRow<string>> Cases => Rows(Of);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Conforms(string id) => RunAsync(id);
}

/// <summary>fail2ban, the version that is installed.</summary>
public sealed class Fail2BanConformance() : ConformanceTheory(Of)
{
    private static readonly Fail2BanHarness Of = new(readsLists: false);

    public static IEnumerable<TheoryDataRow<string>> Cases => Rows(Of);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Conforms(string id) => RunAsync(id);
}

/// <summary>fail2ban that reads lists of ranges.</summary>
public sealed class Fail2BanListConformance() : ConformanceTheory(Of)
{
    private static readonly Fail2BanHarness Of = new(readsLists: true);

    public static IEnumerable<TheoryDataRow<string>> Cases => Rows(Of);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Conforms(string id) => RunAsync(id);
}

/// <summary>A file that nginx includes.</summary>
public sealed class RangeFileConformance() : ConformanceTheory(Of)
{
    private static readonly RangeFileHarness Of = new();

    public static IEnumerable<TheoryDataRow<string>> Cases => Rows(Of);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Conforms(string id) => RunAsync(id);
}

/// <summary>CSF: the real one where there is one, else its stand-in.</summary>
public sealed class CsfConformance() : ConformanceTheory(Of)
{
    private static readonly CsfHarness Of = new();

    public static IEnumerable<TheoryDataRow<string>> Cases => Rows(Of);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Conforms(string id) => RunAsync(id);
}

/// <summary>The real crowdsec 1.4.6, with a whitelist file.</summary>
public sealed class CrowdSecRealConformance() : ConformanceTheory(Of)
{
    private static readonly CrowdSecHarness Of = new(CrowdSecKind.Real);

    public static IEnumerable<TheoryDataRow<string>> Cases => Rows(Of);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Conforms(string id) => RunAsync(id);
}

/// <summary>A stand-in for a crowdsec with allowlists.</summary>
public sealed class CrowdSecAllowlistConformance() : ConformanceTheory(Of)
{
    private static readonly CrowdSecHarness Of = new(CrowdSecKind.New);

    public static IEnumerable<TheoryDataRow<string>> Cases => Rows(Of);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Conforms(string id) => RunAsync(id);
}

/// <summary>The firewall of aaPanel and BT panel, on the real kernel.</summary>
public sealed class BtPanelConformance() : ConformanceTheory(Of)
{
    private static readonly BtPanelHarness Of = new();

    public static IEnumerable<TheoryDataRow<string>> Cases => Rows(Of);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Conforms(string id) => RunAsync(id);
}
