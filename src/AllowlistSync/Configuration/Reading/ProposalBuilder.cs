using System.Collections.Immutable;
using AllowlistSync.Configuration.Yaml;
using AllowlistSync.Core;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Configuration.Reading;

/// <summary>Makes the records of the proposals.</summary>
internal sealed class ProposalBuilder(SecretReader secrets, string directory)
{
    internal ImmutableArray<ProposalConfig> Build(YamlMap root) =>
        [.. root.Items("proposals").Select((item, index) => Build(item as YamlMap, NodePath.Root.Of("proposals").At(index)))];

    private static ProposalFileConfig File(YamlMap? map) => new()
    {
        Path = map.Text("path") ?? "",
        Format = map.Text("format"),
        Key = map.Text("key"),
        Document = map.Text("document"),
        Family = map.Text("family") switch { "ipv4" => IpFamily.IPv4, "ipv6" => IpFamily.IPv6, _ => null },
        Block = map.Text("block"),
        Allow = [.. map.Texts("allow")],
    };

    private ProposalConfig Build(YamlMap? map, NodePath path) => new()
    {
        Name = map.Text("name") ?? "",
        Repository = Address(map.Text("repository") ?? ""),
        Base = map.Text("base") ?? "main",
        Branch = map.Text("branch") ?? ProposalConfig.DefaultBranch,
        Forge = Forge(map.Map("forge"), path.Of("forge")),
        SshKey = map.Text("sshKey"),
        Title = map.Text("title"),
        Commit = Commit(map.Map("commit")),
        Labels = [.. map.Texts("labels").Distinct(StringComparer.Ordinal)],
        Reviewers = [.. map.Texts("reviewers").Distinct(StringComparer.Ordinal)],
        Draft = map.Text("draft") == "true",
        PlanFile = map.Text("planFile"),
        Ports = map.Ports("ports", TargetConfig.DefaultPorts),
        Files = [.. map.Items("files").Select(item => File(item as YamlMap))],
    };

    // git takes HOST:PATH for ssh (git-clone(1), GIT URLS); what is left without a scheme is a path.
    private string Address(string repository)
    {
        var start = repository.AsSpan(0, repository.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? slash : repository.Length);
        return repository.Length == 0 || start.Contains(':') ? repository : Path.GetFullPath(Path.Combine(directory, repository));
    }

    private ForgeConfig Forge(YamlMap? map, NodePath path) => new()
    {
        Type = map.Text("type") ?? "none",
        ApiUrl = map.Url("apiUrl"),
        Repository = map.Text("repository"),

        // One that could not be read was reported where it stands, and is none that is missing.
        Token = secrets.Read(map?["token"], path.Of("token")) ?? (map?["token"] is null ? null : new Secret("")),
        AppId = map.Map("app").Text("id"),
        AppKey = secrets.Read(map.Map("app")?["key"], path.Of("app").Of("key")),
    };

    private static CommitConfig Commit(YamlMap? map)
    {
        var commit = new CommitConfig();
        return commit with
        {
            Name = map.Text("name") ?? commit.Name,
            Email = map.Text("email") ?? commit.Email,
            SignOff = map.Text("signOff") == "true",
            SigningKey = map.Text("signingKey"),
            SigningFormat = map.Text("signingFormat") ?? commit.SigningFormat,
        };
    }
}
