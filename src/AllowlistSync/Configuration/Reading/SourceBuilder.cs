using System.Collections.Immutable;
using AllowlistSync.Configuration.Yaml;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Sources;

namespace AllowlistSync.Configuration.Reading;

/// <summary>Makes the record of one source. What cannot be read becomes a source of nothing, so that positions stay.</summary>
internal static class SourceBuilder
{
    private static readonly Uri Unreadable = new("about:blank");

    internal static SourceConfig Build(YamlMap? map, string baseDirectory)
    {
        var name = map.Text("name") ?? "";
        return map.Text("type") switch
        {
            "cloudflare" => Cloudflare(map, name),
            "url" => new UrlSourceConfig(name, map.Url("url") ?? Unreadable)
            {
                Format = map.Text("format") == "json" ? ListFormat.Json : ListFormat.Text,
                Paths = Paths(map),
            },
            "file" => new FileSourceConfig(name, Path.Combine(baseDirectory, map.Text("path") ?? "")),
            _ => new StaticSourceConfig(name, Prefixes(map)),
        };
    }

    private static CloudflareSourceConfig Cloudflare(YamlMap? map, string name)
    {
        var source = new CloudflareSourceConfig(name)
        {
            ApiUrl = map.Url("apiUrl") ?? CloudflareSourceConfig.DefaultApiUrl,
            Networks = [.. map.Texts("networks").Distinct(StringComparer.Ordinal)],
        };
        return map?["textUrls"] is YamlList
            ? source with { TextUrls = [.. map.Texts("textUrls").Select(NodeReading.Url).OfType<Uri>()] }
            : source;
    }

    private static ImmutableArray<string> Paths(YamlMap? map) =>
        [.. map.Text("path") is { } path ? [path] : Enumerable.Empty<string>(), .. map.Texts("paths")];

    private static ImmutableArray<IpPrefix> Prefixes(YamlMap? map)
    {
        var prefixes = ImmutableArray.CreateBuilder<IpPrefix>();
        foreach (var text in map.Texts("prefixes"))
        {
            if (IpPrefix.TryParse(text, out var prefix))
            {
                prefixes.Add(prefix);
            }
        }

        return prefixes.ToImmutable();
    }
}
