using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading;
using AllowlistSync.Reachability.Tests.Generated;

namespace AllowlistSync.Reachability.Tests.Metamorphic;

/// <summary>Writes one table in each format, and reads it.</summary>
internal static class TextFormats
{
    /// <summary>As either engine's save, with ports in one rule or a rule each, with sources in the rule or in a set, and as nft text.</summary>
    internal static ImmutableSortedDictionary<string, Func<TextTable, RuleSet>> All { get; } = new Dictionary<string, Func<TextTable, RuleSet>>
    {
        ["iptables-legacy-save"] = table => Read(DumpKind.IptablesLegacy, Save(table, MultiPort)),
        ["iptables-nft-save"] = table => Read(DumpKind.IptablesNft, Save(table, MultiPort)),
        ["iptables-save, a rule for each port"] = table => Read(DumpKind.IptablesLegacy, Save(EachPort(table), OnePort)),
        ["iptables-save, sources in sets"] = table => Read(DumpKind.IptablesLegacy, Save(table, InSet), Sets(table)),
        ["nft text"] = table => Read(DumpKind.NftText, Nft(table, rule => rule.Source)),
        ["nft text, sources in braces"] = table => Read(DumpKind.NftText, Nft(table, rule => $"{{ {rule.Source} }}")),
        ["nft text, sources in sets"] = table => Read(DumpKind.NftText, Nft(table, rule => "@" + SetOf(rule))),
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static RuleSet Read(DumpKind kind, string text, string? sets = null)
    {
        List<Dump> dumps = [new(kind.ToString(), Encoding.UTF8.GetBytes(text)) { Kind = kind }];
        if (sets is not null)
        {
            dumps.Add(new("ipset save", Encoding.UTF8.GetBytes(sets)) { Kind = DumpKind.Ipset });
        }

        return RuleSetReader.Read(dumps) with { Host = World.Host };
    }

    private static string Save(TextTable table, Func<TextRule, string> conditions)
    {
        var text = new StringBuilder($"*filter\n:INPUT {(table.DropsByDefault ? "DROP" : "ACCEPT")} [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:one - [0:0]\n:two - [0:0]\n");
        foreach (var rule in table.Rules)
        {
            text.Append($"-A {rule.Chain}{conditions(rule)}{(rule.State is null ? "" : $" -m conntrack --ctstate {rule.State.ToUpperInvariant()}")} {Target(rule.Verdict)}\n");
        }

        return text.Append("COMMIT\n").ToString();
    }

    private static string Target(string verdict) => verdict.Split(' ') switch
    {
        ["jump", var chain] => $"-j {chain}",
        ["goto", var chain] => $"-g {chain}",
        ["reject"] => "-j REJECT --reject-with icmp-port-unreachable",
        _ => $"-j {verdict.ToUpperInvariant()}",
    };

    private static string Source(TextRule rule) => rule.Source is null ? "" : $"{(rule.IsNot ? " !" : "")} -s {rule.Source}";

    private static string MultiPort(TextRule rule) => Source(rule) + (rule.Ports.IsEmpty ? "" : $" -p tcp -m multiport --dports {string.Join(',', rule.Ports)}");

    private static string OnePort(TextRule rule) => Source(rule) + (rule.Ports.IsEmpty ? "" : $" -p tcp -m tcp --dport {rule.Ports[0]}");

    private static string InSet(TextRule rule) => (rule.Ports.IsEmpty ? "" : $" -p tcp -m multiport --dports {string.Join(',', rule.Ports)}")
        + (rule.Source is null ? "" : $" -m set{(rule.IsNot ? " !" : "")} --match-set {SetOf(rule)} src");

    private static TextTable EachPort(TextTable table) => table with { Rules = [.. table.Rules.SelectMany(rule => rule.Ports.IsEmpty ? [rule] : rule.Ports.Select(port => rule with { Ports = [port] }))] };

    private static string SetOf(TextRule rule) => "s" + rule.Source!.Replace('.', '_').Replace('/', '_');

    private static IEnumerable<TextRule> WithSource(TextTable table) => table.Rules.Where(rule => rule.Source is not null).DistinctBy(rule => rule.Source);

    private static string Sets(TextTable table) => string.Concat(WithSource(table).Select(rule => $"create {SetOf(rule)} hash:net family inet hashsize 1024 maxelem 65536\nadd {SetOf(rule)} {rule.Source}\n"));

    private static string Nft(TextTable table, Func<TextRule, string?> sources)
    {
        var text = new StringBuilder("table ip filter {\n");
        foreach (var rule in WithSource(table))
        {
            text.Append($"set {SetOf(rule)} {{\ntype ipv4_addr\nflags interval\nelements = {{ {rule.Source} }}\n}}\n");
        }

        foreach (var chain in TextTable.Chains.Reverse())
        {
            var hook = chain is "INPUT" or "OUTPUT"
                ? $"type filter hook {chain.ToLowerInvariant()} priority filter; policy {(chain == "INPUT" && table.DropsByDefault ? "drop" : "accept")};\n"
                : "";
            text.Append($"chain {chain} {{\n{hook}");
            foreach (var rule in table.Rules.Where(rule => rule.Chain == chain))
            {
                var source = rule.Source is null ? "" : $"ip saddr {(rule.IsNot ? "!= " : "")}{sources(rule)} ";
                var ports = rule.Ports.IsEmpty ? "" : $"tcp dport {{ {string.Join(", ", rule.Ports)} }} ";
                text.Append($"{source}{ports}{(rule.State is null ? "" : $"ct state {rule.State} ")}{rule.Verdict}\n");
            }

            text.Append("}\n");
        }

        return text.Append("}\n").ToString();
    }
}
