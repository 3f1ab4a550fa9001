using AllowlistSync.Configuration.Shapes;
using AllowlistSync.Configuration.Yaml;
using AllowlistSync.Core;

namespace AllowlistSync.Configuration.Reading;

/// <summary>Makes the record of <c>listen</c>, which is a text or a mapping.</summary>
internal sealed class ListenBuilder(SecretReader secrets, string baseDirectory)
{
    private const string Key = "listen";

    internal ListenConfig Build(YamlMap root)
    {
        var map = root.Map(Key);
        var address = root.Text(Key) ?? map.Text("address");
        var listen = ListenText.TryParse(address ?? "", out var endPoint) ? ListenConfig.Default with { Address = endPoint } : ListenConfig.Default;
        return address == ListenConfig.Off ? new ListenConfig() : listen with { Token = Token(map), Tls = Tls(map.Map("tls")) };
    }

    // A token that could not be read was reported; it still counts as one, so that nobody is told to add it.
    private Secret? Token(YamlMap? map) =>
        map?["token"] is { } node ? secrets.Read(node, NodePath.Root.Of(Key).Of("token"), ListenText.CheckToken) ?? new Secret("") : null;

    private ListenTls? Tls(YamlMap? map) => map is null
        ? null
        : new(File(map.Text("certificate")) ?? "", File(map.Text("key")) ?? "") { ClientCa = File(map.Text("clientCa")) };

    private string? File(string? path) => path is null ? null : Path.Combine(baseDirectory, path);
}
