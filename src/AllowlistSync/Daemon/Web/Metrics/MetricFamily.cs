using System.Collections.Immutable;

namespace AllowlistSync.Daemon.Web.Metrics;

/// <summary>What a number does over time.</summary>
internal enum MetricKind
{
    /// <summary>It only grows while the process lives.</summary>
    Counter,

    /// <summary>It goes up and down.</summary>
    Gauge,

    /// <summary>How often something took how long.</summary>
    Histogram,
}

/// <summary>What a family of numbers is.</summary>
/// <param name="Name">Its name, without the <c>_total</c> of counters.</param>
/// <param name="Kind">What it does over time.</param>
/// <param name="Unit">Its unit in the words of UCUM; empty for mere counts.</param>
/// <param name="Help">One sentence.</param>
/// <param name="Samples">Takes the numbers out of what is known.</param>
internal sealed record MetricDefinition(string Name, MetricKind Kind, string Unit, string Help, Func<MetricSource, IEnumerable<MetricSample>> Samples);

/// <summary>A family with its numbers.</summary>
/// <param name="Definition">What it is.</param>
/// <param name="Samples">The numbers.</param>
internal sealed record MetricFamily(MetricDefinition Definition, ImmutableArray<MetricSample> Samples);

/// <summary>One number.</summary>
/// <param name="Value">The number.</param>
/// <param name="Labels">What tells it from the others of its family.</param>
internal sealed record MetricSample(double Value, params ImmutableArray<MetricLabel> Labels)
{
    /// <summary>Which part of a histogram it is.</summary>
    public string Suffix { get; init; } = "";
}

/// <summary>A label.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value; any text.</param>
internal readonly record struct MetricLabel(string Name, string Value);

/// <summary>All that numbers are made of.</summary>
/// <param name="Daemon">What the daemon knows.</param>
/// <param name="Totals">What was counted since it started.</param>
/// <param name="Process">The process.</param>
internal sealed record MetricSource(DaemonSnapshot Daemon, RunTotals Totals, ProcessNumbers Process);

/// <summary>The process in numbers.</summary>
/// <param name="StartedAt">When it started.</param>
/// <param name="ResidentBytes">What it holds in memory.</param>
internal readonly record struct ProcessNumbers(DateTimeOffset StartedAt, long ResidentBytes);
