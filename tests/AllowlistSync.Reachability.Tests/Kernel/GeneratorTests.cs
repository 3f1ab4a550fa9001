using AllowlistSync.Reachability.Tests.Kernel.Generating;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Reachability.Tests.Kernel;

public sealed class GeneratorTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void The_same_seed_gives_the_same_rule_set_and_another_seed_another()
    {
        foreach (var kind in Enum.GetValues<RuleSetKind>())
        {
            $"{RuleSetGenerator.Make(kind, 7, hasRates: true)}".ShouldBe($"{RuleSetGenerator.Make(kind, 7, hasRates: true)}");
            $"{RuleSetGenerator.Make(kind, 7, hasRates: true)}".ShouldNotBe($"{RuleSetGenerator.Make(kind, 8, hasRates: true)}");
        }
    }

    [Theory]
    [InlineData(RuleSetKind.Iptables)]
    [InlineData(RuleSetKind.Ip6tables)]
    [InlineData(RuleSetKind.Nft)]
    [InlineData(RuleSetKind.Mixed)]
    internal async Task Every_rule_set_loads(RuleSetKind kind)
    {
        Needs.Sandbox(KernelHost.Programs);
        var count = int.TryParse(Environment.GetEnvironmentVariable("ALLOWLIST_SYNC_LOADS"), out var given) ? given : 20;
        var refused = new List<string>();
        for (var seed = 1; seed <= count; seed++)
        {
            await using var lab = await HandshakeLab.StartAsync(new HandshakeOptions(), Ct);
            var made = RuleSetGenerator.Make(kind, seed, hasRates: seed % 4 == 0);
            try
            {
                await KernelHost.LoadAsync(lab.RunAsync, made.Loads, Ct);
            }
            catch (InvalidOperationException failure)
            {
                refused.Add($"{made.Name}: {failure.Message}");
            }
        }

        refused.ShouldBeEmpty();
    }
}
