using System.Net;

namespace AllowlistSync.Sources.Http;

/// <summary>How this program opens connections for HTTP: no environment variable can send it elsewhere (HTTP_PROXY and its kin are not read), no cookie is kept, nothing is followed, nothing is unpacked.</summary>
public static class GuardedHandler
{
    /// <summary>A handler that opens nothing until it is asked.</summary>
    /// <param name="connectTimeout">The longest wait for one connection.</param>
    /// <param name="time">The clock of the race between addresses (RFC 8305).</param>
    public static SocketsHttpHandler Create(TimeSpan connectTimeout, TimeProvider time) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = connectTimeout,
        ConnectCallback = (context, token) => FirstToConnect.ToNameAsync(context.DnsEndPoint, time, token),
        MaxResponseHeadersLength = 32,
        MaxResponseDrainSize = 0,
    };
}
