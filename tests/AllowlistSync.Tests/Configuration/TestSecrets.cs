using AllowlistSync.Configuration.Reading;

namespace AllowlistSync.Tests.Configuration;

/// <summary>The real store, but for variables: a few fixed ones instead of those of this process.</summary>
internal sealed class TestSecrets : ISecretStore
{
    private readonly SystemSecrets _real = new();

    public (string? Value, Fault? Fault) FromFile(string path) => _real.FromFile(path);

    public (string? Value, Fault? Fault) FromEnvironment(string name) => name switch
    {
        "HOOK" => ("https://hooks.example.com/hunter2", null),
        "PLAIN" => ("http://hooks.example.com/hunter2", null),
        "LONG_TOKEN" => ("hunter2hunter2hunter2", null),
        "TOKEN" => ("hunter2", null),
        _ => _real.FromEnvironment(name),
    };
}
