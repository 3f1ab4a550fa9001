using System.Collections.Immutable;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Tests.Metamorphic;

/// <summary>Changes of a rule set that change no verdict.</summary>
internal static class Rewrite
{
    /// <summary>Each by the name that a failure prints.</summary>
    internal static ImmutableSortedDictionary<string, Func<RuleSet, Random, RuleSet>> All { get; } = new Dictionary<string, Func<RuleSet, Random, RuleSet>>
    {
        ["rules for disjoint sources swap places"] = (ruleSet, _) => OnChains(ruleSet, chain => chain with { Rules = SwapDisjoint(chain.Rules) }),
        ["a rule for a source becomes two, for its halves"] = (ruleSet, random) => OnRules(ruleSet, rule => random.Next(2) == 0 ? [rule] : RuleSplits.Halves(rule)),
        ["a rule for a set becomes a rule for each range"] = (ruleSet, _) => OnRules(ruleSet, RuleSplits.Ranges),
        ["a rule that decides is said twice"] = (ruleSet, random) => OnRules(ruleSet, rule => random.Next(2) == 0 && IsRepeatable(rule) ? [rule, rule] : [rule]),
        ["a rule that no packet meets is added"] = (ruleSet, random) => OnRules(ruleSet, rule => random.Next(2) == 0 ? [RuleSplits.NeverMet(random), rule] : [rule]),
        ["a chain that nobody jumps to is added"] = (ruleSet, random) => OnTables(ruleSet, table => table with { Chains = table.Chains.Add("lonely", new("lonely", [RuleSplits.Always(Verdict.Drop), RuleSplits.NeverMet(random)])) }),
        ["a jump becomes the rules of its chain"] = (ruleSet, _) => OnTables(ruleSet, Inlining.Inline),
        ["the rules of a base chain move into a chain of their own"] = (ruleSet, _) => OnTables(ruleSet, Inlining.Wrap),
        ["a map of verdicts becomes a rule for each entry"] = (ruleSet, _) => OnRules(ruleSet, RuleSplits.Entries),
        ["a set becomes a lookup"] = (ruleSet, _) => OnRules(ruleSet, rule => [rule with { Steps = [.. rule.Steps.Select(RuleSplits.AsLookup)] }]),
        ["a negation becomes the complement"] = (ruleSet, _) => OnRules(ruleSet, rule => [rule with { Steps = [.. rule.Steps.Select(RuleSplits.AsComplement)] }]),
        ["tables come in another order"] = (ruleSet, _) => ruleSet with { Tables = [.. ruleSet.Tables.Reverse()] },
        ["a dormant table is added"] = (ruleSet, _) => ruleSet with { Tables = ruleSet.Tables.Insert(0, Dormant()) },
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static RuleSet OnTables(RuleSet ruleSet, Func<Table, Table> change) => ruleSet with { Tables = [.. ruleSet.Tables.Select(change)] };

    private static RuleSet OnChains(RuleSet ruleSet, Func<Chain, Chain> change) =>
        OnTables(ruleSet, table => table with { Chains = table.Chains.Values.Select(change).ToImmutableDictionary(chain => chain.Name) });

    private static RuleSet OnRules(RuleSet ruleSet, Func<Rule, ImmutableArray<Rule>> change) =>
        OnChains(ruleSet, chain => chain with { Rules = [.. chain.Rules.SelectMany(rule => change(rule)).Select((rule, index) => rule with { Number = index + 1 })] });

    // What a rule writes may be read by the next one, so a rule that writes stays where it is.
    private static ImmutableArray<Rule> SwapDisjoint(ImmutableArray<Rule> rules)
    {
        var swapped = rules.ToBuilder();
        for (var i = 0; i + 1 < swapped.Count; i += 2)
        {
            if (RuleSplits.SourceOf(swapped[i]) is { } one && RuleSplits.SourceOf(swapped[i + 1]) is { } other && one.Field == other.Field
                && !((NumberSet)one.Values).Ranges.Any(((NumberSet)other.Values).Overlaps))
            {
                (swapped[i], swapped[i + 1]) = (swapped[i + 1], swapped[i]);
            }
        }

        return swapped.ToImmutable();
    }

    private static bool IsRepeatable(Rule rule) =>
        rule.Steps[^1] is Decide { Verdict.Chain: null } && !rule.Steps.Any(step => step is SetMark);

    private static Table Dormant()
    {
        var chain = new Chain("in", [RuleSplits.Always(Verdict.Drop)]) { Base = new(ChainType.Filter, Hook.Input, -7, DropsByDefault: true) };
        return new(Backend.NfTables, "inet", "asleep", ImmutableDictionary<string, Chain>.Empty.Add("in", chain)) { IsDormant = true };
    }
}
