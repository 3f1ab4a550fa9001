using System.Collections.Immutable;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>
/// Puts together what nft and iptables-nft-save say of the same table. nft knows the rules but names xt extensions without their content;
/// iptables-nft-save knows that content but prints rules that nft wrote wrongly (<c>ip saddr @s drop</c> becomes <c>-j DROP</c>). So the rules are
/// those of nft, and only the content of an xt extension comes from the rule at the same place of the save.
/// </summary>
/// <param name="save">The save of the tables' family; null when there is none.</param>
/// <param name="context">What the reading of the save depends on.</param>
internal sealed class XtMerge(SaveText? save, IptablesContext context)
{
    private const string NotGiven = "the output of iptables-nft-save or ip6tables-nft-save, which says what it asks, was not given";

    private readonly RuleReader _reader = new(context);

    /// <summary>The table without any xt step.</summary>
    internal Table Merge(Table table)
    {
        var saved = save?.Tables.FirstOrDefault(one => one.Name == table.Name)?.Chains.ToDictionary(chain => chain.Name, StringComparer.Ordinal);
        var chains = table.Chains.ToBuilder();
        foreach (var chain in table.Chains.Values)
        {
            var lines = saved?.GetValueOrDefault(chain.Name);
            if (chain.Rules.Any(rule => rule.Steps.Any(step => step is XtStep)))
            {
                chains[chain.Name] = chain with { Rules = MergeChain(chain, lines) };
            }
            else if (!chain.Rules.IsEmpty && lines?.Lines.Count == chain.Rules.Length)
            {
                chains[chain.Name] = chain with { Rules = [.. chain.Rules.Select((rule, i) => rule with { Saved = lines.Lines[i].Text })] };
            }
        }

        return table with { Chains = chains.ToImmutable() };
    }

    private ImmutableArray<Rule> MergeChain(Chain chain, SaveChain? saved)
    {
        if (saved is null)
        {
            return [.. chain.Rules.Select(rule => rule with { Steps = Replace(rule.Steps, parts: null) })];
        }

        if (saved.Lines.Count != chain.Rules.Length)
        {
            var text = $"chain {chain.Name}: nft prints {chain.Rules.Length} rules and iptables-nft-save {saved.Lines.Count}, so the two cannot be read together";
            return [new([new UnknownStatement(text, UnknownReason.NotRead) { UsesConntrack = true }], RuleText.Of(text), 1)];
        }

        return [.. chain.Rules.Select((rule, i) => MergeRule(rule, saved.Lines[i]))];
    }

    private Rule MergeRule(Rule rule, SaveLine line) => rule.Steps.Any(step => step is XtStep)
        ? rule with { Steps = Replace(rule.Steps, RuleParts.Of(line, _reader)), Text = RuleText.OfUtf8(line.Text), Saved = line.Text }
        : rule with { Saved = line.Text };

    private static ImmutableArray<Step> Replace(ImmutableArray<Step> steps, RuleParts? parts)
    {
        var merged = ImmutableArray.CreateBuilder<Step>();
        var taken = new Dictionary<string, int>();
        foreach (var step in steps)
        {
            if (step is not XtStep xt)
            {
                merged.Add(step);
                continue;
            }

            var number = taken.GetValueOrDefault(xt.Name);
            taken[xt.Name] = number + 1;
            merged.AddRange(Partner(xt, number, steps, parts) ?? Unknown(xt));
        }

        return merged.DrainToImmutable();
    }

    /// <summary>The steps of the extension's partner; null when it has none, or when it is not clear which one it is.</summary>
    private static ImmutableArray<Step>? Partner(XtStep xt, int number, ImmutableArray<Step> steps, RuleParts? parts)
    {
        if (xt.Type == "target")
        {
            return parts?.Target is { } target && target.KernelName == xt.Name ? target.Steps : null;
        }

        var matches = xt.Type == "match" ? parts?.MatchesOf(xt.Name) : null;
        return matches is not null && matches.Count == steps.Count(step => step is XtStep { Type: "match" } other && other.Name == xt.Name) ? matches[number] : null;
    }

    private static ImmutableArray<Step> Unknown(XtStep xt)
    {
        var name = xt.Name.Length == 0 ? "an xt extension" : $"xt {xt.Type} {xt.Name}";
        var tracks = MatchModules.TracksConnections(xt.Name) || Targets.TracksConnections(xt.Name);
        var condition = new UnknownCondition($"{name}: {NotGiven}", UnknownReason.NotRead, tracks);
        var statement = new UnknownStatement($"{name}: {NotGiven}", UnknownReason.NotRead) { UsesConntrack = tracks };
        return xt.Type switch { "match" => [condition], "target" => [statement], _ => [condition, statement] };
    }
}
