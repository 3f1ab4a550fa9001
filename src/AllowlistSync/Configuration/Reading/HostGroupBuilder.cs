using System.Collections.Immutable;
using AllowlistSync.Configuration.Yaml;
using AllowlistSync.Providers.Host.Hosts.Ssh;

namespace AllowlistSync.Configuration.Reading;

/// <summary>Makes the groups of hosts: a list of addresses, or a mapping that says how they are signed in to as well.</summary>
internal sealed class HostGroupBuilder(string baseDirectory)
{
    internal ImmutableArray<HostGroup> Build(YamlMap? map) => map is null ? [] : [.. map.Entries.Select(entry => Build(entry.Key, entry.Value))];

    private HostGroup Build(string name, YamlNode node)
    {
        if (node is YamlList list)
        {
            return new(name, [.. list.Items.Select(item => (item as YamlScalar)?.Value ?? "")], SshOptions.Default);
        }

        var map = node as YamlMap;
        var options = new SshOptions
        {
            Sudo = map.Text("sudo") == "true",
            IdentityFile = map.Text("identityFile") is { Length: > 0 } file ? Path.Combine(baseDirectory, file) : null,
            ConnectTimeout = map.Duration("connectTimeout", SshOptions.Default.ConnectTimeout),
        };
        return new(name, [.. map.Texts("hosts")], options);
    }
}
