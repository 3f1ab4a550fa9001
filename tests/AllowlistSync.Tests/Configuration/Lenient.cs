using AllowlistSync.Configuration;
using AllowlistSync.Configuration.Reading;
using AllowlistSync.Configuration.Yaml;

namespace AllowlistSync.Tests.Configuration;

/// <summary>The records of a file, whatever is wrong with it.</summary>
internal static class Lenient
{
    internal static AllowlistConfig? Build(string yaml)
    {
        var log = new ProblemLog("c.yaml");
        return YamlReader.Read(yaml, log) is YamlMap map
            ? new ConfigBuilder(map, new SecretReader(new TestSecrets(), "", log), "").Build(TestProviders.All, log)
            : null;
    }
}
