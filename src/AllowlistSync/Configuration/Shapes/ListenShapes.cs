namespace AllowlistSync.Configuration.Shapes;

/// <summary>The table of <c>listen</c>.</summary>
internal static class ListenShapes
{
    /// <summary>A text where that says all, otherwise a mapping.</summary>
    internal static TextOrMapShape Listen { get; } = new(Texts.Listen, new(
    [
        new("address", Texts.ListenAddress, "The address and port.") { Required = true },
        new("token", SecretShape.Instance, "What a reader must send as Authorization: Bearer; other machines only over TLS."),
        new("tls", Tls, "The certificate; without it plain HTTP is spoken."),
    ]));

    private static MapShape Tls => new(
    [
        new("certificate", Texts.File, "A PEM file with the certificate and those that lead to its root; read again when it changes.") { Required = true },
        new("key", Texts.File, "A PEM file with its private key.") { Required = true },
        new("clientCa", Texts.File, "A PEM file with the authorities of which a reader's certificate must be."),
    ]);
}
