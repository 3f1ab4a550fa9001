using System.Diagnostics;
using System.Net.Sockets;

namespace AllowlistSync.TestKit;

/// <summary>Many connections at once, so that drops cost one budget and not one each.</summary>
internal static class ProbeBatch
{
    /// <summary>Runs on a thread inside the client's network; the answers are in the order of the questions.</summary>
    internal static IReadOnlyList<ProbeResult> Run(IReadOnlyList<Probe> probes, TimeSpan dropBudget)
    {
        var begun = new List<ProbeSocket>(probes.Count);
        try
        {
            foreach (var probe in probes)
            {
                begun.Add(ProbeSocket.Begin(probe.Source, PacketClient.OriginFor(probe.Source, probe.Port)));
            }

            Await(begun, dropBudget);
            return [.. probes.Zip(begun, (probe, socket) => new ProbeResult(probe, socket.Verdict ?? Verdict.Dropped))];
        }
        finally
        {
            begun.ForEach(socket => socket.Dispose());
        }
    }

    private static void Await(List<ProbeSocket> begun, TimeSpan budget)
    {
        var open = begun.Where(socket => socket.Verdict is null).ToDictionary(socket => socket.Socket);
        long start = Stopwatch.GetTimestamp();
        while (open.Count > 0)
        {
            var left = budget - Stopwatch.GetElapsedTime(start);
            var ready = open.Keys.ToList();
            var failed = open.Keys.ToList();

            // One more look when the time is up: this thread may have been the one that was late.
            Socket.Select(null, ready, failed, left > TimeSpan.Zero ? left : TimeSpan.Zero);
            foreach (var socket in ready.Union(failed))
            {
                open[socket].Judge();
                open.Remove(socket);
            }

            if (left <= TimeSpan.Zero)
            {
                return;
            }
        }
    }
}
