namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>Tells the chains of iptables-nft. It refuses a table in which it finds rules that it did not write ("use 'nft' tool"), so we stay out of them. Pure.</summary>
internal static class IptablesNft
{
    /// <summary>True for a chain that iptables-nft takes for its own: by its name, or by what only iptables-nft writes into its table.</summary>
    public static bool Owns(NftRuleset ruleset, NftChain chain) => IsBuiltIn(chain)
        || ruleset.Rules.Any(rule => rule.Table == chain.Table && rule.Expressions.Any(expression => NftExpression.Has(expression, "xt")));

    private static bool IsBuiltIn(NftChain chain) =>
        chain.Table.Family is "ip" or "ip6"
        && chain.Table.Name is "filter" or "mangle" or "raw" or "security" or "nat"
        && chain.Name is "INPUT" or "FORWARD" or "OUTPUT" or "PREROUTING" or "POSTROUTING";
}
