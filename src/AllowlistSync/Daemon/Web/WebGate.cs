using System.Net;
using System.Security.Cryptography;
using System.Text;
using AllowlistSync.Configuration;

namespace AllowlistSync.Daemon.Web;

/// <summary>Who may read. Pure.</summary>
internal sealed class WebGate(ListenConfig listen)
{
    private const string Scheme = "Bearer ";

    // Digests have one length, so that the comparison tells nothing of the token, not even how long it is.
    private readonly byte[]? _token = listen.Token is { } token ? DigestOf(token.Reveal()) : null;

    /// <summary>Why a request gets no answer; null when it gets one.</summary>
    /// <param name="host">The host that it names; null when it names none.</param>
    /// <param name="authorization">Who it says that it is.</param>
    public WebAnswer? Refuse(string? host, string? authorization)
    {
        if (listen.IsLocal && host is { Length: > 0 } && !IsLocal(host))
        {
            return new(421, WebAnswer.Plain, "this address serves only this machine, by the names localhost, 127.0.0.1 and [::1]\n");
        }

        return _token is null || Knows(authorization, _token)
            ? null
            : new(401, WebAnswer.Plain, "a token is needed: Authorization: Bearer TOKEN\n") { Headers = [("WWW-Authenticate", "Bearer realm=\"allowlist-sync\"")] };
    }

    // A page of a stranger that has its own name point to 127.0.0.1 still sends its own name.
    private static bool IsLocal(string host)
    {
        var name = host.AsSpan();
        var colon = name.LastIndexOf(':');
        name = colon > name.LastIndexOf(']') ? name[..colon] : name;
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(name is ['[', .. var bare, ']'] ? bare : name, out var address) && IPAddress.IsLoopback(address));
    }

    private static bool Knows(string? authorization, byte[] token) =>
        authorization is not null
        && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(DigestOf(authorization[Scheme.Length..].Trim()), token);

    private static byte[] DigestOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
