using System.Collections.Immutable;

namespace AllowlistSync.Sources;

/// <summary>How a list at an address is written.</summary>
public enum ListFormat
{
    /// <summary>One prefix, bare address or range a line; <c>#</c> and <c>;</c> start comments.</summary>
    Text,

    /// <summary>JSON; <see cref="UrlSourceOptions.Paths"/> says where the prefixes are.</summary>
    Json,
}

/// <summary>The settings of a source of type <c>url</c>.</summary>
public sealed record UrlSourceOptions
{
    /// <summary>The name in the configuration.</summary>
    public required string Name { get; init; }

    /// <summary>The address; https, or plain http on loopback.</summary>
    public required Uri Url { get; init; }

    /// <summary>How the list is written.</summary>
    public ListFormat Format { get; init; } = ListFormat.Text;

    /// <summary>
    /// For JSON: where the prefixes are, as <see cref="JsonListPath"/> reads it, for example <c>$.result.ipv4_cidrs</c> or <c>prefixes[].ip_prefix</c>.
    /// </summary>
    public ImmutableArray<string> Paths { get; init; } = [];

    /// <summary>The largest body that is read, in bytes.</summary>
    public int MaxBytes { get; init; } = 1024 * 1024;
}
