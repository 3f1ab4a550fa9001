namespace AllowlistSync.Configuration.Reading;

/// <summary>No store at all: for a command that uses no secret but that of its state. What it gives passes as any kind of secret and leads nowhere (RFC 6761 on <c>invalid</c>).</summary>
internal sealed class UnreadSecrets : ISecretStore
{
    private const string Placeholder = "https://secret.invalid/not-read";

    public (string? Value, Fault? Fault) FromFile(string path) => (Placeholder, null);

    public (string? Value, Fault? Fault) FromEnvironment(string name) => (Placeholder, null);

    public ISecretStore OfState => new SystemSecrets();
}
