using System.Collections.Immutable;
using System.Globalization;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Daemon.Web.Metrics;

/// <summary>
/// All numbers of the daemon. Pure. Labels are bounded: names of the configuration in force, words of this program, and at most
/// <see cref="RunTotals.MostRules"/> rules.
/// </summary>
internal static class MetricTable
{
    /// <summary>The durations are the one family that is no single number at a time.</summary>
    public static MetricDefinition Durations { get; } = new("allowlist_sync_run_duration_seconds", MetricKind.Histogram, "s", "How long runs took.", OfDurations);

    /// <summary>The families, in the order in which they are written.</summary>
    public static ImmutableArray<MetricDefinition> All { get; } = [.. OfProcess(), .. OfRuns(), Durations, .. OfTargets(), .. OfSources()];

    /// <summary>The families with their numbers; those without any are left out.</summary>
    public static ImmutableArray<MetricFamily> Measure(MetricSource source) =>
        [.. All.Select(definition => new MetricFamily(definition, [.. definition.Samples(source)])).Where(family => !family.Samples.IsEmpty)];

    private static IEnumerable<MetricDefinition> OfProcess() =>
    [
        Gauge("allowlist_sync_build_info", "", "What is running; always 1.", source => [new(1, new("version", source.Daemon.Version), new("node", source.Daemon.Node), new("config", source.Daemon.ConfigHash))]),
        Gauge("allowlist_sync_config_problem", "", "1 when a newer configuration was not taken over.", source => [new(One(source.Daemon.ConfigProblem is not null))]),
        Gauge("allowlist_sync_nodes", "", "Nodes that share the state and were heard of lately, this one too, by whether they have its configuration.", source => source.Daemon.Nodes.IsEmpty
            ? []
            : [Nodes(source, isSame: true, "same"), Nodes(source, isSame: false, "different")]),
        Gauge("process_start_time_seconds", "s", "When the process started, in seconds since 1970.", source => [new(Seconds(source.Process.StartedAt))]),
        Gauge("process_resident_memory_bytes", "By", "What the process holds in memory.", source => [new(source.Process.ResidentBytes)]),
    ];

    private static IEnumerable<MetricDefinition> OfRuns() =>
    [
        Counter("allowlist_sync_runs", "Runs by target, result and what made them.", OfEachRun),
        Counter("allowlist_sync_changes", "Prefixes that were let in or taken out.", source => source.Daemon.Targets.SelectMany(target => new[]
        {
            new MetricSample(Changes(source, target).Added, Target(target), new("change", "added")),
            new MetricSample(Changes(source, target).Removed, Target(target), new("change", "removed")),
        })),
        Counter("allowlist_sync_bans_lifted", "Bans that were lifted because they kept wanted sources out.", Each((source, target) => Changes(source, target).Lifted)),
        Counter("allowlist_sync_drift_repairs", "Runs that put back what somebody else had changed.", Each((source, target) => Changes(source, target).DriftRepairs)),
        Counter("allowlist_sync_refusals", "Refusals by rule, of lists (source) and of plans (target).", source => source.Totals.Refusals
            .OrderBy(refusal => refusal.Key.Of, StringComparer.Ordinal).ThenBy(refusal => refusal.Key.Rule, StringComparer.Ordinal)
            .Select(refusal => new MetricSample(refusal.Value, new("of", refusal.Key.Of), new("rule", refusal.Key.Rule)))),
    ];

    private static IEnumerable<MetricDefinition> OfTargets() =>
    [
        Gauge("allowlist_sync_target_in_sync", "", "1 when the last run found or left the target as it should be.", Each((_, target) => One(target.Last?.IsGood == true))),
        Gauge("allowlist_sync_target_paused", "", "1 while a target is not repaired because something else undoes each repair.", Each((source, target) => One(target.PausedUntil > source.Daemon.At))),
        Gauge("allowlist_sync_target_last_run_timestamp_seconds", "s", "When the last run of a target began.", source => WithRun(source)
            .Select(target => new MetricSample(Seconds(target.Last!.At), Target(target)))),
        Gauge("allowlist_sync_target_last_run_duration_seconds", "s", "How long the last run of a target took.", source => WithRun(source)
            .Select(target => new MetricSample(target.Last!.Took.TotalSeconds, Target(target)))),
        Gauge("allowlist_sync_reach_pieces", "", "Pieces of the wanted traffic by what becomes of them.", source => WithRun(source)
            .Where(target => target.Last!.ReachCounts is not null).SelectMany(Reach)),
    ];

    private static IEnumerable<MetricDefinition> OfSources() =>
    [
        Gauge("allowlist_sync_list_age_seconds", "s", "The age of the last list that was believed.", source => source.Daemon.Sources
            .Where(one => one.Age is not null).Select(one => new MetricSample(Math.Floor(one.Age!.Value.TotalSeconds), Source(one)))),
        Gauge("allowlist_sync_list_stale", "", "1 when that list is older than guard.maxAge.", source => source.Daemon.Sources
            .Select(one => new MetricSample(One(one.IsStale), Source(one)))),
        Gauge("allowlist_sync_list_answered", "", "1 when the source answered the last time.", source => source.Daemon.Sources
            .Select(one => new MetricSample(One(one.Answered), Source(one)))),
        Gauge("allowlist_sync_list_prefixes", "", "Prefixes in force, with those that wait to leave.", source => source.Daemon.Sources
            .Where(one => one.Memory is not null).SelectMany(one => new[] { Prefixes(one, IpFamily.IPv4, "ipv4"), Prefixes(one, IpFamily.IPv6, "ipv6") })),
        Gauge("allowlist_sync_pending_removals", "", "Prefixes that are no longer published and wait for the end of their grace.", source => source.Daemon.Sources
            .Where(one => one.Memory is not null).Select(one => new MetricSample(one.Memory!.Pending.Length, Source(one)))),
        Counter("allowlist_sync_list_changes", "Lists that became another one.", source => source.Daemon.Sources
            .Select(one => new MetricSample(source.Totals.Lists.GetValueOrDefault(one.Name), Source(one)))),
    ];

    // Targets that a reload took out of the configuration are told no more.
    private static IEnumerable<MetricSample> OfEachRun(MetricSource source)
    {
        var known = source.Daemon.Targets.Select(target => target.Target.Name).ToHashSet(StringComparer.Ordinal);
        return source.Totals.Runs.Where(run => known.Contains(run.Key.Target))
            .OrderBy(run => run.Key.Target, StringComparer.Ordinal).ThenBy(run => run.Key.Status, StringComparer.Ordinal).ThenBy(run => run.Key.Trigger)
            .Select(run => new MetricSample(run.Value, new("target", run.Key.Target), new("status", run.Key.Status), new("trigger", RunWords.NameOf(run.Key.Trigger))));
    }

    private static IEnumerable<MetricSample> OfDurations(MetricSource source)
    {
        foreach (var (provider, took) in source.Totals.Took.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var label = new MetricLabel("provider", provider);
            var count = 0L;
            foreach (var (i, more) in took.Counts.Index())
            {
                count += more;
                var bound = i < RunTotals.Bounds.Length ? RunTotals.Bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
                yield return new(count, label, new("le", bound)) { Suffix = "_bucket" };
            }

            yield return new(took.Sum, label) { Suffix = "_sum" };
            yield return new(count, label) { Suffix = "_count" };
        }
    }

    private static IEnumerable<MetricSample> Reach(TargetStanding target)
    {
        var counts = target.Last!.ReachCounts!;
        yield return new(counts.Accepted, Target(target), new("verdict", "accepted"));
        yield return new(counts.Blocked, Target(target), new("verdict", "blocked"));
        yield return new(counts.Unknown, Target(target), new("verdict", "unknown"));
    }

    private static MetricDefinition Counter(string name, string help, Func<MetricSource, IEnumerable<MetricSample>> samples) => new(name, MetricKind.Counter, "", help, samples);

    private static MetricDefinition Gauge(string name, string unit, string help, Func<MetricSource, IEnumerable<MetricSample>> samples) => new(name, MetricKind.Gauge, unit, help, samples);

    private static Func<MetricSource, IEnumerable<MetricSample>> Each(Func<MetricSource, TargetStanding, double> value) =>
        source => source.Daemon.Targets.Select(target => new MetricSample(value(source, target), Target(target)));

    private static IEnumerable<TargetStanding> WithRun(MetricSource source) => source.Daemon.Targets.Where(target => target.Last is not null);

    private static ChangeTotals Changes(MetricSource source, TargetStanding target) => source.Totals.Changes.GetValueOrDefault(target.Target.Name, ChangeTotals.None);

    private static MetricSample Prefixes(SourceStanding source, IpFamily family, string name) =>
        new(source.Memory!.InForce.PrefixCount(family), Source(source), new("family", name));

    private static MetricSample Nodes(MetricSource source, bool isSame, string word) =>
        new(source.Daemon.Nodes.Count(node => node.IsLive && node.IsSame == isSame), new MetricLabel("config", word));

    private static MetricLabel Target(TargetStanding target) => new("target", target.Target.Name);

    private static MetricLabel Source(SourceStanding source) => new("source", source.Name);

    private static double One(bool holds) => holds ? 1 : 0;

    private static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;
}
