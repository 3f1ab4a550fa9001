using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Sources;

namespace AllowlistSync.CrashHost;

/// <summary>A source that publishes what it is told: the whole pipeline runs on it without a network.</summary>
public sealed class ListSource(ImmutableArray<IpPrefix> published, TimeProvider time) : IRangeSource
{
    /// <summary>The name in the configuration.</summary>
    public const string SourceName = "list";

    /// <inheritdoc/>
    public string Name => SourceName;

    /// <inheritdoc/>
    public SourceKind Kind => SourceKind.Static;

    /// <inheritdoc/>
    public RangeSnapshot? Embedded => null;

    /// <inheritdoc/>
    public ValueTask<RangeSnapshot> FetchAsync(RangeSnapshot? known, CancellationToken cancellationToken) => ValueTask.FromResult(new RangeSnapshot
    {
        Source = Name,
        Kind = Kind,
        Published = published,
        Ranges = PrefixSet.Of(published),
        FetchedAt = time.GetUtcNow(),
        Provenance = Provenance.Live,
    });
}
