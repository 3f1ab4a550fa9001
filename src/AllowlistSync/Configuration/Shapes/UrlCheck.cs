using System.Net;
using AllowlistSync.Configuration.Reading;

namespace AllowlistSync.Configuration.Shapes;

/// <summary>Web addresses. They are never shown as a whole: a path or query may hold a token.</summary>
internal static class UrlCheck
{
    internal static Fault? Check(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http") || url.Host.Length == 0 || text.Any(char.IsWhiteSpace))
        {
            return new("this is not a web address", "write " + Texts.Url.Expected);
        }

        if (url.UserInfo.Length > 0)
        {
            return new("the address holds a user name or a password", "remove the part before the @");
        }

        return url.Scheme == "https" || IsLoopback(url)
            ? null
            : new($"plain http only to loopback, and {Shown.Of(url.Host)} is not: anyone on the way could change what is read", $"write https://{Shown.Of(url.Host)}/...");
    }

    /// <summary>The same for an address that is itself a secret: no part of it is shown.</summary>
    internal static Fault? CheckSecret(string text) =>
        Check(text) is null ? null : new("the secret is not a web address that can be used", "put an address https://HOST/PATH into it, without a user name; plain http only to loopback");

    /// <summary>Names other than localhost are up to DNS, so they are not loopback. (Uri itself reads "loopback" as "localhost".)</summary>
    internal static bool IsLoopback(Uri url) =>
        url.Host == "localhost" || (IPAddress.TryParse(url.DnsSafeHost, out var address) && IPAddress.IsLoopback(address));
}
