using System.Collections.Immutable;
using System.Diagnostics;
using AllowlistSync.Reachability.Tests.Kernel.Generating;
using AllowlistSync.TestKit;

namespace AllowlistSync.Reachability.Tests.Kernel;

/// <summary>Makes a rule set small that the proof gets wrong: takes lines away as long as it stays wrong.</summary>
internal static class Reducer
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>The smallest that was found in the time that there is.</summary>
    public static async Task<ImmutableArray<Load>> ReduceAsync(GeneratedRuleSet made, HandshakeProbe probe, HandshakeOptions options, CancellationToken ct)
    {
        var loads = made.Loads;
        var start = Stopwatch.GetTimestamp();
        var lines = loads.SelectMany((load, at) => load.Text.Split('\n').Select(text => (At: at, Text: text))).ToList();
        for (var size = 32; size >= 1; size /= 2)
        {
            for (var first = lines.Count - size; first >= 0 && Stopwatch.GetElapsedTime(start) < Limit; first -= size)
            {
                var fewer = lines.ToList();
                fewer.RemoveRange(first, size);
                if (await IsWrongAsync(made with { Loads = Put(loads, fewer) }, probe, options, ct))
                {
                    lines = fewer;
                    first = Math.Min(first, lines.Count);
                }
            }
        }

        return Put(loads, lines);
    }

    private static ImmutableArray<Load> Put(ImmutableArray<Load> loads, List<(int At, string Text)> lines) =>
        [.. loads.Select((load, at) => load with { Text = string.Join('\n', lines.Where(line => line.At == at).Select(line => line.Text)) }).Where(load => load.Text.Trim().Length > 0)];

    private static async Task<bool> IsWrongAsync(GeneratedRuleSet made, HandshakeProbe probe, HandshakeOptions options, CancellationToken ct)
    {
        try
        {
            await using var trial = await Trial.StartAsync(made.Loads, options, ct);
            var comparisons = await trial.CompareAsync([probe], HandshakeBudget.Quick, ct);
            return comparisons[0] is { Difference: not null, IsOtherWay: false };
        }
        catch (InvalidOperationException)
        {
            // The rest does not load.
            return false;
        }
    }
}
