using System.Collections.Immutable;
using AllowlistSync.Configuration;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Sources;
using AllowlistSync.Providers.Host;
using AllowlistSync.Sources;
using AllowlistSync.Sources.Http;

namespace AllowlistSync;

/// <summary>The only place that knows every source and every provider.</summary>
internal static class Composition
{
    /// <summary>The table of providers.</summary>
    public static ImmutableArray<ProviderRegistration> Providers => HostProviders.All;

    /// <summary>What the provider of a target is.</summary>
    public static ProviderDescriptor DescriptorOf(Target target) => Providers.Single(line => line.Descriptor.Name == target.Provider).Descriptor;

    /// <summary>Makes a source of its configuration; opens nothing.</summary>
    public static IRangeSource Source(SourceConfig source, TimeProvider time) => source switch
    {
        CloudflareSourceConfig cloudflare => new CloudflareSource(
            new CloudflareSourceOptions { Name = cloudflare.Name, ApiUrl = cloudflare.ApiUrl, TextUrls = cloudflare.TextUrls, Networks = cloudflare.Networks },
            new GuardedHttp(time), time),
        UrlSourceConfig url => new UrlSource(
            new UrlSourceOptions { Name = url.Name, Url = url.Url, Format = url.Format, Paths = url.Paths }, new GuardedHttp(time), time),
        FileSourceConfig file => new FileSource(new FileSourceOptions { Name = file.Name, Path = file.Path }, time),
        StaticSourceConfig listed => new StaticSource(new StaticSourceOptions { Name = listed.Name, Prefixes = listed.Prefixes }, time),
        _ => throw new ArgumentOutOfRangeException(nameof(source), source.Type, "a source type without a line here"),
    };
}
