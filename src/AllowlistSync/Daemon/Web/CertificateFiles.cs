using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AllowlistSync.Configuration;
using AllowlistSync.Core;
using Microsoft.Extensions.Logging;

namespace AllowlistSync.Daemon.Web;

/// <summary>
/// A certificate whose files are looked at for each connection, so that a renewed one is taken over without a restart and without
/// anything that waits for it. While the files are half written, the one before goes on.
/// </summary>
internal sealed partial class CertificateFiles
{
    private readonly ListenTls _tls;
    private readonly ILogger _log;
    private readonly Lock _lock = new();

    // One that was replaced is not disposed of: a connection may just be made with it.
    private LoadedCertificate _now;
    private string? _failed;

    private CertificateFiles(ListenTls tls, LoadedCertificate first, ILogger log) => (_tls, _now, _log) = (tls, first, log);

    /// <summary>Reads the files for the first time.</summary>
    /// <exception cref="CertificateException">One of them does not hold what it should.</exception>
    public static CertificateFiles Load(ListenTls tls, ILogger log) => new(tls, LoadedCertificate.Load(tls), log);

    /// <summary>The terms of a new connection.</summary>
    public SslServerAuthenticationOptions ForConnection()
    {
        lock (_lock)
        {
            Refresh();
            return _now.Options;
        }
    }

    [LoggerMessage(603, LogLevel.Warning, "the renewed certificate was not taken over, the one before stays in use: {Reason}; mend the files, they are looked at again when they change")]
    private static partial void LogRefused(ILogger log, string reason);

    private void Refresh()
    {
        var stamp = LoadedCertificate.StampOf(_tls);
        if (stamp == _now.Stamp || stamp == _failed)
        {
            return;
        }

        try
        {
            _now = LoadedCertificate.Load(_tls);
            _failed = null;
        }
        catch (CertificateException exception)
        {
            _failed = stamp;
            LogRefused(_log, exception.Message);
        }
    }
}

/// <summary>A certificate as it was read, and by which sizes and times of its files it is known.</summary>
/// <param name="Options">The terms of a connection with it.</param>
/// <param name="Stamp">Sizes and times.</param>
internal sealed record LoadedCertificate(SslServerAuthenticationOptions Options, string Stamp)
{
    // id-kp-clientAuth (RFC 5280, 4.2.1.12).
    private const string ForClients = "1.3.6.1.5.5.7.3.2";

    /// <summary>Reads the files.</summary>
    /// <exception cref="CertificateException">One of them does not hold what it should.</exception>
    public static LoadedCertificate Load(ListenTls tls)
    {
        var stamp = StampOf(tls);
        var all = Authorities(tls.Certificate);
        var certificate = WithKey(tls);
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, all, offline: true),
        };
        if (tls.ClientCa is { } path)
        {
            var roots = Authorities(path);
            options.ClientCertificateRequired = true;
            options.CertificateRevocationCheckMode = X509RevocationMode.NoCheck;
            options.RemoteCertificateValidationCallback = (_, client, _, _) => client is not null && IsOf(roots, client);
        }

        return new(options, stamp);
    }

    /// <summary>What changes when one of the files does.</summary>
    public static string StampOf(ListenTls tls) => string.Join(' ', new[] { tls.Certificate, tls.Key, tls.ClientCa }.OfType<string>().Select(StampOf));

    private static string StampOf(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? $"{file.LastWriteTimeUtc.Ticks}-{file.Length}" : "none";
    }

    private static X509Certificate2 WithKey(ListenTls tls) =>
        Read(tls.Key, "no private key that belongs to the certificate", () => X509Certificate2.CreateFromPemFile(tls.Certificate, tls.Key));

    private static X509Certificate2Collection Authorities(string path) => Read(path, "no certificate", () =>
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(path);
        return all.Count > 0 ? all : throw new CryptographicException("it is empty");
    });

    private static T Read<T>(string path, string lack, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CertificateException($"{path} cannot be read: {exception.Clause()}", exception);
        }
        catch (CryptographicException exception)
        {
            throw new CertificateException($"{path} holds {lack}", exception);
        }
    }

    private static bool IsOf(X509Certificate2Collection roots, X509Certificate client)
    {
        using var chain = new X509Chain();
        using var certificate = new X509Certificate2(client);
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ForClients));
        return chain.Build(certificate);
    }
}

/// <summary>The files of a certificate do not hold what they should.</summary>
internal sealed class CertificateException : Exception
{
    /// <summary>Without a reason.</summary>
    public CertificateException()
    {
    }

    /// <summary>With a reason.</summary>
    public CertificateException(string message)
        : base(message)
    {
    }

    /// <summary>With a reason and what caused it.</summary>
    public CertificateException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
