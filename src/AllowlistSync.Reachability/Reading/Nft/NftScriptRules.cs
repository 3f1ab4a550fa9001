using System.Text.Json;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Gets the parts of a rule back from its source, for a rule whose sets have changed.</summary>
internal static class NftScriptRules
{
    /// <summary>Whether a name was made up for a chain that has none; it says the number of its rule, which changes.</summary>
    public static bool IsAnonymous(string chain) => chain.Contains('{', StringComparison.Ordinal);

    /// <summary>
    /// The parts; null when the rule need not be read again, because it names no set and holds no chain, or must not, because its steps know
    /// more than its source: extensions of iptables, and rules in the words of iptables.
    /// </summary>
    public static IReadOnlyList<NftTextTree>? PartsOf(Rule rule)
    {
        var source = rule.Text.Source.Span;
        if (source.StartsWith("-A "u8) || !source.Contains((byte)'@') && !rule.Steps.Any(step => step is Decide { Verdict.Chain: { } chain } && IsAnonymous(chain)))
        {
            return null;
        }

        return source[0] == (byte)'{' ? FromJson(rule.Text.Source) : FromText(rule.Text.ToString());
    }

    private static List<NftTextTree>? FromJson(ReadOnlyMemory<byte> source)
    {
        using var document = JsonDocument.Parse(source, new() { MaxDepth = 256 });
        if (!document.RootElement.TryGetProperty("expr"u8, out var parts) || parts.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var trees = parts.EnumerateArray().Select(NftTextTree.Of).ToList();
        return trees.Exists(tree => tree["xt"] is not null) ? null : trees;
    }

    private static List<NftTextTree>? FromText(string source)
    {
        var trees = NftTextReader.Parts(source);
        return trees.Exists(tree => tree["xt"] is not null) ? null : trees;
    }
}
