using System.Collections.Frozen;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading.Ipset;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>Why iptables or the kernel refuses a rule that is well spelled: it stands where it may not, or what it names is not there.</summary>
internal static class RestoreRefusals
{
    // The only table that takes a target (xt_REJECT.c, xt_nat.c, xt_CT.c and the like: .table).
    private static readonly FrozenDictionary<string, string> Tables = new Dictionary<string, string>
    {
        ["REJECT"] = "filter",
        ["DNAT"] = "nat",
        ["REDIRECT"] = "nat",
        ["SNAT"] = "nat",
        ["MASQUERADE"] = "nat",
        ["NETMAP"] = "nat",
        ["CT"] = "raw",
        ["TPROXY"] = "mangle",
        ["TOS"] = "mangle",
        ["DSCP"] = "mangle",
        ["TTL"] = "mangle",
        ["HL"] = "mangle",
        ["ECN"] = "mangle",
        ["CHECKSUM"] = "mangle",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string[]> Chains = new Dictionary<string, string[]>
    {
        ["DNAT"] = ["PREROUTING", "OUTPUT"],
        ["REDIRECT"] = ["PREROUTING", "OUTPUT"],
        ["SNAT"] = ["POSTROUTING", "INPUT"],
        ["MASQUERADE"] = ["POSTROUTING"],
    }.ToFrozenDictionary();

    /// <summary>What is wrong; null when nothing is known to be.</summary>
    internal static string? Find(SpelledRule rule, RestoreChain chain, RestoreTable table, RestoreTool tool, RuleSet ruleSet) =>
        Interfaces(rule, chain) ?? Protocols(rule) ?? Target(rule, chain, table) ?? Sets(rule, tool, ruleSet);

    private static string? Interfaces(SpelledRule rule, RestoreChain chain)
    {
        if (chain.Base is { Hook: Hook.Output or Hook.Postrouting } && rule.Input is not null)
        {
            return $"-i is not possible in chain {chain.Name}";
        }

        return chain.Base is { Hook: Hook.Input or Hook.Prerouting } && rule.Output is not null ? $"-o is not possible in chain {chain.Name}" : null;
    }

    private static string? Protocols(SpelledRule rule)
    {
        foreach (var name in rule.Matches.Select(match => match.Module.Name))
        {
            var isPossible = name switch
            {
                "tcp" or "udp" or "sctp" or "dccp" or "udplite" or "icmp" or "esp" or "ah" => rule.Protocol == name,
                "icmp6" => rule.Protocol == "ipv6-icmp",
                "multiport" => rule.Protocol is "tcp" or "udp" or "sctp" or "dccp" or "udplite",
                _ => true,
            };
            if (!isPossible)
            {
                return $"the match {name} needs another protocol";
            }
        }

        return rule.TargetOptions is [{ Name: "reject-with", Value: "tcp-reset" }] && rule.Protocol != "tcp" ? "tcp-reset needs -p tcp" : null;
    }

    private static string? Target(SpelledRule rule, RestoreChain chain, RestoreTable table)
    {
        if (rule.Target is not { } target)
        {
            return null;
        }

        if (rule.IsGoto || !Targets.IsTarget(target))
        {
            return table.IsUserChain(target) ? rule.TargetOptions.IsEmpty ? null : $"{target} has no such option" : $"there is no chain {target} to go to";
        }

        if ((Tables.TryGetValue(target, out var only) && only != table.Name) || (target == "DROP" && table.Name == "nat"))
        {
            return $"{target} is not possible in table {table.Name}";
        }

        return chain.Base is not null && Chains.TryGetValue(target, out var chains) && !chains.Contains(chain.Name) ? $"{target} is not possible in chain {chain.Name}" : null;
    }

    private static string? Sets(SpelledRule rule, RestoreTool tool, RuleSet ruleSet)
    {
        var options = rule.Matches.SelectMany(match => match.Options).Concat(rule.TargetOptions).Where(option => option.Name is "match-set" or "add-set" or "del-set" or "map-set");
        foreach (var name in options.Select(option => option.Values.FirstOrDefault() ?? ""))
        {
            if (ruleSet.IpSets?.GetValueOrDefault(name) is not { } set)
            {
                return $"there is no set {name}, or the sets were not listed";
            }

            if (set.Type != "list:set" && IpsetBuilder.PartsOf(set.Type).Contains(IpsetPart.Address) && (SetOptions.Value(set, "family") is "inet6") != (tool.Family == IpFamily.IPv6))
            {
                return $"set {name} is of the other family";
            }
        }

        return null;
    }
}
