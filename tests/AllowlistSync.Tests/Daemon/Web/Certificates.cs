using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AllowlistSync.Configuration;

namespace AllowlistSync.Tests.Daemon.Web;

/// <summary>Certificates in a directory of their own.</summary>
internal sealed class Certificates : IDisposable
{
    private const string ForClients = "1.3.6.1.5.5.7.3.2";
    private const string ForServers = "1.3.6.1.5.5.7.3.1";

    private static readonly DateTimeOffset Begin = TimeProvider.System.GetUtcNow().AddDays(-1);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("web-certificates-");
    private readonly X509Certificate2 _authority = Authority("ours");
    private readonly X509Certificate2 _stranger = Authority("ours");

    public ListenTls Tls => new(Path.Combine(_directory.FullName, "cert.pem"), Path.Combine(_directory.FullName, "key.pem"));

    public void Dispose()
    {
        _authority.Dispose();
        _stranger.Dispose();
        _directory.Delete(recursive: true);
    }

    /// <summary>Writes a certificate of a server, each time a new one.</summary>
    public ListenTls Write(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Request(name, key, ForServers).CreateSelfSigned(Begin, Begin.AddDays(30));
        File.WriteAllText(Tls.Key, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Tls.Certificate, certificate.ExportCertificatePem());
        return Tls;
    }

    /// <summary>Writes the authority of which clients must be.</summary>
    public string WriteAuthority()
    {
        var path = Path.Combine(_directory.FullName, "ca.pem");
        File.WriteAllText(path, _authority.ExportCertificatePem());
        return path;
    }

    /// <summary>A certificate of a client.</summary>
    public X509Certificate2 Client(bool isOurs, bool isForClients)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Request("client", key, isForClients ? ForClients : ForServers).Create(isOurs ? _authority : _stranger, Begin, Begin.AddDays(20), [1, 2, 3]);
        using var whole = certificate.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }

    private static CertificateRequest Request(string name, ECDsa key, string purpose)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        return request;
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(Begin, Begin.AddDays(30));
    }
}
