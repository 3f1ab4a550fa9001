using AllowlistSync.Configuration.Yaml;
using AllowlistSync.Core;

namespace AllowlistSync.Configuration.Reading;

/// <summary>Turns <c>{ file: PATH }</c> and <c>{ env: NAME }</c> into secrets.</summary>
internal sealed class SecretReader(ISecretStore store, string baseDirectory, ProblemLog log)
{
    /// <summary>The same for the secret of the state.</summary>
    internal SecretReader OfState => new(store.OfState, baseDirectory, log);

    /// <summary>The secret, or null when there is none; then the reason is in the log.</summary>
    internal Secret? Read(YamlNode? node, NodePath path, Func<string, Fault?>? check = null)
    {
        if (node is not YamlMap { Entries: [{ Value: YamlScalar { Value.Length: > 0 } written } entry] } || written.Kind == ScalarKind.Nothing)
        {
            return null;
        }

        var (value, fault) = entry.Key switch
        {
            "file" => store.FromFile(Path.Combine(baseDirectory, written.Value)),
            "env" => store.FromEnvironment(written.Value),
            _ => (null, null),
        };
        fault ??= value is null ? null : check?.Invoke(value);
        if (fault is not null)
        {
            log.Add(written.At, path.Of(entry.Key), fault);
        }

        return value is null || fault is not null ? null : new Secret(value);
    }
}
