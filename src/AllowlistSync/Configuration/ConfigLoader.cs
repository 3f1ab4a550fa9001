using AllowlistSync.Configuration.Reading;
using AllowlistSync.Configuration.Rules;
using AllowlistSync.Configuration.Shapes;
using AllowlistSync.Configuration.Yaml;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Configuration;

/// <summary>
/// Reads a configuration: YAML, then the shape of every value, then records, then rules between values. All problems are found
/// at once; only text that is not YAML at all stops at its first one. Secrets are read from their files and variables here.
/// </summary>
public static class ConfigLoader
{
    /// <summary>No configuration is larger: 1 MiB.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Reads a configuration from its text.</summary>
    /// <param name="path">The file, for messages; relative paths inside it start at its directory.</param>
    /// <param name="yaml">Its text.</param>
    /// <param name="providers">The providers that targets may name.</param>
    public static ConfigResult Load(string path, string yaml, IReadOnlyList<ProviderRegistration> providers) =>
        Load(path, yaml, providers, new SystemSecrets());

    /// <summary>The same, with secrets from elsewhere.</summary>
    internal static ConfigResult Load(string path, string yaml, IReadOnlyList<ProviderRegistration> providers, ISecretStore store)
    {
        var log = new ProblemLog(path);
        if (TextProblem.Find(yaml) is var (at, fault))
        {
            log.Add(at, "", fault);
            return log.ToResult(null);
        }

        if (YamlReader.Read(yaml, log) is not { } root)
        {
            return log.ToResult(null);
        }

        new ShapeCheck(log).Check(root, ConfigShapes.Root(providers), NodePath.Root);
        if (root is not YamlMap map)
        {
            return log.ToResult(null);
        }

        var directory = Path.GetDirectoryName(path) ?? "";
        var config = new ConfigBuilder(map, new SecretReader(store, directory, log), directory).Build(providers, log);
        RuleCheck.Check(config, map, log);
        return log.ToResult(config);
    }
}
