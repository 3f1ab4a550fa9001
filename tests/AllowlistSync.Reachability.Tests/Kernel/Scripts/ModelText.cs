using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Verifying;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading.Ipset;
using AllowlistSync.Reachability.Reading.Iptables;

namespace AllowlistSync.Reachability.Tests.Kernel.Scripts;

/// <summary>A rule set as lines of text, in which a rule is the same however it was read.</summary>
internal static class ModelText
{
    /// <summary>The chains that hold rules, that drop, or that a rule may lead to; the sets with what they hold.</summary>
    public static IReadOnlyList<string> Of(RuleSet rules) => [.. rules.Tables.SelectMany(Lines), .. (rules.IpSets ?? []).Select(set => $"set {set.Key} {set.Value.Type} {Elements(set.Value)}").Order(StringComparer.Ordinal)];

    /// <summary>The verdicts, without the reasons.</summary>
    public static IReadOnlyList<string> Of(Proof proof) =>
        [.. proof.Pieces.Select(piece => $"{piece.Port} {piece.From.Family} {piece.From.First:x}-{piece.From.Last:x} {piece.Verdict} {piece.How} {piece.Reaches}")];

    private static IEnumerable<string> Lines(Table table)
    {
        foreach (var chain in table.Chains.Values.Where(chain => chain.Rules.Length > 0 || chain.Base is null or { DropsByDefault: true }).OrderBy(chain => chain.Name, StringComparer.Ordinal))
        {
            var name = $"{table} {chain.Name}";
            yield return $"{name} {(chain.Base is { } place ? $"{place.Hook} {place.Priority} {place.Type} {place.DropsByDefault}" : "")}";
            foreach (var rule in chain.Rules)
            {
                yield return $"{name} {rule.Number}: {Text(table, rule)}";
            }
        }
    }

    private static string Text(Table table, Rule rule)
    {
        if (rule.Saved.IsEmpty)
        {
            return rule.Text.ToString();
        }

        var tool = new RestoreTool(table.Backend, table.Family == "ip6" ? IpFamily.IPv6 : IpFamily.IPv4);
        return new RestoreRule(rule).TextFor(tool);
    }

    private static string Elements(IpSet set)
    {
        var keys = new ElementKeys(set);
        return string.Join(' ', SetText.Lines(set).Select(line => $"{string.Join('+', keys.Of(line.Element.Span)?.Select(keys.Spell) ?? ["?"])}{(Encoding.UTF8.GetString(line.Options.Span).Contains("nomatch", StringComparison.Ordinal) ? "!" : "")}").Order(StringComparer.Ordinal));
    }
}
