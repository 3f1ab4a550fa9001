using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Sources;

namespace AllowlistSync.Sources;

/// <summary>The settings of a source of type <c>static</c>.</summary>
public sealed record StaticSourceOptions
{
    /// <summary>The name in the configuration.</summary>
    public required string Name { get; init; }

    /// <summary>The prefixes.</summary>
    public required ImmutableArray<IpPrefix> Prefixes { get; init; }
}

/// <summary>Prefixes written in the configuration; it always answers.</summary>
/// <param name="options">The settings.</param>
/// <param name="time">The clock.</param>
public sealed class StaticSource(StaticSourceOptions options, TimeProvider time) : IRangeSource
{
    /// <inheritdoc/>
    public string Name => options.Name;

    /// <inheritdoc/>
    public SourceKind Kind => SourceKind.Static;

    /// <inheritdoc/>
    public RangeSnapshot? Embedded => null;

    /// <inheritdoc/>
    public ValueTask<RangeSnapshot> FetchAsync(RangeSnapshot? known, CancellationToken cancellationToken) => ValueTask.FromResult(new RangeSnapshot
    {
        Source = Name,
        Kind = Kind,
        Published = options.Prefixes,
        Ranges = PrefixSet.Of(options.Prefixes.AsSpan()),
        FetchedAt = time.GetUtcNow(),
        Provenance = Provenance.Live,
    });
}
