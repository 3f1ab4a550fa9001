using System.Net;
using System.Net.Sockets;

namespace AllowlistSync.TestKit;

/// <summary>
/// Listens in a sandbox on TCP ports of both families, and accepts and closes what comes. One thread per socket with plain system calls,
/// so that it keeps up with a <see cref="LoadProbe" />: a full queue would look like a lost connection.
/// </summary>
public sealed class Listener : IAsyncDisposable
{
    private readonly List<Socket> _sockets;
    private readonly List<Task> _loops;
    private long _accepted;

    private Listener(List<Socket> sockets)
    {
        _sockets = sockets;
        _loops = [.. sockets.Select(socket => NamespaceThread.RunAsync(() => Loop(socket)))];
    }

    /// <summary>How many connections it has accepted.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Listens on the ports, on all addresses of the sandbox.</summary>
    /// <exception cref="SocketException">A port is in use.</exception>
    public static async Task<Listener> StartAsync(Sandbox sandbox, params int[] ports)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        ArgumentNullException.ThrowIfNull(ports);
        return new Listener(await sandbox.Net.RunAsync(() => Open(ports)));
    }

    /// <summary>Stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        // Closing does not wake a thread that waits in accept; shutting down does.
        _sockets.ForEach(socket => _ = Libc.Shutdown(socket.SafeHandle, Libc.ShutReadWrite));
        await Task.WhenAll(_loops);
        _sockets.ForEach(socket => socket.Dispose());
    }

    private static List<Socket> Open(int[] ports)
    {
        var sockets = new List<Socket>();
        try
        {
            foreach (var address in ports.SelectMany(port => new[] { new IPEndPoint(IPAddress.Any, port), new IPEndPoint(IPAddress.IPv6Any, port) }))
            {
                var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(socket);
                if (address.AddressFamily == AddressFamily.InterNetworkV6)
                {
                    socket.DualMode = false;
                }

                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
                socket.Bind(address);
                socket.Listen(4096);
            }

            return sockets;
        }
        catch
        {
            sockets.ForEach(socket => socket.Dispose());
            throw;
        }
    }

    private bool Loop(Socket socket)
    {
        while (true)
        {
            int connection = Libc.Accept(socket.SafeHandle, 0, 0, Libc.AcceptCloseOnExec);
            if (connection >= 0)
            {
                Interlocked.Increment(ref _accepted);
                _ = Libc.Close(connection);
            }
            else if (!IsOfOneConnection(System.Runtime.InteropServices.Marshal.GetLastPInvokeError()))
            {
                return true;
            }
        }
    }

    // EINTR, ECONNABORTED, EPROTO: only this connection failed (accept(2)). All else is the end, EINVAL after a shutdown among it.
    private static bool IsOfOneConnection(int errno)
    {
        return errno is 4 or 103 or 71;
    }
}
