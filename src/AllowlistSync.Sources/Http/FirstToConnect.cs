using System.Net;
using System.Net.Sockets;

namespace AllowlistSync.Sources.Http;

/// <summary>
/// Connects to whichever address of a name answers first (RFC 8305, "Happy Eyeballs"). .NET tries them one after the other inside one
/// connect time-out, so that a machine whose IPv6 leads nowhere would never get to the IPv4 address.
/// </summary>
internal static class FirstToConnect
{
    /// <summary>The head start of an address over the next one; RFC 8305 section 5 recommends 250 ms.</summary>
    private static readonly TimeSpan s_headStart = TimeSpan.FromMilliseconds(250);

    internal static async ValueTask<Stream> ToNameAsync(DnsEndPoint end, TimeProvider time, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(end.Host, cancellationToken);
        return await ToAnyAsync(Alternate(addresses), end.Port, time, cancellationToken);
    }

    /// <exception cref="SocketException">No address accepted; this is the first one's reason.</exception>
    internal static async Task<Stream> ToAnyAsync(IEnumerable<IPAddress> addresses, int port, TimeProvider time, CancellationToken cancellationToken)
    {
        var waiting = new Queue<IPAddress>(addresses);
        var running = new List<Task<Socket>>();
        var failures = new List<Task<Socket>>();
        using var race = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            while (waiting.TryDequeue(out var next) || running.Count > 0)
            {
                if (next is not null)
                {
                    running.Add(OpenAsync(new IPEndPoint(next, port), race.Token));
                }

                var pause = Task.Delay(waiting.Count > 0 ? s_headStart : Timeout.InfiniteTimeSpan, time, race.Token);
                var done = await Task.WhenAny([.. running, pause]) as Task<Socket>;
                if (done?.IsCompletedSuccessfully == true)
                {
                    running.Remove(done);
                    return new NetworkStream(await done, ownsSocket: true);
                }

                cancellationToken.ThrowIfCancellationRequested();
                if (done is not null)
                {
                    running.Remove(done);
                    failures.Add(done);
                }
            }
        }
        finally
        {
            await race.CancelAsync();
            await LeaveAsync(running);
        }

        await Task.WhenAll(failures);
        throw new SocketException((int)SocketError.HostNotFound);
    }

    /// <summary>One of each family in turn, in the resolver's order.</summary>
    internal static IEnumerable<IPAddress> Alternate(IReadOnlyList<IPAddress> addresses)
    {
        var first = addresses.Where(address => address.AddressFamily == addresses[0].AddressFamily).ToList();
        var second = addresses.Where(address => address.AddressFamily != addresses[0].AddressFamily).ToList();
        for (var i = 0; i < Math.Max(first.Count, second.Count); i++)
        {
            foreach (var list in (List<IPAddress>[])[first, second])
            {
                if (i < list.Count)
                {
                    yield return list[i];
                }
            }
        }
    }

    private static async Task<Socket> OpenAsync(IPEndPoint end, CancellationToken cancellationToken)
    {
        var socket = new Socket(end.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var connected = false;
        try
        {
            await socket.ConnectAsync(end, cancellationToken);
            connected = true;
            return socket;
        }
        finally
        {
            if (!connected)
            {
                socket.Dispose();
            }
        }
    }

    // The losers were cancelled; one may have connected in the same moment and must not stay open.
    private static async Task LeaveAsync(List<Task<Socket>> losers)
    {
        await Task.WhenAll(losers).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        foreach (var loser in losers.Where(loser => loser.IsCompletedSuccessfully))
        {
            (await loser).Dispose();
        }
    }
}
