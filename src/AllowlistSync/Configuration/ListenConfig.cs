using System.Net;
using AllowlistSync.Core;

namespace AllowlistSync.Configuration;

/// <summary>Where health, metrics and the status page are served, and who may read them.</summary>
public sealed record ListenConfig
{
    /// <summary>The word that switches it off.</summary>
    public const string Off = "off";

    /// <summary>Loopback, readable by whoever is on this machine.</summary>
    public static ListenConfig Default { get; } = new() { Address = new(IPAddress.Loopback, 9521) };

    /// <summary>The address and port; null when nothing is served.</summary>
    public IPEndPoint? Address { get; init; }

    /// <summary>What a reader must send as <c>Authorization: Bearer</c>; null when no token is asked for.</summary>
    public Secret? Token { get; init; }

    /// <summary>The certificate; null for plain HTTP.</summary>
    public ListenTls? Tls { get; init; }

    /// <summary>True when only this machine can connect, or nobody.</summary>
    public bool IsLocal => Address is null || IPAddress.IsLoopback(Address.Address);
}

/// <summary>TLS of the status page. The files are read again when they change.</summary>
/// <param name="Certificate">A PEM file with the certificate, and after it those that lead to its root.</param>
/// <param name="Key">A PEM file with its private key.</param>
public sealed record ListenTls(string Certificate, string Key)
{
    /// <summary>A PEM file with the authorities of which a reader's certificate must be; null when none is asked for.</summary>
    public string? ClientCa { get; init; }
}
