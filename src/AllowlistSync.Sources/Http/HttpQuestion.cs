namespace AllowlistSync.Sources.Http;

/// <summary>Which other hosts a redirect may name.</summary>
public enum RedirectScope
{
    /// <summary>The same host, with or without <c>www.</c>.</summary>
    SameSite,

    /// <summary>As above, and from one host below cloudflare.com to another.</summary>
    Cloudflare,
}

/// <summary>One GET.</summary>
/// <param name="Source">The source that asks, for messages.</param>
/// <param name="Url">The address.</param>
/// <param name="Accept">The media type that is wanted.</param>
public sealed record HttpQuestion(string Source, Uri Url, string Accept)
{
    /// <summary>Where a redirect may lead.</summary>
    public RedirectScope Scope { get; init; } = RedirectScope.SameSite;

    /// <summary>The digest of the answer that is known, without quotes; null asks for the whole answer.</summary>
    public string? IfNoneMatch { get; init; }

    /// <summary>The largest body that is read, in bytes; null for the limit of the client.</summary>
    public int? MaxBytes { get; init; }
}

/// <summary>An answer with status 200 or 304.</summary>
/// <param name="NotModified">True for 304: the known answer still holds, and there is no body.</param>
/// <param name="Body">The body; whole, at most <see cref="HttpLimits.MaxBytes"/>.</param>
/// <param name="ETag">The ETag header without its quotes, when there is one.</param>
public sealed record HttpAnswer(bool NotModified, ReadOnlyMemory<byte> Body, string? ETag);
