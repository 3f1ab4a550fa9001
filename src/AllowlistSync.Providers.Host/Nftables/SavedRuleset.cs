using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>A saved <c>nft -j list ruleset</c>: for a look at a machine that is not this one, or without the right to read the kernel's.</summary>
public sealed class SavedRuleset(string path) : INftSource
{
    private byte[]? _content;

    /// <inheritdoc/>
    public async ValueTask<NftRuleset> ReadRulesetAsync(CancellationToken cancellationToken) =>
        NftablesReader.ReadRuleset(await ContentAsync(cancellationToken));

    /// <inheritdoc/>
    public async ValueTask<NftElements> ReadElementsAsync(NftSet set, CancellationToken cancellationToken) =>
        NftElementReader.Read(await ContentAsync(cancellationToken), set);

    /// <inheritdoc/>
    public ValueTask<bool> MergesAsync(NftSet set, CancellationToken cancellationToken) => ValueTask.FromResult(false);

    private async ValueTask<byte[]> ContentAsync(CancellationToken cancellationToken)
    {
        try
        {
            return _content ??= await File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(FailureKind.Unavailable, Aftermath.Untouched, $"the saved rule set {path} cannot be read: {unreadable.Message}", "make it with `nft -j list ruleset > FILE`", unreadable);
        }
    }
}
