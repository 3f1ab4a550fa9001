using AllowlistSync.Conformance.Harnesses;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Conformance.Ssh;

/// <summary>nftables, rule way, on a host that is reached by ssh.</summary>
public sealed class NftablesOverSshConformance() : ConformanceTheory(Of)
{
    private static readonly OverSshHarness Of = new(new NftablesRuleHarness());

    public static IEnumerable<TheoryDataRow<string>> Cases => Rows(Of);

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Conforms(string id) => RunAsync(id);
}

/// <summary>The other providers over ssh: the way there and back, and how many ways to the host it takes.</summary>
public sealed class ProvidersOverSshTests(ITestOutputHelper output)
{
    public static TheoryData<string, int, int> Names => new() { { "nftables", 6, 14 }, { "iptables", 8, 28 }, { "ufw", 12, 44 }, { "firewalld", 30, 160 } };

    // The counts are what a change costs over a slow line: whoever raises them must mean it.
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Applies_proves_and_removes(string name, int mostForLook, int mostForApply)
    {
        var harness = new OverSshHarness(HarnessOf(name));
        Needs.Sandbox([.. harness.Programs]);
        var ct = TestContext.Current.CancellationToken;
        await using var context = await ConformanceContext.StartAsync(harness, ct);
        var ways = 0;
        context.Tap.Before = (_, _) => Task.FromResult<Core.Hosts.CommandResult?>(Counted(ref ways));
        context.Tap.BeforeOther = (_, _) => Task.FromResult(Counted(ref ways));

        (await context.LookAsync(Lists.Small, ct)).Error.ShouldBeNull();
        var look = Interlocked.Exchange(ref ways, 0);
        (await context.ApplyAsync(Lists.Small, ct)).Error.ShouldBeNull();
        var apply = Interlocked.Exchange(ref ways, 0);
        await context.DemandAsync(Lists.Small, ct);
        await context.RemoveAsync(ct);

        output.WriteLine($"{name}: {look} ways for a look, {apply} for an apply");
        look.ShouldBeInRange(1, mostForLook);
        apply.ShouldBeInRange(2, mostForApply);
    }

    private static Core.Hosts.CommandResult? Counted(ref int ways)
    {
        Interlocked.Increment(ref ways);
        return null;
    }

    private static IConformanceHarness HarnessOf(string name) => name switch
    {
        "nftables" => new NftablesSetHarness(),
        "iptables" => IptablesHarness.Nft,
        "ufw" => new UfwHarness(isLegacy: false),
        _ => new FirewalldHarness(isPolicy: false, "nftables"),
    };
}
