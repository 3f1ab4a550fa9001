using System.Buffers.Text;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using AllowlistSync.Core;

namespace AllowlistSync.Proposals.Forges.GitHub;

/// <summary>Signs in at GitHub by a token, or as an App: a JWT signed with the App's key gets a token of its installation in the repository (docs.github.com, "Authenticating as a GitHub App installation").</summary>
internal sealed class GitHubLogin : IDisposable
{
    /// <summary>The rights of an App.</summary>
    public const string AppRights = "an App that is installed in the repository, with contents: write, pull requests: write and commit statuses: write";

    /// <summary>What helps when GitHub does not take what an App signs in with.</summary>
    public const string AppSignIn = "see that `forge.app.id` is that of the App, that `forge.app.key` points to a key that the App still has, and that the clock of this machine is right";

    // GitHub takes at most ten minutes, and clocks differ.
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(9);
    private static readonly TimeSpan s_skew = TimeSpan.FromSeconds(60);

    private readonly ForgeSettings _settings;
    private readonly TimeProvider _time;
    private readonly ForgeHttp? _asApp;
    private Secret? _token;

    /// <summary>Has asked nothing yet.</summary>
    public GitHubLogin(ForgeSettings settings, TimeProvider time)
    {
        (_settings, _time, _token) = (settings, time, settings.Token);
        _asApp = settings.App is { } app
            ? new ForgeHttp(settings.ApiUrl, new ForgeErrors("GitHub", AppRights, AppSignIn), _ => ValueTask.FromResult(new Secret(Jwt(app))), Put, time)
            : null;
    }

    /// <summary>The token; that of an App is asked for once.</summary>
    public async ValueTask<Secret> TokenAsync(CancellationToken cancellationToken)
    {
        if (_token is null && _asApp is { } http)
        {
            var installation = await http.SendAsync(new ForgeCall("looking for the installation of the App", HttpMethod.Get, $"repos/{_settings.Repository}/installation"), GitHubJson.Default.GitHubInstallation, cancellationToken);
            var call = new ForgeCall("asking for a token of the App", HttpMethod.Post, string.Create(CultureInfo.InvariantCulture, $"app/installations/{installation.Id}/access_tokens"));
            _token = new Secret((await http.SendAsync(call, GitHubJson.Default.GitHubInstallationToken, cancellationToken)).Token);
        }

        return _token ?? throw new ForgeException(ForgeFailure.SignIn, "there is no token for GitHub", "set `forge.token` or `forge.app`");
    }

    /// <inheritdoc/>
    public void Dispose() => _asApp?.Dispose();

    /// <summary>Puts a token into a request.</summary>
    public static void Put(HttpRequestMessage request, string token)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.Clear();
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/vnd.github+json"));
        request.Headers.Add("X-GitHub-Api-Version", "2022-11-28");
    }

    // RFC 7519, RS256.
    private string Jwt(ForgeApp app)
    {
        var now = _time.GetUtcNow();
        var claims = string.Create(CultureInfo.InvariantCulture, $$"""{"iat":{{(now - s_skew).ToUnixTimeSeconds()}},"exp":{{(now + s_lifetime).ToUnixTimeSeconds()}},"iss":"{{app.Id}}"}""");
        var text = $"{Base64Url.EncodeToString("""{"alg":"RS256","typ":"JWT"}"""u8)}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        try
        {
            using var key = RSA.Create();
            key.ImportFromPem(app.Key.Reveal());
            return $"{text}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
        }
        catch (Exception bad) when (bad is ArgumentException or CryptographicException)
        {
            throw new ForgeException(ForgeFailure.SignIn, $"the key of the App cannot be read: {bad.Message}", "put the PEM file that GitHub gave for the App where `forge.app.key` points to");
        }
    }
}
