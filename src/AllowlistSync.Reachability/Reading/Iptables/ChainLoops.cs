namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>Finds chains that lead to themselves, which the kernel refuses as soon as a packet could come there.</summary>
internal static class ChainLoops
{
    // nf_tables counts the jumps on a way and takes 16 (linux/netfilter/nf_tables.h, NFT_JUMP_STACK_SIZE).
    private const int DeepestOfNft = 16;

    /// <summary>What is wrong; null when nothing is.</summary>
    internal static string? Find(RestoreTable table, RestoreTool tool)
    {
        var next = table.Chains.ToDictionary(
            chain => chain.Name, chain => chain.Rules.Select(rule => rule.LeadsTo).OfType<string>().Distinct(StringComparer.Ordinal).ToList(), StringComparer.Ordinal);
        var depths = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var chain in table.Chains.Where(chain => chain.Base is not null))
        {
            if (Depth(chain.Name, next, depths) is not { } depth)
            {
                return $"from chain {chain.Name} a way leads in a circle";
            }

            if (tool.IsNft && depth > DeepestOfNft)
            {
                return $"from chain {chain.Name} a way leads through {depth} chains";
            }
        }

        return null;
    }

    // How many jumps the longest way from a chain has; null for a circle. A chain that is being looked at counts as -1.
    private static int? Depth(string chain, Dictionary<string, List<string>> next, Dictionary<string, int> depths)
    {
        if (depths.TryGetValue(chain, out var known))
        {
            return known < 0 ? null : known;
        }

        depths[chain] = -1;
        var longest = 0;
        foreach (var target in next.GetValueOrDefault(chain) ?? [])
        {
            if (Depth(target, next, depths) is not { } depth)
            {
                return null;
            }

            longest = Math.Max(longest, depth + 1);
        }

        depths[chain] = longest;
        return longest;
    }
}
