using System.Net;
using System.Net.Sockets;

namespace AllowlistSync.TestKit;

/// <summary>The sockets that listen in a <see cref="HandshakeLab" />, and what they were sent. Accepting never waits.</summary>
internal sealed class HandshakeListeners : IDisposable
{
    private readonly List<Socket> _sockets = [];
    private readonly NetNamespace _net;

    private HandshakeListeners(NetNamespace net)
    {
        _net = net;
    }

    /// <exception cref="SocketException">A port is in use.</exception>
    internal static async Task<HandshakeListeners> StartAsync(NetNamespace net, IEnumerable<int> ports)
    {
        var listeners = new HandshakeListeners(net);
        try
        {
            await net.RunAsync(() => listeners.Open(ports));
            return listeners;
        }
        catch
        {
            listeners.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _sockets.ForEach(socket => socket.Dispose());
    }

    /// <summary>The connections that have arrived: who they come from, and where they ended.</summary>
    internal IEnumerable<(IPEndPoint From, IPEndPoint Reached)> Accept()
    {
        foreach (var socket in _sockets)
        {
            while (socket.Poll(0, SelectMode.SelectRead))
            {
                using var connection = socket.Accept();
                connection.LingerState = new LingerOption(enable: true, 0);
                yield return ((IPEndPoint)connection.RemoteEndPoint!, (IPEndPoint)connection.LocalEndPoint!);
            }
        }
    }

    /// <summary>Who has sent a first packet that is answered, and no third one yet (state 03 of proc_net_tcp(5)).</summary>
    internal Task<HashSet<IPEndPoint>> HalfOpenAsync()
    {
        return _net.RunAsync(() =>
        {
            var lines = File.ReadLines("/proc/thread-self/net/tcp").Skip(1).Concat(File.ReadLines("/proc/thread-self/net/tcp6").Skip(1));
            return lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(words => words.Length > 3 && words[3] == "03").Select(words => Parse(words[2])).ToHashSet();
        });
    }

    /// <summary>An address as /proc/net/tcp prints it: words of 32 bits in the machine's order, and a port.</summary>
    internal static IPEndPoint Parse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        var bytes = Convert.FromHexString(text.AsSpan(0, colon));
        if (BitConverter.IsLittleEndian)
        {
            for (int i = 0; i < bytes.Length; i += 4)
            {
                Array.Reverse(bytes, i, 4);
            }
        }

        return new IPEndPoint(new IPAddress(bytes), Convert.ToInt32(text[(colon + 1)..], 16));
    }

    private void Open(IEnumerable<int> ports)
    {
        foreach (var address in ports.Distinct().SelectMany(port => new[] { new IPEndPoint(IPAddress.Any, port), new IPEndPoint(IPAddress.IPv6Any, port) }))
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            _sockets.Add(socket);
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false;
            }

            socket.Bind(address);
            socket.Listen(4096);
        }
    }
}
