using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using AllowlistSync.Core.State;

namespace AllowlistSync.Daemon.Web.Metrics;

/// <summary>
/// Counts what happens in the daemon. The same numbers are read as Prometheus text and, by whoever listens to the meter
/// <see cref="MeterName"/>, as instruments of System.Diagnostics.Metrics.
/// </summary>
internal sealed class DaemonMetrics : IDaemonListener, IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "AllowlistSync";

    private const string Prefix = "allowlist_sync_";

    private readonly Func<DaemonSnapshot> _look;
    private readonly Func<ProcessNumbers> _process;
    private readonly Meter _meter = new(MeterName);
    private readonly Histogram<double> _durations;
    private RunTotals _totals = RunTotals.None;

    /// <summary>Counts from now on.</summary>
    /// <param name="look">What the daemon knows, asked whenever numbers are read.</param>
    /// <param name="process">The process, asked at the same time.</param>
    public DaemonMetrics(Func<DaemonSnapshot> look, Func<ProcessNumbers> process)
    {
        (_look, _process) = (look, process);
        foreach (var definition in MetricTable.All.Where(definition => definition.Kind != MetricKind.Histogram))
        {
            Offer(definition);
        }

        var durations = MetricTable.Durations;
        _durations = _meter.CreateHistogram(NameOf(durations), durations.Unit, durations.Help, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = RunTotals.Bounds });
    }

    /// <inheritdoc/>
    public ValueTask RunEndedAsync(RunRecord run, CancellationToken cancellationToken)
    {
        ImmutableInterlocked.Update(ref _totals, static (totals, ended) => totals.With(ended), run);
        _durations.Record(run.Took.TotalSeconds, new KeyValuePair<string, object?>("provider", run.Provider));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask SourceAskedAsync(SourceStanding source, ListRecord? changed, CancellationToken cancellationToken)
    {
        ImmutableInterlocked.Update(ref _totals, static (totals, asked) => totals.With(asked.source, asked.changed), (source, changed));
        return ValueTask.CompletedTask;
    }

    /// <summary>All numbers as they are for this standing.</summary>
    public ImmutableArray<MetricFamily> Measure(DaemonSnapshot daemon) => MetricTable.Measure(new(daemon, Volatile.Read(ref _totals), _process()));

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    // Dots are the custom of OpenTelemetry; a collector makes the name of Prometheus of it.
    private static string NameOf(MetricDefinition definition) => definition.Name.StartsWith(Prefix, StringComparison.Ordinal)
        ? "allowlist_sync." + definition.Name[Prefix.Length..]
        : definition.Name;

    private void Offer(MetricDefinition definition)
    {
        var name = NameOf(definition);
        _ = definition.Kind == MetricKind.Counter
            ? (Instrument)_meter.CreateObservableCounter(name, () => Read(definition), definition.Unit, definition.Help)
            : _meter.CreateObservableGauge(name, () => Read(definition), definition.Unit, definition.Help);
    }

    private IEnumerable<Measurement<double>> Read(MetricDefinition definition) =>
        definition.Samples(new(_look(), Volatile.Read(ref _totals), _process()))
            .Select(sample => new Measurement<double>(sample.Value, sample.Labels.Select(label => new KeyValuePair<string, object?>(label.Name, label.Value))));
}
