using System.Net;
using System.Net.Sockets;

namespace AllowlistSync.TestKit;

/// <summary>A connection that has been begun and not yet judged. Closing it sends a reset, so that nothing of it stays in the way of the next one.</summary>
internal sealed class ProbeSocket : IDisposable
{
    private ProbeSocket(Socket socket, Verdict? verdict)
    {
        Socket = socket;
        Verdict = verdict;
    }

    internal Socket Socket { get; }

    /// <summary>Null while there is no answer.</summary>
    internal Verdict? Verdict { get; private set; }

    /// <summary>Binds and begins to connect; on a thread inside the client's network.</summary>
    /// <exception cref="SocketException">The source could not be bound, or the call failed for a reason that is no verdict.</exception>
    internal static ProbeSocket Begin(IPAddress source, EndPoint target)
    {
        var socket = new Socket(source.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Blocking = false;
            socket.LingerState = new LingerOption(enable: true, 0);
            socket.Bind(new IPEndPoint(source, 0));
            return new ProbeSocket(socket, Connect(socket, target));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Reads the answer when the socket has become writable.</summary>
    internal void Judge()
    {
        int error = (int)Socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        Verdict = error == 0 ? TestKit.Verdict.Accepted : Meaning(new SocketException(error));
    }

    public void Dispose()
    {
        Socket.Dispose();
    }

    private static Verdict? Connect(Socket socket, EndPoint target)
    {
        try
        {
            socket.Connect(target);
            return TestKit.Verdict.Accepted;
        }
        catch (SocketException pending) when (pending.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            return null;
        }
        catch (SocketException failure)
        {
            return Meaning(failure);
        }
    }

    private static Verdict Meaning(SocketException failure)
    {
        return failure.SocketErrorCode switch
        {
            SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.AccessDenied
                => TestKit.Verdict.Refused,
            SocketError.TimedOut => TestKit.Verdict.Dropped,
            _ => throw failure,
        };
    }
}
