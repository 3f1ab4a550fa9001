using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using AllowlistSync.Daemon;
using AllowlistSync.Daemon.Web.Metrics;
using AllowlistSync.TestKit;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.Daemon.Web;

public sealed class MetricsTests
{
    private static readonly ProcessNumbers Process = new(Snapshots.Now.AddDays(-12), 48_123_904);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_text_is_what_it_was() => await Golden.MatchAsync("metrics.txt", PrometheusText.Write(await MeasureAsync(Snapshots.Full)));

    [Fact]
    public async Task Promtool_of_Prometheus_finds_nothing_wrong()
    {
        if (!File.Exists("/usr/bin/promtool"))
        {
            throw new SkipException("promtool is missing (Debian's package prometheus)");
        }

        var (code, said) = await PromtoolAsync(PrometheusText.Write(await MeasureAsync(Snapshots.Full)));
        said.ShouldBeEmpty();
        code.ShouldBe(0);

        (await PromtoolAsync("# TYPE broken counter\nbroken{a=\"b} 1\n")).Code.ShouldNotBe(0);
    }

    [Fact]
    public void Label_values_and_help_are_escaped()
    {
        var definition = new MetricDefinition("x", MetricKind.Gauge, "", "one\\two\nthree", _ => []);

        PrometheusText.Write([new(definition, [new(double.PositiveInfinity, new MetricLabel("a", "q\"b\\n\nz"))])])
            .ShouldBe("# HELP x one\\\\two\\nthree\n# TYPE x gauge\nx{a=\"q\\\"b\\\\n\\nz\"} +Inf\n");
    }

    [Fact]
    public void Durations_fall_into_the_bucket_whose_bound_they_do_not_exceed()
    {
        var took = new[] { 0.1, 0.1001, 0.25, 300, 301 }.Aggregate(Durations.None, (all, seconds) => all.With(seconds));

        took.Counts.ShouldBe([1, 2, 0, 0, 0, 0, 0, 0, 0, 1, 1]);
        took.Sum.ShouldBe(601.4501, 0.0001);
    }

    [Fact]
    public void Rules_without_end_become_one_label_in_the_end()
    {
        var totals = Enumerable.Range(0, 1000).Aggregate(RunTotals.None, (all, i) => all.With(Snapshots.Run("web", "refused") with { Refusals = [new($"rule-{i}", "m", "w")] }));

        totals.Refusals.Count.ShouldBe(RunTotals.MostRules + 1);
        totals.Refusals[("target", "other")].ShouldBe(1000 - RunTotals.MostRules);
    }

    [Fact]
    public void What_was_only_shown_changes_nothing()
    {
        var shown = Snapshots.Run("web", "differs") with { AddedCount = 7 };

        RunTotals.None.With(shown).Changes["web"].ShouldBe(ChangeTotals.None);
        RunTotals.None.With(shown with { Status = "applied", IsRepair = true, Lifted = 2 }).Changes["web"].ShouldBe(new ChangeTotals(7, 0, 2, 1));
    }

    [Fact]
    public async Task A_target_that_left_the_configuration_is_told_no_more() =>
        PrometheusText.Write(await MeasureAsync(Snapshots.Empty)).ShouldNotContain("target=\"");

    [Fact]
    public async Task The_meter_tells_the_same_numbers()
    {
        using var metrics = new DaemonMetrics(() => Snapshots.Full, () => Process);
        var heard = new Dictionary<string, double>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, one) =>
        {
            if (instrument.Meter.Name == DaemonMetrics.MeterName)
            {
                one.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            lock (heard)
            {
                heard[instrument.Name + string.Concat(tags.ToArray().Select(tag => $" {tag.Value}"))] = value;
            }
        });
        listener.Start();

        await metrics.RunEndedAsync(Snapshots.Run("web", "inSync"), Ct);
        listener.RecordObservableInstruments();

        heard["allowlist_sync.runs web inSync schedule"].ShouldBe(1);
        heard["allowlist_sync.reach_pieces mail blocked"].ShouldBe(3);
        heard["process_resident_memory_bytes"].ShouldBe(Process.ResidentBytes);
        heard["allowlist_sync.run_duration_seconds nftables"].ShouldBe(0.184);
    }

    [Fact]
    public async Task Nothing_is_lost_when_many_runs_end_at_once()
    {
        using var metrics = new DaemonMetrics(() => Snapshots.Good, () => Process);

        await Parallel.ForAsync(0, 2000, Ct, async (_, ct) => await metrics.RunEndedAsync(Snapshots.Run("web", "applied") with { AddedCount = 1 }, ct));

        PrometheusText.Write(metrics.Measure(Snapshots.Good)).ShouldContain("allowlist_sync_changes_total{target=\"web\",change=\"added\"} 2000\n");
    }

    private static async Task<ImmutableArray<MetricFamily>> MeasureAsync(DaemonSnapshot daemon)
    {
        using var metrics = new DaemonMetrics(() => daemon, () => Process);
        foreach (var target in Snapshots.Full.Targets)
        {
            foreach (var run in target.Recent)
            {
                await metrics.RunEndedAsync(run, Ct);
            }

            if (target.Last is { } last)
            {
                await metrics.RunEndedAsync(last, Ct);
            }

            if (target.LastChange is { } change)
            {
                await metrics.RunEndedAsync(change, Ct);
            }
        }

        foreach (var source in Snapshots.Full.Sources)
        {
            await metrics.SourceAskedAsync(source, source.Lists.LastOrDefault(), Ct);
        }

        return metrics.Measure(daemon);
    }

    private static async Task<(int Code, string Said)> PromtoolAsync(string text)
    {
        using var process = System.Diagnostics.Process.Start(new ProcessStartInfo("/usr/bin/promtool", ["check", "metrics"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        await process.StandardInput.WriteAsync(text.AsMemory(), Ct);
        process.StandardInput.Close();
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(Ct), process.StandardError.ReadToEndAsync(Ct));
        await process.WaitForExitAsync(Ct);
        return (process.ExitCode, string.Concat(said));
    }
}
