using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace AllowlistSync.TestKit;

/// <content>Who signs in: a token, or an App with a JWT (RFC 7519, RS256) that gets tokens of its installation.</content>
public sealed partial class GitHubServer
{
    private const long Installation = 4711;

    private readonly List<string> _installationTokens = [];

    /// <summary>The App that is installed: its id and its public key; null for none.</summary>
    public (string Id, RSA Key)? App { get; set; }

    /// <summary>The clock that a JWT is judged by.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>The tokens that the App got.</summary>
    public IReadOnlyList<string> InstallationTokens => _installationTokens;

    private protected override ForgeReply? SignInFault(ForgeRequest request)
    {
        if (request.Header("user-agent").Length == 0)
        {
            return Said(403, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.");
        }

        if (request.Header("x-github-api-version") is not ("" or "2022-11-28"))
        {
            return Said(400, "Invalid API version");
        }

        var bearer = request.Header("authorization") is ['B', 'e', 'a', 'r', 'e', 'r', ' ', .. var token] ? token : "";
        if (request.Path.EndsWith("/installation", StringComparison.Ordinal) || request.Path.StartsWith("/app/", StringComparison.Ordinal))
        {
            return JwtFault(bearer) is { } fault ? Said(401, fault) : null;
        }

        return bearer == Token || _installationTokens.Contains(bearer, StringComparer.Ordinal) ? null : Said(401, "Bad credentials");
    }

    private ForgeReply NewToken()
    {
        _installationTokens.Add($"ghs_{Guid.NewGuid():n}");
        return Created(new JsonObject
        {
            ["token"] = _installationTokens[^1],
            ["expires_at"] = (Time.GetUtcNow() + TimeSpan.FromHours(1)).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ["permissions"] = new JsonObject { ["contents"] = "write", ["pull_requests"] = "write" },
        });
    }

    private string? JwtFault(string jwt)
    {
        var parts = jwt.Split('.');
        if (App is not { } app || parts.Length != 3 || !app.Key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
        {
            return "A JSON web token could not be decoded";
        }

        var (header, claims) = (JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!, JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!);
        var (issued, expires, now) = (claims["iat"]!.GetValue<long>(), claims["exp"]!.GetValue<long>(), Time.GetUtcNow().ToUnixTimeSeconds());
        return header["alg"]!.GetValue<string>() != "RS256" ? "A JSON web token could not be decoded"
            : claims["iss"]!.GetValue<string>() != app.Id ? "'Issuer' claim ('iss') must be an Integer or the client ID of the App"
            : issued > now ? "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
            : expires <= now ? "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires"
            : expires - issued > 600 ? "'Expiration time' claim ('exp') is too far in the future" : null;
    }
}
