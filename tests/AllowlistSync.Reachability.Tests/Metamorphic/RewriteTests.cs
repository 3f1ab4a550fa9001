using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Tests.Generated;
using Shouldly;

namespace AllowlistSync.Reachability.Tests.Metamorphic;

/// <summary>What changes no packet's fate changes no verdict.</summary>
public sealed class RewriteTests
{
    private const int Seeds = 500;

    public static TheoryData<string> Names => [.. Rewrite.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Verdicts_stay_when(string change)
    {
        var changed = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            var before = RandomRuleSet.Of(seed);
            var after = Rewrite.All[change](before, new Random(seed));
            changed += Count(before) == Count(after) ? 0 : 1;
            Verdicts.Line(after).ShouldBe(Verdicts.Line(before), $"seed {seed}, {change}");
        }

        // Changes that keep the number of rules are checked by the others; the rest must have changed something.
        if (change.Contains("becomes a rule", StringComparison.Ordinal) || change.Contains("twice", StringComparison.Ordinal))
        {
            changed.ShouldBeGreaterThan(Seeds / 20);
        }
    }

    private static int Count(RuleSet ruleSet) => ruleSet.Tables.Sum(table => table.Chains.Values.Sum(chain => chain.Rules.Length));
}
