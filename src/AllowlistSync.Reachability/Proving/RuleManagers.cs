using System.Collections.Immutable;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Proving;

/// <summary>Tells who manages what comes into a host, by the chains that the base chains lead to. Pure.</summary>
internal static class RuleManagers
{
    // The chains to which INPUT leads, as ufw 0.36 (ufw-init-functions), firewalld 1.3 with backend iptables (core/ipXtables.py) and CSF 15 make them.
    private static readonly ImmutableArray<(string Name, string Chain)> Chains =
    [
        ("ufw", "ufw-before-input"),
        ("ufw", "ufw6-before-input"),
        ("firewalld", "INPUT_ZONES"),
        ("csf", "LOCALINPUT"),
    ];

    // The table of firewalld with backend nftables (core/nftables.py).
    private const string FirewalldTable = "firewalld";

    public static ImmutableArray<string> Of(RuleSet ruleSet) =>
        [.. ruleSet.Tables.Where(table => !table.IsDormant).SelectMany(Of).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Of(Table table)
    {
        var inputs = table.Chains.Values.Where(chain => chain.Base?.Hook == Hook.Input).ToList();
        if (table.Name == FirewalldTable && inputs.Count > 0)
        {
            yield return "firewalld";
        }

        // ufw leaves its chains behind when it is disabled, without a rule in them.
        foreach (var (name, _) in Chains.Where(line => table.Chains.TryGetValue(line.Chain, out var chain) && !chain.Rules.IsEmpty && inputs.Any(input => LeadsTo(input, line.Chain))))
        {
            yield return name;
        }
    }

    private static bool LeadsTo(Chain from, string chain) =>
        from.Rules.Any(rule => rule.Steps.Any(step => step is Decide { Verdict.Chain: { } target } && target == chain));
}
