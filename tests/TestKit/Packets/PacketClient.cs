using System.Net;
using System.Net.Sockets;

namespace AllowlistSync.TestKit;

/// <summary>
/// "The whole Internet" at the other end of a veth: connects to the origin from any address that it is told, and says what became of it.
/// Its network has no name and lives as long as this object or this process.
/// </summary>
public sealed class PacketClient : IAsyncDisposable
{
    internal const string OriginIPv4Text = "192.0.2.2";
    internal const string OriginIPv6Text = "2001:db8::2";
    internal const string ClientIPv4Text = "192.0.2.1";
    internal const string ClientIPv6Text = "2001:db8::1";

    private PacketClient(NetNamespace net)
    {
        Net = net;
    }

    /// <summary>The address under which the origin is called by IPv4.</summary>
    public static IPAddress OriginIPv4 { get; } = IPAddress.Parse(OriginIPv4Text);

    /// <summary>The address under which the origin is called by IPv6.</summary>
    public static IPAddress OriginIPv6 { get; } = IPAddress.Parse(OriginIPv6Text);

    /// <summary>The name of the device on both sides.</summary>
    public static string Interface => "v0";

    /// <summary>The client's network.</summary>
    public NetNamespace Net { get; }

    /// <summary>
    /// Tries all connections at once.
    /// </summary>
    /// <param name="probes">Any number, of both families.</param>
    /// <param name="dropBudget">After this time without an answer it is a drop. 150 ms is enough on a veth.</param>
    /// <param name="ct">Ends the waiting, not the probes.</param>
    /// <returns>One result per probe, in the same order.</returns>
    /// <exception cref="SocketException">A source could not be bound.</exception>
    public Task<IReadOnlyList<ProbeResult>> ProbeAsync(IEnumerable<Probe> probes, TimeSpan dropBudget, CancellationToken ct)
    {
        var all = probes.ToList();
        return Net.RunAsync(() => ProbeBatch.Run(all, dropBudget)).WaitAsync(ct);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        Net.Dispose();
        return ValueTask.CompletedTask;
    }

    internal static EndPoint OriginFor(IPAddress source, int port)
    {
        return new IPEndPoint(source.AddressFamily == AddressFamily.InterNetwork ? OriginIPv4 : OriginIPv6, port);
    }

    internal static async Task<PacketClient> ConnectAsync(Sandbox sandbox, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var net = await NetNamespace.CreateAsync();
        try
        {
            await new VethPair("v0").JoinAsync(net, sandbox.Net, $"{sandbox.Pid}", [], []);
            return new PacketClient(net);
        }
        catch
        {
            net.Dispose();
            throw;
        }
    }
}
