using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AllowlistSync.TestKit;

/// <summary>
/// A port of this machine's loopback for a server that is told its port and binds it later. The kernel gives ports of its own range to whoever asks for any, and to every connection that goes out, one to
/// that very port among them: so what was free there a moment ago may be taken. Below that range nobody gets a port by chance.
/// </summary>
public static class QuietPort
{
    private const int Lowest = 12000;
    private const int Usual = 32768;

    private static readonly Lock s_gate = new();
    private static readonly HashSet<int> s_given = [];

    /// <summary>One that nobody listens at, and that this process gave to nobody else.</summary>
    public static int Find()
    {
        var end = KernelsFirst();
        lock (s_gate)
        {
            while (true)
            {
                var port = Random.Shared.Next(Lowest, end);
                if (!s_given.Contains(port) && IsFree(port))
                {
                    s_given.Add(port);
                    return port;
                }
            }
        }
    }

    // A machine may have been told to give out nearly all ports; then any is as good as another.
    private static int KernelsFirst()
    {
        const string range = "/proc/sys/net/ipv4/ip_local_port_range";
        var first = File.Exists(range) ? int.Parse(File.ReadAllText(range).Split('\t')[0], CultureInfo.InvariantCulture) : Usual;
        return first > Lowest + 1000 ? first : Usual;
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
