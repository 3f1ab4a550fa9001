using System.Net.Sockets;
using System.Security.Authentication;

namespace AllowlistSync.Sources.Http;

/// <summary>Why a connection failed, in words for people, and whether it may pass by itself.</summary>
/// <param name="Reason">In plain words.</param>
/// <param name="Transient">True when another try may end better.</param>
public readonly record struct HttpFailure(string Reason, bool Transient)
{
    /// <summary>What a failure means.</summary>
    public static HttpFailure Of(HttpRequestException failure) => failure.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => new("its name could not be resolved (DNS)", true),
        HttpRequestError.ConnectionError => new($"no connection{Socket(failure)}", true),
        HttpRequestError.SecureConnectionError when failure.InnerException is AuthenticationException =>
            new("its TLS certificate or handshake was not accepted", false),
        HttpRequestError.SecureConnectionError => new("the TLS handshake broke off", true),
        HttpRequestError.ConfigurationLimitExceeded => new("its headers are larger than any list needs", false),
        HttpRequestError.InvalidResponse => new("what came back is not HTTP", false),
        _ => new($"the connection ended early{Socket(failure)}", true),
    };

    /// <summary>What a failure means.</summary>
    public static HttpFailure Of(IOException failure) => failure is HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse }
        ? new("what came back is not HTTP", false)
        : new($"the connection ended before the whole answer had come{Socket(failure)}", true);

    private static string Socket(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is SocketException socket)
            {
                return $" ({Words(socket.SocketErrorCode)})";
            }
        }

        return "";
    }

    private static string Words(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "refused",
        SocketError.ConnectionReset => "reset by the other side",
        SocketError.NetworkUnreachable => "network unreachable",
        SocketError.HostUnreachable => "host unreachable",
        SocketError.TimedOut => "timed out",
        _ => error.ToString(),
    };
}
