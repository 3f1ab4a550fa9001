using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading.Ipset;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>Finds the rules of iptables that name sets of ipset.</summary>
internal static class SetRules
{
    /// <summary>All sets that rules name, to ask or to fill them.</summary>
    internal static HashSet<string> Names(RuleSet ruleSet)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var rule in ruleSet.Tables.SelectMany(table => table.Chains.Values).SelectMany(chain => chain.Rules).Where(rule => MayName(rule.Saved.Span)))
        {
            NamesIn(rule.Saved.Span, names);
        }

        return names;
    }

    /// <summary>Reads the rules again that name one of some sets.</summary>
    internal static RuleSet Reread(RuleSet ruleSet, HashSet<string> changed)
    {
        if (changed.Count == 0)
        {
            return ruleSet;
        }

        var sets = CatalogOf(ruleSet);
        var (four, six) = (new RuleReader(new(IpFamily.IPv4, sets)), new RuleReader(new(IpFamily.IPv6, sets)));
        return ruleSet with { Tables = [.. ruleSet.Tables.Select(table => Reread(table, changed, table.Family == "ip6" ? six : four))] };
    }

    /// <summary>The sets of a rule set, each read when a rule asks it.</summary>
    internal static IpsetCatalog CatalogOf(RuleSet ruleSet)
    {
        var read = new Dictionary<string, SavedSet>(StringComparer.Ordinal);
        return new(name =>
        {
            if (!read.TryGetValue(name, out var set) && ruleSet.IpSets?.GetValueOrDefault(name) is { } text)
            {
                read[name] = set = SetText.Read(text);
            }

            return set;
        });
    }

    private static Table Reread(Table table, HashSet<string> changed, RuleReader reader)
    {
        var chains = table.Chains;
        foreach (var chain in table.Chains.Values)
        {
            if (chain.Rules.Any(rule => Asks(rule, changed)))
            {
                chains = chains.SetItem(chain.Name, chain with { Rules = [.. chain.Rules.Select(rule => Asks(rule, changed) ? rule with { Steps = Steps(table, rule, reader) } : rule)] });
            }
        }

        return table with { Chains = chains };
    }

    private static ImmutableArray<Step> Steps(Table table, Rule rule, RuleReader reader)
    {
        var words = new WordScanner(rule.Saved.Span);
        return words.Next() && words.Next() ? IptablesReader.ReadRule(new(rule.Saved, words.End), reader, table.Chains.ContainsKey) : rule.Steps;
    }

    private static bool Asks(Rule rule, HashSet<string> changed)
    {
        if (!MayName(rule.Saved.Span))
        {
            return false;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        NamesIn(rule.Saved.Span, names);
        return names.Overlaps(changed);
    }

    private static bool MayName(ReadOnlySpan<byte> rule) => rule.IndexOf("set "u8) >= 0;

    private static void NamesIn(ReadOnlySpan<byte> rule, HashSet<string> names)
    {
        for (var words = new WordScanner(rule); words.Next();)
        {
            if (!words.IsQuoted && words.Word is [(byte)'-', (byte)'-', .., (byte)'s', (byte)'e', (byte)'t'] && words.Next())
            {
                names.Add(words.Text());
            }
        }
    }
}
