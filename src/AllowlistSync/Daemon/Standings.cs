using System.Collections.Concurrent;
using System.Collections.Immutable;
using AllowlistSync.Configuration;
using AllowlistSync.Core.State;

namespace AllowlistSync.Daemon;

/// <summary>How the targets of the daemon stand, kept as runs end.</summary>
internal sealed class Standings(ImmutableArray<TargetConfig> targets)
{
    private const int Shown = 48;

    private readonly ConcurrentDictionary<string, TargetStanding> _all = new(targets.Select(target => KeyValuePair.Create(target.Target.Name, new TargetStanding(target.Target))), StringComparer.Ordinal);

    /// <summary>The targets in the order of the configuration.</summary>
    public ImmutableArray<TargetStanding> All => [.. targets.Select(target => _all[target.Target.Name])];

    /// <summary>One of them.</summary>
    public TargetStanding this[string target] => _all[target];

    /// <summary>Reads what happened before this start.</summary>
    public async Task RecallAsync(IHistory history, CancellationToken cancellationToken)
    {
        foreach (var target in targets)
        {
            foreach (var run in await history.RunsAsync(target.Target.Name, Shown, cancellationToken))
            {
                Add(run);
            }
        }
    }

    /// <summary>A run ended.</summary>
    public void Add(RunRecord run) => _all.AddOrUpdate(run.Target, _ => throw new ArgumentException($"no target {run.Target}", nameof(run)), (_, standing) => standing with
    {
        Last = run,
        LastChange = run.Changed ? run : standing.LastChange,
        GoodSince = run.IsGood ? standing.GoodSince ?? run.At : null,
        Recent = [.. standing.Recent.Append(Brief(run)).TakeLast(Shown)],
    });

    // A strip of runs needs no lists, and a thousand targets have many.
    private static RunRecord Brief(RunRecord run) => run with { Added = [], Removed = [], Reach = [], Findings = [] };
}
