using System.Collections.Concurrent;
using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;
using AllowlistSync.Reachability.Tests.Kernel.Generating;
using AllowlistSync.Reachability.Tests.Kernel.Scripts;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Reachability.Tests.Kernel;

/// <summary>
/// Random scripts on random rule sets: what the model becomes must be what is read from the host after the real tool carried the script out, rule by
/// rule and verdict by verdict, and what the tool refuses the model must not claim to know. <c>ALLOWLIST_SYNC_RULESETS=2000</c> tries as many of each
/// kind, <c>ALLOWLIST_SYNC_SEED=77</c> starts at that seed.
/// </summary>
public sealed class ChangeScriptTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(IpFamily.IPv4, true)]
    [InlineData(IpFamily.IPv4, false)]
    [InlineData(IpFamily.IPv6, true)]
    [InlineData(IpFamily.IPv6, false)]
    public async Task A_script_makes_of_the_model_what_the_tool_makes_of_the_host(IpFamily family, bool isLegacy)
    {
        Needs.Sandbox(KernelHost.Programs);
        var count = int.Parse(Environment.GetEnvironmentVariable("ALLOWLIST_SYNC_RULESETS") ?? "25");
        var first = int.Parse(Environment.GetEnvironmentVariable("ALLOWLIST_SYNC_SEED") ?? "1");
        var outcomes = new ConcurrentBag<(int Seed, string Script, ScriptOutcome Outcome)>();
        await Parallel.ForAsync(first, first + count, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = Ct }, async (seed, ct) =>
        {
            var (script, outcome) = await TryAsync(family, isLegacy, seed, ct);
            outcomes.Add((seed, script, outcome));
        });

        var wrong = outcomes.Where(one => one.Outcome is { Difference: not null, IsCautious: false }).OrderBy(one => one.Seed).ToList();
        var cautious = outcomes.Where(one => one.Outcome.IsCautious).OrderBy(one => one.Seed).ToList();
        Say($"{family} legacy={isLegacy}: {outcomes.Count} changes, {outcomes.Count(one => one.Outcome.IsRefused)} refused by the tool, {cautious.Count} not followed by the model, {wrong.Count} wrong");
        cautious.ForEach(one => Say($"  seed {one.Seed}: {one.Outcome.Difference}\n{one.Script}"));
        wrong.ShouldBeEmpty(string.Join("\n----\n", wrong.Take(3).Select(one => $"seed {one.Seed}\n{one.Script}\n{one.Outcome.Difference}")));
        cautious.Count.ShouldBeLessThanOrEqualTo(Math.Max(2, count / 10));
        outcomes.Count(one => one.Outcome is { IsRefused: false, IsCautious: false }).ShouldBeGreaterThan(count / 3);
    }

    private static async Task<(string Script, ScriptOutcome Outcome)> TryAsync(IpFamily family, bool isLegacy, int seed, CancellationToken ct)
    {
        var dice = new Dice(unchecked((seed * 4) + (isLegacy ? 1 : 0) + (family == IpFamily.IPv6 ? 2 : 0)));
        var pool = new AddressPool(dice, family);
        var (rules, sets) = new IptablesGenerator(dice, pool, "s", 12, hasRates: false).Make();
        await using var trial = await ScriptTrial.StartAsync([new(LoadKind.Ipset, sets), new(LoadOf(family, isLegacy), rules)], ct);
        var before = await trial.ReadAsync(ct);

        var change = ImmutableArray.CreateBuilder<ChangeScript>();
        if (dice.Chance(0.5))
        {
            change.Add(new(ScriptLanguage.Ipset, new SetEdits(dice, pool).Make(before)));
        }

        var edits = new RuleEdits(dice, pool, isLegacy);
        for (var i = dice.Roll(change.Count == 0 ? 1 : 0, 1); i > 0; i--)
        {
            change.Add(new(LanguageOf(family, isLegacy), edits.Make(before)));
        }

        return (string.Join('\n', change), await trial.CompareAsync(before, change.ToImmutable(), comparesText: true, ct));
    }

    private static LoadKind LoadOf(IpFamily family, bool isLegacy) => (family, isLegacy) switch
    {
        (IpFamily.IPv4, true) => LoadKind.IptablesLegacy,
        (IpFamily.IPv4, false) => LoadKind.IptablesNft,
        (_, true) => LoadKind.Ip6tablesLegacy,
        _ => LoadKind.Ip6tablesNft,
    };

    private static ScriptLanguage LanguageOf(IpFamily family, bool isLegacy) => Enum.Parse<ScriptLanguage>($"{LoadOf(family, isLegacy)}");

    private static void Say(string line)
    {
        TestContext.Current.SendDiagnosticMessage("{0}", line);
        TestContext.Current.TestOutputHelper?.WriteLine(line);
    }
}
