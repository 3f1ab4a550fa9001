using System.Collections.Immutable;
using AllowlistSync.Configuration.Yaml;

namespace AllowlistSync.Configuration.Reading;

/// <summary>Makes the records of the proposals.</summary>
internal sealed class ProposalBuilder(SecretReader secrets)
{
    internal ImmutableArray<ProposalConfig> Build(YamlMap root) =>
        [.. root.Items("proposals").Select((item, index) => Build(item as YamlMap, NodePath.Root.Of("proposals").At(index)))];

    private static ProposalFileConfig File(YamlMap? map) => new()
    {
        Path = map.Text("path") ?? "",
        Format = map.Text("format"),
        Key = map.Text("key"),
        Block = map.Text("block"),
        Allow = [.. map.Texts("allow")],
    };

    private ProposalConfig Build(YamlMap? map, NodePath path) => new()
    {
        Name = map.Text("name") ?? "",
        Repository = map.Text("repository") ?? "",
        Base = map.Text("base") ?? "main",
        Branch = map.Text("branch") ?? ProposalConfig.DefaultBranch,
        Forge = Forge(map.Map("forge"), path.Of("forge")),
        Files = [.. map.Items("files").Select(item => File(item as YamlMap))],
    };

    private ForgeConfig Forge(YamlMap? map, NodePath path) => new()
    {
        Type = map.Text("type") ?? "none",
        ApiUrl = map.Url("apiUrl"),
        Repository = map.Text("repository"),
        Token = secrets.Read(map?["token"], path.Of("token")),
    };
}
