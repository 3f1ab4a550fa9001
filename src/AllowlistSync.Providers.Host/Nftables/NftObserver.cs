using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>Finds in a rule set what concerns one target, and refuses to guess: what is missing of the operator's, or held by a stranger, is an error that names it.</summary>
internal sealed class NftObserver(NftablesOptions options, INftSource source, IChainModel chains)
{
    /// <summary>Rule way.</summary>
    public async ValueTask<(NftState State, NftRuleset Ruleset)> ReadOwnAsync(NftMark mark, PortSet ports, CancellationToken cancellationToken)
    {
        var ruleset = await source.ReadRulesetAsync(cancellationToken);
        var table = RequireTable(ruleset, options.Table!);
        var chain = ruleset.Chain(table, options.Chain!) ?? throw Missing($"chain {table} {options.Chain}", ruleset.Chains.Where(chain => chain.Table == table && chain.Name != mark.Chain).Select(chain => chain.Name));
        RefuseIptables(ruleset, chain);
        var sets = await ReadSetsAsync(ruleset, Families(table).Select(family => (family, new NftSetName(table, mark.Set(family)))), mark, cancellationToken);
        var inOurChain = ruleset.RulesOf(table, mark.Chain).ToList();
        var ours = inOurChain.Where(rule => rule.Comment == mark.Comment).ToList();
        if (ruleset.Chain(table, mark.Chain) is { } existing && ours.Count == 0 && sets.All(set => set.Info is null))
        {
            throw Stranger($"chain {existing}");
        }

        var state = new NftState(
            sets,
            ruleset.Chain(table, mark.Chain) is not null,
            [.. ours.Select(rule => new ExistingRule(rule.Handle, OwnRule.Read(rule.Expressions, mark)))],
            inOurChain.Count - ours.Count,
            Jump([.. ruleset.RulesOf(table, chain.Name)], mark, chains.FirstThatMayBlock(new ChainQuestion([new RuleListing(ListingKind.NftTerseJson, ruleset.Listing)], table.ToString(), chain.Name, ports))?.Handle))
        {
            Elsewhere = await ReadElsewhereAsync(ruleset, mark, cancellationToken),
        };
        return (state, ruleset);
    }

    /// <summary>Set way.</summary>
    public async ValueTask<NftState> ReadSetsAsync(NftMark mark, CancellationToken cancellationToken)
    {
        var ruleset = await source.ReadRulesetAsync(cancellationToken);
        var named = new (IpFamily, NftSetName?)[] { (IpFamily.IPv4, options.IPv4Set), (IpFamily.IPv6, options.IPv6Set) }
            .Where(pair => pair.Item2 is not null).Select(pair => (pair.Item1, pair.Item2!)).ToList();
        foreach (var (_, name) in named)
        {
            var table = RequireTable(ruleset, name.Table);
            _ = ruleset.Set(table, name.Name) ?? throw Missing($"set {name}", ruleset.Sets.Where(set => set.Table == table).Select(set => set.Name));
        }

        var sets = await ReadSetsAsync(ruleset, named, mark: null, cancellationToken);
        foreach (var set in sets)
        {
            OperatorSet.RequireUsable(set);
            if (!set.Elements.Tagged.IsEmpty && await source.MergesAsync(set.Info!, cancellationToken))
            {
                throw OperatorSet.WouldMerge(set.Info!);
            }
        }

        return new NftState(sets, ChainExists: false, [], 0, Jump: null) { Elsewhere = await ReadElsewhereAsync(ruleset, mark, cancellationToken) };
    }

    // Their elements tell whether somebody else keeps something in them.
    private async ValueTask<ImmutableArray<StrayPlace>> ReadElsewhereAsync(NftRuleset ruleset, NftMark mark, CancellationToken cancellationToken)
    {
        var places = ImmutableArray.CreateBuilder<StrayPlace>();
        foreach (var place in Strays.Find(ruleset, mark, options))
        {
            places.Add(place with { Sets = [.. await Task.WhenAll(place.Sets.Select(set => ReadSetAsync(set.Family, set.Name, set.Info, cancellationToken)))] });
        }

        return places.ToImmutable();
    }

    /// <summary>The families that a table's rules can match.</summary>
    public static ImmutableArray<IpFamily> Families(NftTable table) => table.Family switch
    {
        "ip" => [IpFamily.IPv4],
        "ip6" => [IpFamily.IPv6],
        _ => [IpFamily.IPv4, IpFamily.IPv6],
    };

    private async ValueTask<ImmutableArray<FilledSet>> ReadSetsAsync(
        NftRuleset ruleset, IEnumerable<(IpFamily Family, NftSetName Name)> names, NftMark? mark, CancellationToken cancellationToken)
    {
        var found = names.Select(pair => (pair.Family, pair.Name, Info: ruleset.Set(pair.Name.Table, pair.Name.Name))).ToList();
        if (found.Find(set => set.Info is not null && mark is not null && set.Info.Comment != mark.Comment).Name is { } held)
        {
            throw Stranger($"set {held}");
        }

        // Side by side: the listing of a long set is most of the time of a read, and nft uses one core.
        return [.. await Task.WhenAll(found.Select(set => ReadSetAsync(set.Family, set.Name, set.Info, cancellationToken)))];
    }

    private async Task<FilledSet> ReadSetAsync(IpFamily family, NftSetName name, NftSet? info, CancellationToken cancellationToken) =>
        new(name, family, info, info is null ? NftElements.None : await source.ReadElementsAsync(info, cancellationToken));

    private static JumpState Jump(ImmutableArray<NftRule> rules, NftMark mark, long? blocker)
    {
        var jumps = rules.Where(rule => Leading.LeadsTo(rule, mark.Chain)).ToList();
        var ours = jumps.Where(rule => rule.Comment == mark.Comment).Select(rule => rule.Handle).ToImmutableArray();
        var whole = jumps.Find(rule => Leading.IsJumpTo(rule, mark.Chain));
        var effective = whole is not null && (blocker is null || rules.TakeWhile(rule => rule.Handle != blocker).Contains(whole));
        return new JumpState(ours, effective, whole is not null, blocker, jumps.Count > ours.Length) { Chain = rules };
    }

    private static void RefuseIptables(NftRuleset ruleset, NftChain chain)
    {
        if (IptablesNft.Owns(ruleset, chain))
        {
            throw new ProviderException(FailureKind.Unsupported, Aftermath.Untouched, $"chain {chain} belongs to iptables-nft: a rule of ours in it would make `iptables -S` fail", "use a target with `provider: iptables` for this chain");
        }
    }

    private static NftTable RequireTable(NftRuleset ruleset, NftTable table) =>
        ruleset.Tables.Contains(table) ? table : throw Missing($"table {table}", ruleset.Tables.Select(existing => existing.ToString()));

    private static ProviderException Missing(string what, IEnumerable<string> there)
    {
        var names = string.Join(", ", there.Take(8));
        return new ProviderException(
            FailureKind.Unavailable, Aftermath.Untouched, $"{what} does not exist on this host; there is {(names.Length == 0 ? "none" : names)}", "load your rule set (`nft -f /etc/nftables.conf`), or correct `settings` of this target");
    }

    private static ProviderException Stranger(string what) => new(
        FailureKind.Conflict, Aftermath.Untouched, $"{what} has a name of ours and does not carry our mark, so somebody else made it", "rename it, or give this target another name or owner");
}
