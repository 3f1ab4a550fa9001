using AllowlistSync.Daemon.Web.Page;
using Microsoft.AspNetCore.Http;

namespace AllowlistSync.Daemon.Web;

/// <summary>The headers of every answer: nothing is fetched from elsewhere, framed, guessed, kept or told to the next page.</summary>
internal static class WebHeaders
{
    /// <summary>What a page may load: its own style, known by its digest, and our icon. There are no scripts.</summary>
    public static string Policy { get; } =
        $"default-src 'none'; style-src '{PageStyle.Digest}'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void Write(IHeaderDictionary headers, WebAnswer answer)
    {
        headers.ContentSecurityPolicy = Policy;
        headers["Referrer-Policy"] = "no-referrer";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        foreach (var (name, value) in answer.Headers)
        {
            headers[name] = value;
        }
    }
}
