using System.Globalization;

namespace AllowlistSync.TestKit;

/// <summary>
/// A real Apache in a sandbox that serves repositories by git's own <c>git http-backend</c> (git-http-backend(1)): <c>/git/</c> to those who know the token, <c>/readonly/</c> to all for reading,
/// <c>/moved/</c> sends on to <c>/git/</c>, <c>/broken/</c> fails. Plain on one port, by TLS with a certificate of its own on another.
/// </summary>
public sealed class GitHttpServer : IAsyncDisposable
{
    /// <summary>The port without TLS.</summary>
    public const int Port = 8080;

    /// <summary>The port with TLS.</summary>
    public const int TlsPort = 8443;

    /// <summary>What the server takes as a password, with any of the names that forges use.</summary>
    public const string Token = "t0k3n-of-the-tests";

    private const string Place = "/etc/als-git";

    private readonly Sandbox _sandbox;
    private readonly SandboxProcess _apache;

    private GitHttpServer(Sandbox sandbox, SandboxProcess apache) => (_sandbox, _apache) = (sandbox, apache);

    /// <summary>The programs that it needs.</summary>
    public static IReadOnlyList<string> Programs { get; } = ["apache2", "git", "openssl"];

    /// <summary>The certificate of the server, which nobody knows unless told (inside the sandbox).</summary>
    public static string Certificate => $"{Place}/cert.pem";

    /// <summary>Starts it.</summary>
    /// <param name="sandbox">Where.</param>
    /// <param name="repository">What is served.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<GitHttpServer> StartAsync(Sandbox sandbox, BareRepository repository, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        ArgumentNullException.ThrowIfNull(repository);
        await repository.InAsync(ct, "config", "http.receivepack", "true");
        await sandbox.WriteFileAsync($"{Place}/apache.conf", Configuration(repository), ct: ct);
        // Apache serves as a user of its own, who must come to the repository.
        (await sandbox.RunAsync(["chmod", "-R", "a+rwX", Path.GetDirectoryName(repository.Path)!], ct: ct)).EnsureSuccess();
        var password = (await sandbox.RunAsync(["openssl", "passwd", "-apr1", Token], ct: ct)).EnsureSuccess().StdOut.Trim();
        await sandbox.WriteFileAsync($"{Place}/users", string.Concat(new[] { "x-access-token", "oauth2", "git" }.Select(user => $"{user}:{password}\n")), ct: ct);
        var run = await sandbox.RunAsync(
            ["sh", "-c", $"openssl req -x509 -newkey rsa:2048 -nodes -keyout {Place}/key.pem -out {Certificate} -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 2>&1"], ct: ct);
        run.EnsureSuccess();
        var apache = await sandbox.StartProcessAsync(["/usr/sbin/apache2", "-X", "-f", $"{Place}/apache.conf"], ct);
        (await sandbox.RunAsync(["sh", "-c", $"for i in $(seq 200); do ss -Hltn sport = :{TlsPort} | grep -q . && exit 0; sleep 0.05; done; exit 1"], ct: ct)).EnsureSuccess();
        return new GitHttpServer(sandbox, apache);
    }

    /// <summary>The requests that came so far, as Apache logs them.</summary>
    public async Task<string> RequestsAsync(CancellationToken ct) => await _sandbox.ReadFileAsync($"{Place}/access.log", ct);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _apache.DisposeAsync();

    private static string Configuration(BareRepository repository) => string.Create(CultureInfo.InvariantCulture, $"""
        ServerRoot /usr/lib/apache2
        ServerName localhost
        User www-data
        Group www-data
        PidFile {Place}/pid
        ErrorLog {Place}/error.log
        Listen 127.0.0.1:{Port}
        Listen 127.0.0.1:{TlsPort}
        LoadModule mpm_prefork_module modules/mod_mpm_prefork.so
        LoadModule authz_core_module modules/mod_authz_core.so
        LoadModule authn_core_module modules/mod_authn_core.so
        LoadModule auth_basic_module modules/mod_auth_basic.so
        LoadModule authn_file_module modules/mod_authn_file.so
        LoadModule authz_user_module modules/mod_authz_user.so
        LoadModule alias_module modules/mod_alias.so
        LoadModule env_module modules/mod_env.so
        LoadModule cgi_module modules/mod_cgi.so
        LoadModule ssl_module modules/mod_ssl.so
        LogFormat "%m %U%q %>s %u" short
        CustomLog {Place}/access.log short
        SetEnv GIT_PROJECT_ROOT {Path.GetDirectoryName(repository.Path)}
        SetEnv GIT_HTTP_EXPORT_ALL 1
        SetEnv GIT_CONFIG_COUNT 1
        SetEnv GIT_CONFIG_KEY_0 safe.directory
        SetEnv GIT_CONFIG_VALUE_0 *
        ScriptAlias /git/ /usr/lib/git-core/git-http-backend/
        ScriptAlias /readonly/ /usr/lib/git-core/git-http-backend/
        Redirect 302 /moved/ /git/
        Redirect 503 /broken/
        <Directory /usr/lib/git-core>
          Require all granted
        </Directory>
        <Location /git/>
          AuthType Basic
          AuthName git
          AuthUserFile {Place}/users
          Require valid-user
        </Location>
        <LocationMatch "^/readonly/.*receive-pack$">
          Require all denied
        </LocationMatch>
        <VirtualHost 127.0.0.1:{TlsPort}>
          SSLEngine on
          SSLCertificateFile {Certificate}
          SSLCertificateKeyFile {Place}/key.pem
        </VirtualHost>

        """);
}
