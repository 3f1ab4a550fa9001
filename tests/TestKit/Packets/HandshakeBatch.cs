using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AllowlistSync.TestKit;

/// <summary>Many handshakes at once, so that silence costs one budget and not one each.</summary>
internal static class HandshakeBatch
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(20);

    // A connected client whose connection no server got: the third packet was lost, or this machine is slow. Half-open sockets tell.
    private static readonly TimeSpan AcceptLimit = TimeSpan.FromSeconds(5);

    /// <summary>Tries each once; the results are in the order of the probes.</summary>
    internal static async Task<HandshakeResult[]> RunAsync(NetNamespace client, HandshakeListeners listeners, IReadOnlyList<HandshakeProbe> probes, TimeSpan budget, CancellationToken ct)
    {
        var attempts = await client.RunAsync(() => Begin(probes));
        try
        {
            var byEnd = attempts.ToDictionary(attempt => attempt.From);
            await Task.Factory.StartNew(() => Await(attempts, byEnd, listeners, budget), ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            var halfOpen = attempts.Exists(attempt => attempt.Reached is null && attempt.Error is null)
                ? await SettleAsync(attempts, byEnd, listeners, ct)
                : [];
            return [.. attempts.Select(attempt => attempt.Result(halfOpen))];
        }
        finally
        {
            attempts.ForEach(attempt => attempt.Dispose());
        }
    }

    private static List<HandshakeAttempt> Begin(IReadOnlyList<HandshakeProbe> probes)
    {
        var begun = new List<HandshakeAttempt>(probes.Count);
        try
        {
            foreach (var probe in probes)
            {
                begun.Add(HandshakeAttempt.Begin(probe));
            }

            return begun;
        }
        catch
        {
            begun.ForEach(attempt => attempt.Dispose());
            throw;
        }
    }

    private static void Await(List<HandshakeAttempt> attempts, Dictionary<IPEndPoint, HandshakeAttempt> byEnd, HandshakeListeners listeners, TimeSpan budget)
    {
        long start = Stopwatch.GetTimestamp();
        attempts.ForEach(attempt => attempt.Judge(isWritable: false));
        while (true)
        {
            Drain(byEnd, listeners);
            var open = attempts.Where(attempt => attempt.IsOpen).ToDictionary(attempt => attempt.Socket);
            var left = budget - Stopwatch.GetElapsedTime(start);
            if (open.Count == 0 || left <= TimeSpan.Zero)
            {
                return;
            }

            var ready = open.Keys.ToList();
            var failed = open.Keys.ToList();
            Socket.Select(null, ready, failed, left < Slice ? left : Slice);
            foreach (var socket in ready.Union(failed))
            {
                open[socket].Judge(isWritable: true);
            }
        }
    }

    /// <summary>Waits until each connected client has been accepted or is seen to be half-open, and gives the half-open ones.</summary>
    private static async Task<HashSet<IPEndPoint>> SettleAsync(List<HandshakeAttempt> attempts, Dictionary<IPEndPoint, HandshakeAttempt> byEnd, HandshakeListeners listeners, CancellationToken ct)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            Drain(byEnd, listeners);
            attempts.ForEach(attempt => attempt.Judge(isWritable: false));
            var halfOpen = await listeners.HalfOpenAsync();
            Drain(byEnd, listeners);
            if (attempts.TrueForAll(attempt => !attempt.IsConnected || attempt.Reached is not null || halfOpen.Contains(attempt.From)))
            {
                return halfOpen;
            }

            if (Stopwatch.GetElapsedTime(start) > AcceptLimit)
            {
                throw new TimeoutException($"{attempts.First(attempt => attempt.IsConnected && attempt.Reached is null).Probe}: connected, and the server neither got it nor waits for it.");
            }

            await Task.Delay(Slice, TimeProvider.System, ct);
        }
    }

    private static void Drain(Dictionary<IPEndPoint, HandshakeAttempt> byEnd, HandshakeListeners listeners)
    {
        foreach (var (from, reached) in listeners.Accept())
        {
            if (byEnd.TryGetValue(from, out var attempt))
            {
                attempt.Reached = reached;
            }
        }
    }
}
