using System.Collections.Immutable;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.State;

namespace AllowlistSync.Daemon.Web.Page;

/// <summary>Draws the last runs as a strip: low when nothing was to do, high when something was changed, a cross or a line of dots when it did not work. Pure.</summary>
internal static class RunStrip
{
    private const int Step = 9;
    private const int Height = 28;

    /// <summary>The newest runs, oldest at the left.</summary>
    public static void Write(HtmlWriter html, ImmutableArray<RunRecord> runs, int most)
    {
        if (runs.IsEmpty)
        {
            return;
        }

        ImmutableArray<RunRecord> shown = [.. runs.TakeLast(most)];
        var width = shown.Length * Step;
        html.Add($"<svg class=\"strip\" preserveAspectRatio=\"xMinYMax\" role=\"img\" aria-label=\"{Summary(shown)}\" width=\"{width}\" height=\"{Height}\" viewBox=\"0 0 {width} {Height}\"><path class=\"base\" d=\"M0 27.5h{width}\"/>");
        foreach (var (i, run) in shown.Index())
        {
            html.Add($"<g><title>{Title(run)}</title>{Shape(run, i * Step)}</g>");
        }

        html.Add($"</svg>");
    }

    private static Markup Shape(RunRecord run, int x) => new(run.Status switch
    {
        "inSync" => $"<rect class=\"calm\" x=\"{x}\" y=\"18\" width=\"6\" height=\"9\" rx=\"1\"/>",
        "applied" => $"<rect class=\"did\" x=\"{x}\" y=\"3\" width=\"6\" height=\"24\" rx=\"1\"/>",
        "differs" or "locked" => $"<g class=\"und\"><circle cx=\"{x + 3}\" cy=\"24\" r=\"1.8\"/><circle cx=\"{x + 3}\" cy=\"18\" r=\"1.8\"/><circle cx=\"{x + 3}\" cy=\"12\" r=\"1.8\"/></g>",
        _ => $"<rect class=\"no\" x=\"{x}\" y=\"12\" width=\"6\" height=\"15\" rx=\"1\"/><path class=\"nox\" d=\"M{x} 2l6 6M{x + 6} 2l-6 6\"/>",
    });

    private static string Title(RunRecord run) =>
        $"{ReportWords.ToTheSecond(run.At)}: {RunWords.OfStatus(run.Status)} {RunWords.Of(run.Trigger)}, {Words.Took(run.Took)}{Changes(run)}";

    private static string Changes(RunRecord run) => run.AddedCount + run.RemovedCount > 0 ? $", +{run.AddedCount} −{run.RemovedCount}" : "";

    private static string Summary(ImmutableArray<RunRecord> runs) =>
        $"the last {Words.Count(runs.Length, "run", "runs")}: {string.Join(", ", runs.CountBy(run => RunWords.OfStatus(run.Status)).Select(count => $"{count.Value} {count.Key}"))}";
}
