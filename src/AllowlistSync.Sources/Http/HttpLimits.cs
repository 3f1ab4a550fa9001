namespace AllowlistSync.Sources.Http;

/// <summary>How long and how much <see cref="GuardedHttp"/> puts up with.</summary>
public sealed record HttpLimits
{
    /// <summary>The limits that the program runs with.</summary>
    public static HttpLimits Default { get; } = new();

    /// <summary>For the TCP connection and the TLS handshake.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>For one try from its first byte to its last, redirects included; it also ends an answer that drips.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The largest body that is read, in bytes. Cloudflare's answers have less than 1 KiB.</summary>
    public int MaxBytes { get; init; } = 1024 * 1024;

    /// <summary>How many redirects are followed.</summary>
    public int MaxRedirects { get; init; } = 3;

    /// <summary>How often a server is asked in all, the first time included.</summary>
    public int MaxTries { get; init; } = 3;

    /// <summary>The base of the exponential pause between two tries; jitter is added.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest pause between two tries. A server that asks for a longer one with Retry-After is not asked again.</summary>
    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(10);
}
