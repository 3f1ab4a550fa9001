using System.Collections.Immutable;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Tests.Metamorphic;

/// <summary>Fewer chains, and more.</summary>
internal static class Inlining
{
    /// <summary>Every jump to a chain that never returns early becomes the rules of that chain, each with the conditions of the jump.</summary>
    internal static Table Inline(Table table) => table with
    {
        Chains = table.Chains.Values.Select(chain => chain with { Rules = [.. chain.Rules.SelectMany(rule => Inline(table, rule)).Select((rule, index) => rule with { Number = index + 1 })] })
            .ToImmutableDictionary(chain => chain.Name),
    };

    /// <summary>Every base chain becomes a jump to a chain that holds its rules: a return ends both.</summary>
    internal static Table Wrap(Table table)
    {
        var chains = table.Chains;
        foreach (var chain in table.Chains.Values.Where(chain => chain.Base is not null))
        {
            var inner = new Chain($"inner{chain.Name}", chain.Rules);
            chains = chains.Add(inner.Name, inner).SetItem(chain.Name, chain with { Rules = [RuleSplits.Always(Verdict.Jump(inner.Name)) with { Number = 1 }] });
        }

        return table with { Chains = chains };
    }

    private static IEnumerable<Rule> Inline(Table table, Rule rule)
    {
        var conditions = rule.Steps[..^1];
        if (rule.Steps[^1] is Decide { Verdict: { Kind: VerdictKind.Jump, Chain: { } target } } && conditions.All(IsSteady) && table.Chains[target].Rules.All(one => one.Steps.All(CannotLeave)))
        {
            return table.Chains[target].Rules.Select(inner => inner with { Steps = [.. conditions, .. inner.Steps] });
        }

        return [rule];
    }

    // The chain's own rules must not change the answer of the jump's conditions.
    private static bool IsSteady(Step step) => step is FieldCondition { Field: not (Field.Mark or Field.ConnectionMark or Field.CtState) };

    private static bool CannotLeave(Step step) => step switch
    {
        Decide decide => decide.Verdict.Kind is not (VerdictKind.Return or VerdictKind.Goto),
        DecideByMap map => map.Entries.All(entry => entry.Value.Kind is not (VerdictKind.Return or VerdictKind.Goto)),
        _ => true,
    };
}
