using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Sources;

namespace AllowlistSync.Configuration;

/// <summary>One source of ranges.</summary>
/// <param name="Name">Unique in the configuration; targets allow by it.</param>
public abstract record SourceConfig(string Name)
{
    /// <summary>The value of <c>type</c> in the file.</summary>
    public abstract string Type { get; }
}

/// <summary>Cloudflare's own publications: <c>type: cloudflare</c>.</summary>
/// <param name="Name">The name.</param>
public sealed record CloudflareSourceConfig(string Name) : SourceConfig(Name)
{
    /// <summary>The JSON publication, see https://developers.cloudflare.com/api/resources/ips/.</summary>
    public static Uri DefaultApiUrl => CloudflareSourceOptions.DefaultApiUrl;

    /// <summary>The text publications, one a family, see https://www.cloudflare.com/ips/.</summary>
    public static ImmutableArray<Uri> DefaultTextUrls => CloudflareSourceOptions.DefaultTextUrls;

    /// <inheritdoc/>
    public override string Type => "cloudflare";

    /// <summary>The JSON publication.</summary>
    public Uri ApiUrl { get; init; } = DefaultApiUrl;

    /// <summary>The text publications that must agree with it.</summary>
    public ImmutableArray<Uri> TextUrls { get; init; } = DefaultTextUrls;

    /// <summary>Further networks; <c>jdcloud</c> is the China network.</summary>
    public ImmutableArray<string> Networks { get; init; } = [];
}

/// <summary>A list at a URL: <c>type: url</c>.</summary>
/// <param name="Name">The name.</param>
/// <param name="Url">HTTPS, or plain HTTP to loopback.</param>
public sealed record UrlSourceConfig(string Name, Uri Url) : SourceConfig(Name)
{
    /// <inheritdoc/>
    public override string Type => "url";

    /// <summary>How the list is written.</summary>
    public ListFormat Format { get; init; } = ListFormat.Text;

    /// <summary>Where in a JSON document the prefixes are; empty for text. <c>path: P</c> in the file is a list of one.</summary>
    public ImmutableArray<string> Paths { get; init; } = [];
}

/// <summary>A list in a file: <c>type: file</c>.</summary>
/// <param name="Name">The name.</param>
/// <param name="Path">The file; a relative one is taken from the directory of the configuration file.</param>
public sealed record FileSourceConfig(string Name, string Path) : SourceConfig(Name)
{
    /// <inheritdoc/>
    public override string Type => "file";
}

/// <summary>Prefixes in the configuration itself: <c>type: static</c>.</summary>
/// <param name="Name">The name.</param>
/// <param name="Prefixes">The prefixes, in the order of the file.</param>
public sealed record StaticSourceConfig(string Name, ImmutableArray<IpPrefix> Prefixes) : SourceConfig(Name)
{
    /// <inheritdoc/>
    public override string Type => "static";
}
