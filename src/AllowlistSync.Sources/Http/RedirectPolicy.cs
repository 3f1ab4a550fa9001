namespace AllowlistSync.Sources.Http;

/// <summary>Which addresses may be asked, and which may be followed to. Pure.</summary>
internal static class RedirectPolicy
{
    /// <returns>Why the address of the configuration is not asked; null when it may be.</returns>
    internal static string? WhyNotAsk(Uri url)
    {
        if (!url.IsAbsoluteUri)
        {
            return "it is not a whole address";
        }

        if (url.UserInfo.Length > 0)
        {
            return "it holds a user name or a password";
        }

        return IsHttps(url) || IsLocalHttp(url) ? null : "what comes over plain http can be replaced on the way";
    }

    /// <returns>Why the redirect is not followed; null when it may be.</returns>
    internal static string? WhyNotFollow(Uri from, Uri to, RedirectScope scope)
    {
        if (to.UserInfo.Length > 0)
        {
            return "it holds a user name or a password";
        }

        if (IsLocalHttp(from))
        {
            return from.Scheme == to.Scheme && SameHostAndPort(from, to) ? null : "from plain http on loopback only the same host and port is followed";
        }

        if (!IsHttps(to))
        {
            return "only https is followed";
        }

        return SameHostAndPort(from, to) || SameSite(from, to, scope) ? null : "it is another site";
    }

    private static bool IsHttps(Uri url) => url.Scheme == Uri.UriSchemeHttps;

    private static bool IsLocalHttp(Uri url) => url.Scheme == Uri.UriSchemeHttp && url.IsLoopback;

    private static bool SameHostAndPort(Uri from, Uri to) =>
        string.Equals(from.IdnHost, to.IdnHost, StringComparison.OrdinalIgnoreCase) && from.Port == to.Port;

    private static bool SameSite(Uri from, Uri to, RedirectScope scope) =>
        from.IsDefaultPort && to.IsDefaultPort
        && (string.Equals(WithoutWww(from), WithoutWww(to), StringComparison.OrdinalIgnoreCase)
            || (scope == RedirectScope.Cloudflare && IsCloudflare(from) && IsCloudflare(to)));

    private static string WithoutWww(Uri url) =>
        url.IdnHost.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? url.IdnHost[4..] : url.IdnHost;

    private static bool IsCloudflare(Uri url) =>
        string.Equals(url.IdnHost, "cloudflare.com", StringComparison.OrdinalIgnoreCase)
        || url.IdnHost.EndsWith(".cloudflare.com", StringComparison.OrdinalIgnoreCase);
}
