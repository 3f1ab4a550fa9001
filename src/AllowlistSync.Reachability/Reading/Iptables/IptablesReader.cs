using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>Makes tables of what iptables-save and ip6tables-save print.</summary>
internal static class IptablesReader
{
    /// <summary>Reads all tables of a text.</summary>
    /// <exception cref="DumpException">The text is cut off, or no such text.</exception>
    internal static IEnumerable<Table> Read(Dump dump, Backend backend, IptablesContext context) => ReadTables(SaveTextReader.Read(dump), backend, context);

    /// <summary>Reads all tables of a text that was split before.</summary>
    internal static IEnumerable<Table> ReadTables(SaveText text, Backend backend, IptablesContext context)
    {
        var rules = new RuleReader(context);
        var family = context.Family == IpFamily.IPv4 ? "ip" : "ip6";
        foreach (var table in text.Tables)
        {
            var names = table.Chains.Select(one => one.Name).ToHashSet(StringComparer.Ordinal);
            yield return new(backend, family, table.Name, table.Chains.ToImmutableDictionary(chain => chain.Name, chain => ReadChain(table.Name, chain, rules, names)));
        }
    }

    private static Chain ReadChain(string table, SaveChain chain, RuleReader reader, HashSet<string> names)
    {
        var rules = ImmutableArray.CreateBuilder<Rule>(chain.Lines.Count);
        foreach (var line in chain.Lines)
        {
            rules.Add(new(ReadRule(line, reader, names.Contains), RuleText.OfUtf8(line.Text), rules.Count + 1) { Saved = line.RuleStart == 0 ? default : line.Text });
        }

        return new(chain.Name, rules.MoveToImmutable()) { Base = ChainPlaces.Of(table, chain.Name, chain.Policy) };
    }

    /// <summary>The steps of a rule; a jump to a chain that is not there is unknown.</summary>
    internal static ImmutableArray<Step> ReadRule(SaveLine line, RuleReader reader, Func<string, bool> hasChain)
    {
        if (line.RuleStart == 0)
        {
            return [new UnknownStatement(Encoding.UTF8.GetString(line.Text.Span), UnknownReason.NotUnderstood)];
        }

        var steps = reader.Read(line.Rule);
        return steps is [.., Decide { Verdict.Chain: { } target } jump] && !hasChain(target)
            ? steps.Replace(jump, new UnknownStatement($"{jump.Verdict.Kind} {target}: the table has no such chain", UnknownReason.NotRead))
            : steps;
    }
}
