using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Iptables;

/// <summary>Finds on a host what concerns one target: which engines hold rules, what of ours is in them, and where our jump belongs.</summary>
internal sealed class IptablesObserver(IptablesOptions options, IptablesTool tool, PersistentFiles files, IChainModel chains)
{
    private static readonly ImmutableArray<IpFamily> Families = [IpFamily.IPv4, IpFamily.IPv6];

    /// <summary>All that concerns a target.</summary>
    public async ValueTask<IptablesState> ReadAsync(Target target, CancellationToken cancellationToken)
    {
        var mark = IptablesMark.Of(target);
        var setsSave = tool.ReadSetsAsync(isFresh: false, cancellationToken).AsTask();
        var tables = await Task.WhenAll(Families.Select(family => ReadTablesAsync(family, cancellationToken)));
        var (sets, unfinished, digest) = ReadSets(await setsSave, mark);
        var places = ImmutableArray.CreateBuilder<PlaceState>();
        var findings = ImmutableArray.CreateBuilder<Finding>();
        foreach (var engines in tables)
        {
            var served = await ServedAsync(engines, mark, cancellationToken);
            findings.AddRange(EngineFindings.Of(engines, served, options));
            places.AddRange(engines.Tables.Select(table => Place(table, target, mark, served.Contains(table.Place))).Where(place => place.IsServed || place.HoldsOurs));
        }

        RequireChain([.. places]);
        var persistent = await files.ReadAsync(target, cancellationToken);
        if (persistent.IsEmpty)
        {
            findings.Add(PersistentFiles.None);
        }

        return new IptablesState(await FormAsync(setsSave), sets, unfinished, places.ToImmutable()) { SetDigest = digest, Findings = findings.ToImmutable(), Persistent = persistent };
    }

    /// <summary>Looks once more at what a change is about to touch; a <see cref="FailureKind.Conflict"/> when it is not as it was.</summary>
    public async ValueTask DemandUnchangedAsync(Target target, IptablesState then, bool usesSets, IEnumerable<PlaceState> touched, CancellationToken cancellationToken)
    {
        var mark = IptablesMark.Of(target);
        var isChanged = usesSets && ReadSets(await tool.ReadSetsAsync(isFresh: true, cancellationToken), mark).Digest != then.SetDigest;
        foreach (var place in touched)
        {
            var listing = await tool.ReadAsync(place.Place, isFresh: true, cancellationToken);
            isChanged |= listing is null || PlaceReading.Read(place.Place, listing, options.Chain, mark, null, place.IsServed).Digest != place.Digest;
        }

        if (isChanged)
        {
            throw new ProviderException(FailureKind.Conflict, Aftermath.Untouched, "the rules or sets were changed by somebody else since this change was planned; nothing was changed", "run again: the next run plans with what is there now");
        }
    }

    private async Task<EngineTables> ReadTablesAsync(IpFamily family, CancellationToken cancellationToken)
    {
        var (nft, legacy) = (new IptablesPlace(IptablesEngine.Nft, family), new IptablesPlace(IptablesEngine.Legacy, family));
        var asked = options.Backend == IptablesEngine.Legacy ? tool.ReadAsync(legacy, isFresh: false, cancellationToken).AsTask() : null;
        var ofNft = await tool.ReadAsync(nft, isFresh: false, cancellationToken);

        // iptables-nft says itself whether the other engine holds tables; where it is not installed the other is asked.
        var ofLegacy = asked is not null ? await asked : ofNft is null || ofNft.HasLegacyTables ? await tool.ReadAsync(legacy, isFresh: false, cancellationToken) : null;
        return new EngineTables(
            family,
            [.. new[] { (Place: nft, Listing: ofNft), (Place: legacy, Listing: ofLegacy) }.Where(table => table.Listing is not null).Select(table => new EngineTable(table.Place, table.Listing!))],
            IsLegacyHidden: ofNft is { HasLegacyTables: true } && ofLegacy is null);
    }

    private async ValueTask<ImmutableArray<IptablesPlace>> ServedAsync(EngineTables engines, IptablesMark mark, CancellationToken cancellationToken)
    {
        if (options.Backend is { } backend)
        {
            var named = engines.Tables.FirstOrDefault(table => table.Place.Engine == backend)
                ?? throw new ProviderException(FailureKind.Unavailable, Aftermath.Untouched, $"`backend: {backend.ToString().ToLowerInvariant()}` needs {new IptablesPlace(backend, engines.Family)}, which is not installed", "install iptables, or take `backend` out of the target's settings");
            await RefuseSilenceAsync(engines, cancellationToken);
            return HasOperatorsChain(named.Listing) ? [named.Place] : [];
        }

        var filtering = engines.Tables.Where(table => IsFiltering(table.Listing, mark)).Select(table => table.Place).ToImmutableArray();
        if (!filtering.IsEmpty)
        {
            return filtering;
        }

        if (engines.IsLegacyHidden)
        {
            throw new ProviderException(FailureKind.Unavailable, Aftermath.Untouched, $"the kernel holds tables of {new IptablesPlace(IptablesEngine.Legacy, engines.Family)}, and that tool is not installed", "install iptables with its legacy tools");
        }

        var usable = engines.Tables.Where(table => HasOperatorsChain(table.Listing)).ToList();
        if (usable.Find(table => table.Listing.Chains.ContainsKey(mark.Chain)) is { } withOurs)
        {
            return [withOurs.Place];
        }

        // Nothing filters here: the tool under the plain name is what the operator will load his rules with.
        var plain = await tool.PlainEngineAsync(engines.Family, cancellationToken);
        return plain is null && engines.Tables.IsEmpty
            ? throw new ProviderException(FailureKind.Unavailable, Aftermath.Untouched, "iptables is not installed", "install it (Debian: `apt install iptables ipset`), or use another provider for this host")
            : [.. usable.OrderBy(table => table.Place.Engine != plain).Select(table => table.Place).Take(1)];
    }

    // A table that is not there is an empty listing; so is a tool that says nothing. One that says its name is taken at its word.
    private async ValueTask RefuseSilenceAsync(EngineTables engines, CancellationToken cancellationToken)
    {
        if (engines.Tables.Any(table => table.Listing.Content.IsEmpty))
        {
            await tool.PlainEngineAsync(engines.Family, cancellationToken);
        }
    }

    // Base chains are always there; the tool makes them when they are first used.
    private bool HasOperatorsChain(IptablesListing listing) => options.Chain is "INPUT" or "FORWARD" or "OUTPUT" || listing.Chains.ContainsKey(options.Chain);

    private bool IsFiltering(IptablesListing listing, IptablesMark mark) => listing.Chains.TryGetValue(options.Chain, out var chain)
        && (chain.Policy is null or not "ACCEPT" || chain.Rules.Any(rule => !PlaceReading.IsMarked(rule, mark)));

    private PlaceState Place(EngineTable table, Target target, IptablesMark mark, bool isServed)
    {
        var question = isServed && table.Listing.Chains.ContainsKey(options.Chain)
            ? new ChainQuestion([new RuleListing(table.Place.Listing, PlaceReading.WithoutOurs(table.Listing, mark))], table.Place.Table, options.Chain, options.PortsOf(target))
            : null;
        var blocker = question is null ? null : chains.FirstThatMayBlock(question)?.Number;
        return PlaceReading.Read(table.Place, table.Listing, options.Chain, mark, blocker, isServed);
    }

    private void RequireChain(ImmutableArray<PlaceState> places)
    {
        var served = places.Where(place => place.IsServed).Select(place => place.Place.Family).Distinct().ToList();
        if (served.Count == 0 || (served.Count < Families.Length && !options.IsDocker))
        {
            var missing = string.Join(" and ", Families.Except(served).Select(family => new IptablesPlace(IptablesEngine.Nft, family).Tool));
            throw new ProviderException(
                FailureKind.Unavailable,
                Aftermath.Untouched,
                $"chain {options.Chain} does not exist in the filter table of {missing}",
                options.IsDocker ? "Docker makes this chain when it starts (`systemctl start docker`); the next run goes on" : "load your rules, or correct `chain` in the settings of this target");
        }
    }

    private async ValueTask<PrefixForm> FormAsync(Task<ReadOnlyMemory<byte>?> sets)
    {
        var isInstalled = await sets is not null;
        return options.Ipset switch
        {
            IpsetUse.Never => PrefixForm.Rules,
            IpsetUse.Auto => isInstalled ? PrefixForm.Sets : PrefixForm.Rules,
            _ => isInstalled ? PrefixForm.Sets : throw new ProviderException(FailureKind.Unavailable, Aftermath.Untouched, "ipset is not installed", "install it (Debian: `apt install ipset`), or set `ipset: auto` to keep one rule for each prefix"),
        };
    }

    private static (ImmutableArray<OwnSet> Sets, ImmutableArray<string> Unfinished, string Digest) ReadSets(ReadOnlyMemory<byte>? save, IptablesMark mark)
    {
        var found = save is null ? ImmutableDictionary<string, SavedSet>.Empty : IpsetReader.Read(save.Value.Span, Families.SelectMany(family => new[] { mark.Set(family), mark.NewSet(family) }));
        var sets = Families.Select(family => new OwnSet(mark.Set(family), family, found.GetValueOrDefault(mark.Set(family)))).ToImmutableArray();
        foreach (var set in sets.Where(set => set.Info is not null))
        {
            RefuseStranger(set);
        }

        var unfinished = Families.Select(mark.NewSet).Where(found.ContainsKey).ToImmutableArray();
        return (sets, unfinished, IptablesDigest.Of(sets, unfinished.Select(name => (name, found[name]))));
    }

    // A set has no room for a mark but its name; what we make is always of one type.
    private static void RefuseStranger(OwnSet set)
    {
        var family = set.Family == IpFamily.IPv4 ? "inet" : "inet6";
        if (set.Info!.Type != "hash:net" || set.Info.Family != family)
        {
            throw new ProviderException(
                FailureKind.Conflict,
                Aftermath.Untouched,
                $"set {set.Name} has a name of ours and is a {set.Info.Type} {set.Info.Family}, not a hash:net {family}, so somebody else made it",
                "rename it (`ipset rename`), or give this target another name or owner");
        }
    }
}
