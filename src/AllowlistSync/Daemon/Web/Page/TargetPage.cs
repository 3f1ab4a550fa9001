using System.Collections.Immutable;
using AllowlistSync.Core.State;

namespace AllowlistSync.Daemon.Web.Page;

/// <summary>The page of one target, with its newest runs. Pure.</summary>
internal static class TargetPage
{
    private const int RunsDrawn = 96;
    private const int RunsListed = 50;

    public static string Write(DaemonSnapshot daemon, TargetStanding target) => PageFrame.Write(daemon, $"{target.Target.Name} on {daemon.Node}", "../", html =>
    {
        html.Add($"<h1>{target.Target.Name} {Marks.Status(target, daemon.At)}</h1>\n<p class=\"lead\">{TargetTable.Kind(target)}; gets in: {TargetTable.Reach(target)}</p>\n<section class=\"card\">");
        TargetDetail.Write(html, daemon, target, withTimes: true);
        html.Add($"</section>\n");
        Runs(html, daemon, target.Recent);
    });

    private static void Runs(HtmlWriter html, DaemonSnapshot daemon, ImmutableArray<RunRecord> runs)
    {
        if (runs.IsEmpty)
        {
            return;
        }

        html.Add($"<section><h2>Runs</h2>\n<figure>");
        RunStrip.Write(html, runs, RunsDrawn);
        html.Add($"<figcaption class=\"meta\">Low: in sync. High: changed. Dots: differs or locked. With a cross: failed or refused.</figcaption></figure>\n");
        html.Add($"<table><caption>The newest first</caption><thead><tr><th scope=\"col\">When</th><th scope=\"col\">Result</th><th scope=\"col\">Why it ran</th><th scope=\"col\">Took</th><th scope=\"col\">Changes</th><th scope=\"col\">Note</th></tr></thead><tbody>\n");
        foreach (var run in runs.Reverse().Take(RunsListed))
        {
            html.Add($"<tr><td data-l=\"When\">{Marks.Ago(run.At, daemon.At)}</td><td data-l=\"Result\">{Marks.Of(run.Status)}</td><td data-l=\"Why it ran\">{RunWords.Of(run.Trigger)}</td><td data-l=\"Took\">{Words.Took(run.Took)}</td><td data-l=\"Changes\">{Changes(run)}</td><td data-l=\"Note\">{RunWords.Trouble(run)?.Message ?? (run.IsRepair ? "put back what somebody else had changed" : "")}</td></tr>\n");
        }

        html.Add($"</tbody></table></section>\n");
    }

    private static string Changes(RunRecord run) => run.AddedCount + run.RemovedCount == 0 ? "none" : $"+{run.AddedCount} −{run.RemovedCount}";
}
