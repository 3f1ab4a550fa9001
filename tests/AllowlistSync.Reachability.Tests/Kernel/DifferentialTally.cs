using System.Diagnostics;
using AllowlistSync.Reachability.Tests.Kernel.Generating;
using AllowlistSync.TestKit;

namespace AllowlistSync.Reachability.Tests.Kernel;

/// <summary>Counts what came of many rule sets. Any number of threads may add.</summary>
internal sealed class DifferentialTally
{
    private readonly Lock _gate = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Dictionary<string, int> _doubts = new(StringComparer.Ordinal);
    private int _ruleSets;
    private int _open;

    /// <summary>What the kernel contradicts.</summary>
    public List<(GeneratedRuleSet Made, Comparison Comparison)> Wrong { get; } = [];

    public int Probes { get; private set; }

    public int Accepted { get; private set; }

    public int OtherWays { get; private set; }

    public void Add(GeneratedRuleSet made, IReadOnlyCollection<Comparison> comparisons)
    {
        lock (_gate)
        {
            _ruleSets++;
            Probes += comparisons.Count;
            Accepted += comparisons.Count(comparison => comparison.Kernel.Handshake == Handshake.Accepted);
            OtherWays += comparisons.Count(comparison => comparison.IsOtherWay);
            _open += comparisons.Count(comparison => comparison.IsOpen);
            Wrong.AddRange(comparisons.Where(comparison => comparison is { Difference: not null, IsOtherWay: false }).Select(comparison => (made, comparison)));
            foreach (var reason in comparisons.SelectMany(comparison => comparison.Piece.Doubts.Select(doubt => doubt.Reason.Split(':')[0])))
            {
                _doubts[reason] = _doubts.GetValueOrDefault(reason) + 1;
            }
        }
    }

    public override string ToString() => $"{_ruleSets} rule sets, {Probes} connections ({Accepted} accepted), {Wrong.Count} contradictions, {OtherWays} with another way, "
        + $"{_open} undecided ({100.0 * _open / Probes:F1} %), {Stopwatch.GetElapsedTime(_start).TotalSeconds / _ruleSets:F2} s each"
        + string.Concat(_doubts.OrderByDescending(doubt => doubt.Value).Take(6).Select(doubt => $"\n    {doubt.Value} x {doubt.Key}"));
}
