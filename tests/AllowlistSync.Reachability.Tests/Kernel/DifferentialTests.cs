using AllowlistSync.Reachability.Tests.Kernel.Generating;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Reachability.Tests.Kernel;

/// <summary>
/// The proof against the kernel: random rule sets, real connections. Every definite verdict must be what the kernel does.
/// <c>ALLOWLIST_SYNC_RULESETS=5000</c> tries as many of each kind, <c>ALLOWLIST_SYNC_SEED=77</c> starts at that seed (alone: tries that one only).
/// </summary>
public sealed class DifferentialTests
{
    private const int Sources = 60;
    private const int ShownAtMost = 4;
    private static readonly int[] Ports = [80, 443, 8443];
    private static readonly HandshakeBudget Steady = new(TimeSpan.FromMilliseconds(150), TimeSpan.FromMilliseconds(300));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RuleSetKind.Iptables, false, 80)]
    [InlineData(RuleSetKind.Ip6tables, false, 60)]
    [InlineData(RuleSetKind.Nft, false, 100)]
    [InlineData(RuleSetKind.Mixed, false, 60)]
    [InlineData(RuleSetKind.Iptables, true, 10)]
    [InlineData(RuleSetKind.Ip6tables, true, 10)]
    [InlineData(RuleSetKind.Nft, true, 10)]
    [InlineData(RuleSetKind.Mixed, true, 10)]
    internal async Task Every_definite_verdict_is_what_the_kernel_does(RuleSetKind kind, bool hasRates, int count)
    {
        Needs.Sandbox(KernelHost.Programs);
        var (first, last) = Seeds(count);
        var tally = new DifferentialTally();

        // Two at a time: each spends half of its time waiting for packets that do not come.
        await Parallel.ForAsync(first, last + 1, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = Ct }, async (seed, ct) =>
        {
            var made = RuleSetGenerator.Make(kind, seed, hasRates);
            tally.Add(made, await CompareAsync(made, seed, ct));
        });

        Say($"{kind}{(hasRates ? " with rates" : "")}: {tally}");
        tally.Wrong.Count.ShouldBe(0, await TellAsync(tally.Wrong));
        tally.Accepted.ShouldBeGreaterThan(0);
        tally.OtherWays.ShouldBeLessThanOrEqualTo(Math.Max(tally.Probes / 50, 180), "fails in another way, or ends elsewhere");
    }

    private static async Task<List<Comparison>> CompareAsync(GeneratedRuleSet made, int seed, CancellationToken ct)
    {
        try
        {
            await using var trial = await Trial.StartAsync(made.Loads, new HandshakeOptions(), ct);
            return await trial.CompareAsync(ProbeSample.Of(made, seed, Sources, Ports), made.HasRates ? Steady : HandshakeBudget.Quick, ct);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new InvalidOperationException($"{made.Name}: {failure.Message}\n{made}", failure);
        }
    }

    private static (int First, int Last) Seeds(int count)
    {
        var sets = Environment.GetEnvironmentVariable("ALLOWLIST_SYNC_RULESETS");
        var seed = Environment.GetEnvironmentVariable("ALLOWLIST_SYNC_SEED");
        var first = seed is null ? 1 : int.Parse(seed);
        return (first, sets is not null ? first + int.Parse(sets) - 1 : seed is not null ? first : count);
    }

    /// <summary>One contradiction of each rule set, the first with the smallest rule set that shows it.</summary>
    private static async Task<string> TellAsync(IEnumerable<(GeneratedRuleSet Made, Comparison Comparison)> wrong)
    {
        var story = new List<string>();
        foreach (var (made, comparison) in wrong.GroupBy(one => one.Made).Take(ShownAtMost).Select(group => group.First()))
        {
            var small = await Reducer.ReduceAsync(made, comparison.Kernel.Probe, new HandshakeOptions(), Ct);
            story.Add($"{made.Name}: {comparison}\nsmallest rule set that shows it:\n{string.Join('\n', small)}\n");
        }

        return string.Join("\n----\n", story);
    }

    private static void Say(string line)
    {
        TestContext.Current.SendDiagnosticMessage("{0}", line);
        TestContext.Current.TestOutputHelper?.WriteLine(line);
    }
}
