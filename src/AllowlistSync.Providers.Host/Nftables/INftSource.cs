namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>Where a rule set is read from: the kernel, or a saved listing.</summary>
public interface INftSource
{
    /// <summary>Everything but the elements of named sets.</summary>
    ValueTask<NftRuleset> ReadRulesetAsync(CancellationToken cancellationToken);

    /// <summary>The elements of a set that is in the rule set.</summary>
    ValueTask<NftElements> ReadElementsAsync(NftSet set, CancellationToken cancellationToken);

    /// <summary>True for a set with <c>auto-merge</c>, which the JSON of nftables 1.0.6 does not tell.</summary>
    ValueTask<bool> MergesAsync(NftSet set, CancellationToken cancellationToken);
}
