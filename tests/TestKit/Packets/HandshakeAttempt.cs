using System.Net;
using System.Net.Sockets;

namespace AllowlistSync.TestKit;

/// <summary>One connection that has been begun: one first packet. Closing it sends a reset.</summary>
internal sealed class HandshakeAttempt : IDisposable
{
    private HandshakeAttempt(HandshakeProbe probe, Socket socket)
    {
        Probe = probe;
        Socket = socket;
        From = (IPEndPoint)socket.LocalEndPoint!;
    }

    internal HandshakeProbe Probe { get; }

    internal Socket Socket { get; }

    /// <summary>The client's end.</summary>
    internal IPEndPoint From { get; }

    /// <summary>Set when the client got an answer that lets it connect.</summary>
    internal bool IsConnected { get; private set; }

    /// <summary>Where the server got it.</summary>
    internal IPEndPoint? Reached { get; set; }

    /// <summary>Why the client was refused.</summary>
    internal string? Error { get; private set; }

    /// <summary>True while the client has no answer.</summary>
    internal bool IsOpen => !IsConnected && Error is null;

    /// <summary>Binds and begins to connect; on a thread inside the client's network.</summary>
    internal static HandshakeAttempt Begin(HandshakeProbe probe)
    {
        var socket = new Socket(probe.Source.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Blocking = false;
            socket.LingerState = new LingerOption(enable: true, 0);
            socket.Bind(new IPEndPoint(probe.Source, 0));
            var attempt = new HandshakeAttempt(probe, socket);
            attempt.Connect(PacketClient.OriginFor(probe.Source, probe.Port));
            return attempt;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Asks the socket for an error. An ICMP error that comes while connect() still runs, as it does on a veth, wakes nobody: it must be asked for.
    /// </summary>
    internal void Judge(bool isWritable)
    {
        if (IsOpen)
        {
            int error = (int)Socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
            if (error != 0)
            {
                Refuse(new SocketException(error));
            }
            else
            {
                IsConnected = isWritable;
            }
        }
    }

    /// <summary>What became of it.</summary>
    internal HandshakeResult Result(IReadOnlySet<IPEndPoint> halfOpen)
    {
        var handshake = Reached is not null ? Handshake.Accepted
            : Error is not null ? Handshake.Refused
            : IsConnected ? Handshake.Half
            : halfOpen.Contains(From) ? Handshake.NoReply
            : Handshake.TimedOut;
        return new HandshakeResult(Probe, handshake) { Reached = Reached, Error = Reached is null ? Error : null };
    }

    public void Dispose()
    {
        Socket.Dispose();
    }

    private void Connect(EndPoint target)
    {
        try
        {
            Socket.Connect(target);
            IsConnected = true;
        }
        catch (SocketException pending) when (pending.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            Judge(isWritable: false);
        }
        catch (SocketException failure)
        {
            Refuse(failure);
        }
    }

    private void Refuse(SocketException failure)
    {
        Error = failure.SocketErrorCode switch
        {
            SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.AccessDenied
                or SocketError.ConnectionReset or SocketError.ProtocolOption or SocketError.ProtocolNotSupported => $"{failure.SocketErrorCode}",
            _ => throw new InvalidOperationException($"{Probe}: connect ended with {failure.SocketErrorCode} ({failure.NativeErrorCode}), which is no answer of a firewall.", failure),
        };
    }
}
