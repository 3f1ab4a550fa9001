using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Core.Sources;

/// <summary>Where the ranges of a snapshot come from.</summary>
public enum Provenance
{
    /// <summary>Read from the source just now (or confirmed unchanged by it).</summary>
    Live,

    /// <summary>Read just now from two official publications that agree.</summary>
    CrossChecked,

    /// <summary>The last list that was believed, kept on disk.</summary>
    LastKnownGood,

    /// <summary>The list that was built into this program.</summary>
    Embedded,
}

/// <summary>Who answers for a source: it decides which guards apply.</summary>
public enum SourceKind
{
    /// <summary>Cloudflare's own publications: both families, public addresses, never empty.</summary>
    Cloudflare,

    /// <summary>A list that somebody publishes.</summary>
    Url,

    /// <summary>A file of the operator.</summary>
    File,

    /// <summary>Prefixes written in the configuration.</summary>
    Static,
}

/// <summary>Two official publications of one source that do not hold the same addresses.</summary>
/// <param name="First">The name of the first, for messages.</param>
/// <param name="OnlyInFirst">What only the first lists.</param>
/// <param name="Second">The name of the second.</param>
/// <param name="OnlyInSecond">What only the second lists.</param>
public sealed record PublicationDisagreement(string First, PrefixSet OnlyInFirst, string Second, PrefixSet OnlyInSecond);

/// <summary>What a source said at one time. Nobody has judged it yet: only a guard turns it into <c>AcceptedRanges</c>.</summary>
public sealed record RangeSnapshot
{
    /// <summary>The source's name in the configuration.</summary>
    public required string Source { get; init; }

    /// <summary>Who answers for it.</summary>
    public required SourceKind Kind { get; init; }

    /// <summary>The prefixes as they were listed, in the publisher's order.</summary>
    public required ImmutableArray<IpPrefix> Published { get; init; }

    /// <summary>The addresses of <see cref="Published"/>.</summary>
    public required PrefixSet Ranges { get; init; }

    /// <summary>The publisher's digest of the list, where there is one.</summary>
    public string? ETag { get; init; }

    /// <summary>When the source answered.</summary>
    public required DateTimeOffset FetchedAt { get; init; }

    /// <summary>Where the ranges come from.</summary>
    public required Provenance Provenance { get; init; }

    /// <summary>Set when the source's publications differ; <see cref="Ranges"/> is then what the first one says.</summary>
    public PublicationDisagreement? Disagreement { get; init; }
}
