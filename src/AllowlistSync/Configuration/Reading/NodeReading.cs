using AllowlistSync.Configuration.Shapes;
using AllowlistSync.Configuration.Yaml;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Configuration.Reading;

/// <summary>
/// Takes values out of nodes. Lenient: what does not fit is as good as absent, because it was reported before, and the rest is
/// still read so that rules over it can find their own problems.
/// </summary>
internal static class NodeReading
{
    internal static YamlMap? Map(this YamlMap? map, string key) => map?[key] as YamlMap;

    internal static string? Text(this YamlMap? map, string key) => (map?[key] as YamlScalar)?.Value;

    internal static IEnumerable<YamlNode> Items(this YamlMap? map, string key) => (map?[key] as YamlList)?.Items ?? [];

    /// <summary>The items of a list as text; one that is none is an empty text, so that positions stay.</summary>
    internal static IEnumerable<string> Texts(this YamlMap? map, string key) =>
        map.Items(key).Select(item => (item as YamlScalar)?.Value ?? "");

    internal static int Integer(this YamlMap? map, string key, int fallback) =>
        map?[key] is YamlScalar scalar && Integers.TryParse(scalar, out var number) ? number : fallback;

    internal static PortSet Ports(this YamlMap? map, string key, PortSet fallback)
    {
        var ports = map.Texts(key).Select(text => PortRange.TryParse(text, out var range) ? range : (PortRange?)null).OfType<PortRange>().ToArray();
        return ports.Length == 0 ? fallback : PortSet.Of(ports);
    }

    internal static TimeSpan Duration(this YamlMap? map, string key, TimeSpan fallback) =>
        DurationText.TryParse(map.Text(key), out var duration) ? duration : fallback;

    internal static Uri? Url(this YamlMap? map, string key) => Url(map.Text(key));

    internal static Uri? Url(string? text) => text is { Length: > 0 } && UrlCheck.Check(text) is null ? new Uri(text) : null;
}
