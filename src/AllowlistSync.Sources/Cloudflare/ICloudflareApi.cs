using AllowlistSync.Core.Sources;

namespace AllowlistSync.Sources.Cloudflare;

/// <summary>
/// Cloudflare's API, as far as it is used: one method per call, typed request and reply. It has the shape that Refit wants; until Refit
/// can be restored <see cref="CloudflareApi"/> implements it by hand, and the swap is attributes on this interface.
/// </summary>
public interface ICloudflareApi
{
    /// <summary><c>GET /client/v4/ips</c>: the ranges; needs no credentials (https://developers.cloudflare.com/api/resources/ips).</summary>
    /// <param name="networks">The query parameter <c>networks</c>, for example <c>jdcloud</c>; null leaves it out.</param>
    /// <param name="ifNoneMatch">The etag of the list that is known, without quotes; null asks for the whole list.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="SourceException">No answer, or one that cannot be read.</exception>
    Task<CloudflareIpsReply> GetIpsAsync(string? networks, string? ifNoneMatch, CancellationToken cancellationToken);
}
