using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AllowlistSync.TestKit;

/// <summary>What a <see cref="LoadProbe" /> saw.</summary>
/// <param name="Attempts">Connections begun.</param>
/// <param name="Accepted">Of those, established.</param>
/// <param name="Lost">Of those, refused or not answered.</param>
/// <param name="Elapsed">From the first to the last.</param>
public sealed record LoadReport(int Attempts, int Accepted, int Lost, TimeSpan Elapsed);

/// <summary>
/// Connects to one port as fast as it can, one connection after the other, until it is stopped: shows a gap of far less than a millisecond
/// in a rule set. A connection without an answer after 40 ms is set aside and judged at 500 ms, before the kernel sends a second SYN (1 s):
/// a lost packet is never made good, and a busy machine is not taken for a lost packet.
/// </summary>
public sealed class LoadProbe : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Verdicts = TimeSpan.FromMilliseconds(500);

    private readonly IPAddress _source;
    private readonly EndPoint _target;
    private readonly Queue<(ProbeSocket Socket, long Begun)> _aside = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<LoadReport> _run;
    private volatile bool _stop;
    private int _attempts;
    private int _accepted;

    private LoadProbe(PacketClient client, IPAddress source, int port)
    {
        _source = source;
        _target = PacketClient.OriginFor(source, port);
        _run = client.Net.RunAsync(Hammer);
    }

    /// <summary>Connections begun so far.</summary>
    public int Attempts => Volatile.Read(ref _attempts);

    /// <summary>Starts, and returns when the first connection has been judged.</summary>
    public static async Task<LoadProbe> StartAsync(PacketClient client, IPAddress source, int port, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(source);
        var probe = new LoadProbe(client, source, port);
        await (await Task.WhenAny(probe._started.Task, probe._run)).WaitAsync(ct);
        return probe;
    }

    /// <summary>Stops and reports.</summary>
    public Task<LoadReport> StopAsync()
    {
        _stop = true;
        return _run;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
    }

    private LoadReport Hammer()
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            while (!_stop)
            {
                TryOne();
                JudgeAside(Verdicts);
                _started.TrySetResult();
            }

            var elapsed = Stopwatch.GetElapsedTime(start);
            while (_aside.Count > 0)
            {
                Socket.Select(null, null, new List<Socket> { _aside.Peek().Socket.Socket }, TimeSpan.FromMilliseconds(10));
                JudgeAside(Verdicts);
            }

            return new LoadReport(_attempts, _accepted, _attempts - _accepted, elapsed);
        }
        finally
        {
            foreach (var (socket, _) in _aside)
            {
                socket.Dispose();
            }
        }
    }

    private void TryOne()
    {
        long begun = Stopwatch.GetTimestamp();
        var socket = ProbeSocket.Begin(_source, _target);
        Interlocked.Increment(ref _attempts);
        if (socket.Verdict is null && !socket.Socket.Poll(Patience, SelectMode.SelectWrite))
        {
            _aside.Enqueue((socket, begun));
            return;
        }

        Count(socket);
    }

    private void JudgeAside(TimeSpan age)
    {
        while (_aside.TryPeek(out var oldest) && Stopwatch.GetElapsedTime(oldest.Begun) >= age)
        {
            _aside.Dequeue();
            if (oldest.Socket.Socket.Poll(TimeSpan.Zero, SelectMode.SelectWrite))
            {
                Count(oldest.Socket);
            }
            else
            {
                oldest.Socket.Dispose();
            }
        }
    }

    private void Count(ProbeSocket socket)
    {
        using (socket)
        {
            if (socket.Verdict is null)
            {
                socket.Judge();
            }

            if (socket.Verdict == Verdict.Accepted)
            {
                _accepted++;
            }
        }
    }
}
