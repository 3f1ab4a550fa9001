using System.Collections.Immutable;

namespace AllowlistSync.Sources;

/// <summary>The settings of a source of type <c>cloudflare</c>.</summary>
public sealed record CloudflareSourceOptions
{
    /// <summary>The only value of <see cref="Networks"/> that Cloudflare documents: the China network, run by JD Cloud.</summary>
    public const string JdCloud = "jdcloud";

    /// <summary>Where Cloudflare's API answers (https://developers.cloudflare.com/api/resources/ips/).</summary>
    public static Uri DefaultApiUrl { get; } = new("https://api.cloudflare.com/client/v4/ips");

    /// <summary>Where Cloudflare publishes the same list as text (https://www.cloudflare.com/ips/).</summary>
    public static ImmutableArray<Uri> DefaultTextUrls { get; } = [new("https://www.cloudflare.com/ips-v4"), new("https://www.cloudflare.com/ips-v6")];

    /// <summary>The name in the configuration.</summary>
    public string Name { get; init; } = "cloudflare";

    /// <summary>The address of the API's list.</summary>
    public Uri ApiUrl { get; init; } = DefaultApiUrl;

    /// <summary>The addresses of the text lists, IPv4 first and IPv6 second; empty turns the cross-check off.</summary>
    public ImmutableArray<Uri> TextUrls { get; init; } = DefaultTextUrls;

    /// <summary>Further networks: empty, or <see cref="JdCloud"/>.</summary>
    public ImmutableArray<string> Networks { get; init; } = [];
}
