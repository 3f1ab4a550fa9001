using System.Net;
using System.Net.Sockets;
using System.Text;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Conformance.Stories;

/// <summary>A request as an edge of Cloudflare sends it: from an address of its own, with the visitor's in a header.</summary>
internal static class EdgeRequest
{
    /// <summary>Who sits behind the edge.</summary>
    public const string Visitor = "203.0.113.99";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The whole answer of the server.</summary>
    public static Task<string> SendAsync(PacketClient client, IPAddress from, CancellationToken cancellationToken) =>
        client.Net.RunAsync(() => Send(from)).WaitAsync(cancellationToken);

    /// <summary>Whom the server takes for the visitor: the last line of its answer.</summary>
    public static async Task<string> VisitorAsync(PacketClient client, IPAddress from, CancellationToken cancellationToken) =>
        (await SendAsync(client, from, cancellationToken)).TrimEnd().Split('\n')[^1].Trim();

    /// <summary>A reload takes a moment after the command has ended: asks until the server sees whom it shall see.</summary>
    public static async Task ExpectAsync(PacketClient client, IPAddress from, string visitor, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        string seen;
        do
        {
            seen = await VisitorAsync(client, from, cancellationToken);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        }
        while (seen != visitor && TimeProvider.System.GetElapsedTime(start) < Patience);

        seen.ShouldBe(visitor);
    }

    private static string Send(IPAddress from)
    {
        var isIPv4 = from.AddressFamily == AddressFamily.InterNetwork;
        using var socket = new Socket(from.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 5000, SendTimeout = 5000 };
        socket.Bind(new IPEndPoint(from, 0));
        socket.Connect(new IPEndPoint(isIPv4 ? PacketClient.OriginIPv4 : PacketClient.OriginIPv6, 80));
        socket.Send(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: origin.example\r\nCF-Connecting-IP: {Visitor}\r\nConnection: close\r\n\r\n"));
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        for (var count = socket.Receive(buffer); count > 0; count = socket.Receive(buffer))
        {
            answer.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }

        return answer.ToString();
    }
}
