using System.Collections.Immutable;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>
/// Finds what an accept of ours cannot overrule: nftables lets every base chain of a hook see a packet, and a drop in any of them
/// is final (nft(8), "accept"). Until reachability is proved, such chains are named. Pure.
/// </summary>
internal static class OtherFilters
{
    public static ImmutableArray<Finding> Find(NftRuleset ruleset, NftTable table, string chain)
    {
        var target = ruleset.Chain(table, chain)!;
        if (target.Hook is null)
        {
            return [];
        }

        return
        [
            .. ruleset.Chains
                .Where(other => other.Hook == target.Hook && other.Type == "filter" && other != target && SeesTheSame(other.Table, target.Table) && CanBlock(ruleset, other))
                .Select(other => new Finding(
                    "other-filter",
                    Severity.Warning,
                    $"chain {other} filters the same packets (policy {other.Policy}); what it drops stays dropped, whatever {table} {chain} accepts",
                    "let it accept the same traffic, for example with a second target for it")),
        ];
    }

    // A chain of family ip never sees IPv6, nor the other way round.
    private static bool SeesTheSame(NftTable one, NftTable other) =>
        NftObserver.Families(one).Intersect(NftObserver.Families(other)).Any();

    private static bool CanBlock(NftRuleset ruleset, NftChain chain) =>
        chain.Policy == "drop" || ruleset.RulesOf(chain.Table, chain.Name).Any(rule => Placement.MayBlock(rule, ruleset));
}
