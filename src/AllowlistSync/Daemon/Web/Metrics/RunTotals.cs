using System.Collections.Immutable;
using AllowlistSync.Core;
using AllowlistSync.Core.State;

namespace AllowlistSync.Daemon.Web.Metrics;

/// <summary>What was counted since the daemon started; a new value for each event, so that a reader never sees half of one.</summary>
internal sealed record RunTotals
{
    /// <summary>No more rules are told apart; a rule beyond is counted as <c>other</c>.</summary>
    public const int MostRules = 100;

    private const string Other = "other";

    /// <summary>Nothing yet.</summary>
    public static RunTotals None { get; } = new();

    /// <summary>The upper bounds of the buckets of durations, in seconds.</summary>
    public static ImmutableArray<double> Bounds { get; } = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

    /// <summary>Runs by target, result and trigger.</summary>
    public ImmutableDictionary<(string Target, string Status, RunTrigger Trigger), long> Runs { get; private init; } = ImmutableDictionary<(string, string, RunTrigger), long>.Empty;

    /// <summary>Changes by target.</summary>
    public ImmutableDictionary<string, ChangeTotals> Changes { get; private init; } = ImmutableDictionary<string, ChangeTotals>.Empty;

    /// <summary>Refusals by rule.</summary>
    public ImmutableDictionary<(string Of, string Rule), long> Refusals { get; private init; } = ImmutableDictionary<(string, string), long>.Empty;

    /// <summary>Durations by provider.</summary>
    public ImmutableDictionary<string, Durations> Took { get; private init; } = ImmutableDictionary<string, Durations>.Empty;

    /// <summary>Lists that became others, by source.</summary>
    public ImmutableDictionary<string, long> Lists { get; private init; } = ImmutableDictionary<string, long>.Empty;

    /// <summary>One run more.</summary>
    public RunTotals With(RunRecord run)
    {
        var counted = run.Refusals.Aggregate(this, (totals, refusal) => totals.WithRefusal("target", refusal));
        return counted with
        {
            Runs = Plus(Runs, (run.Target, run.Status, run.Trigger)),
            Changes = Changes.SetItem(run.Target, Changes.GetValueOrDefault(run.Target, ChangeTotals.None).With(run)),
            Took = Took.SetItem(run.Provider, Took.GetValueOrDefault(run.Provider, Durations.None).With(run.Took.TotalSeconds)),
        };
    }

    /// <summary>A source was asked once more.</summary>
    public RunTotals With(SourceStanding source, ListRecord? changed)
    {
        var counted = source.Refusals.Aggregate(this, (totals, refusal) => totals.WithRefusal("source", refusal));
        return changed is null ? counted : counted with { Lists = Plus(counted.Lists, source.Name) };
    }

    private static ImmutableDictionary<T, long> Plus<T>(ImmutableDictionary<T, long> counts, T key)
        where T : notnull => counts.SetItem(key, counts.GetValueOrDefault(key) + 1);

    private RunTotals WithRefusal(string of, Refusal refusal)
    {
        var key = (of, refusal.RuleId);
        return this with { Refusals = Plus(Refusals, Refusals.ContainsKey(key) || Refusals.Count < MostRules ? key : (of, Other)) };
    }
}

/// <summary>What the runs of one target changed.</summary>
/// <param name="Added">Prefixes that were let in.</param>
/// <param name="Removed">Prefixes that were taken out.</param>
/// <param name="Lifted">Bans that were lifted.</param>
/// <param name="DriftRepairs">Runs that put back what somebody else had changed.</param>
internal sealed record ChangeTotals(long Added, long Removed, long Lifted, long DriftRepairs)
{
    /// <summary>Nothing yet.</summary>
    public static ChangeTotals None { get; } = new(0, 0, 0, 0);

    /// <summary>One run more; what a run only would have changed counts for nothing.</summary>
    public ChangeTotals With(RunRecord run) => run.Changed
        ? new(Added + run.AddedCount, Removed + run.RemovedCount, Lifted + run.Lifted, DriftRepairs + (run.IsRepair ? 1 : 0))
        : this;
}

/// <summary>How long runs took.</summary>
/// <param name="Counts">How many fell into each bucket; the last one has no bound.</param>
/// <param name="Sum">All seconds together.</param>
internal sealed record Durations(ImmutableArray<long> Counts, double Sum)
{
    /// <summary>Nothing yet.</summary>
    public static Durations None { get; } = new([.. new long[RunTotals.Bounds.Length + 1]], 0);

    /// <summary>One run more.</summary>
    public Durations With(double seconds)
    {
        var bucket = RunTotals.Bounds.TakeWhile(bound => seconds > bound).Count();
        return new(Counts.SetItem(bucket, Counts[bucket] + 1), Sum + seconds);
    }
}
