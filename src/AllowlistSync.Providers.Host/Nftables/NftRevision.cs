using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>A digest of all that a plan for a target depends on: our sets, our rules, and the rules of the operator's chain without counters and handles.</summary>
internal static class NftRevision
{
    public static string Of(NftState state, IEnumerable<NftRule> chain)
    {
        var text = new StringBuilder();
        foreach (var set in state.Sets)
        {
            text.Append(set.Name).Append(set.Info is null ? " absent" : " {").AppendJoin(',', set.Plain.Ranges()).Append("} tagged {").AppendJoin(',', set.Tagged.Ranges()).Append("}\n");
        }

        text.Append(state.ChainExists).AppendJoin(';', state.Rules.Select(rule => rule.Rule is null ? "edited" : $"{rule.Rule.Family} {rule.Rule.Ports}")).Append(state.ForeignRules).Append('\n');
        foreach (var rule in chain)
        {
            text.Append(rule.Comment).AppendJoin(' ', rule.Expressions.Where(IsNoCounter).Select(expression => expression.GetRawText())).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static bool IsNoCounter(JsonElement expression) => !expression.TryGetProperty("counter", out _);
}
