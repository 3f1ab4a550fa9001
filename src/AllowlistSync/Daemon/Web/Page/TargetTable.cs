namespace AllowlistSync.Daemon.Web.Page;

/// <summary>The table of targets. Pure.</summary>
internal static class TargetTable
{
    private const int MostStrips = 50;
    private const int RunsShown = 16;

    public static void Write(HtmlWriter html, DaemonSnapshot daemon)
    {
        if (daemon.Targets.IsEmpty)
        {
            return;
        }

        html.Add($"<section><h2>Targets</h2>\n<table><thead><tr><th scope=\"col\">Target</th><th scope=\"col\">Status</th><th scope=\"col\">Gets in</th><th scope=\"col\">Last run</th><th scope=\"col\">Next run</th>");
        html.Add($"{new Markup(HasStrips(daemon) ? "<th scope=\"col\">Runs</th>" : "")}</tr></thead><tbody>\n");
        foreach (var target in daemon.Targets)
        {
            Row(html, daemon, target);
        }

        html.Add($"</tbody></table></section>\n");
    }

    /// <summary>The way from the first page to that of a target.</summary>
    public static string Link(TargetStanding target) => "targets/" + Uri.EscapeDataString(target.Target.Name);

    /// <summary>What kind of firewall it is, and where.</summary>
    public static string Kind(TargetStanding target) => $"{target.Target.Provider} on {(target.Target.Host == "local" ? "this host" : target.Target.Host)}";

    /// <summary>The ports, to be read.</summary>
    public static string Ports(TargetStanding target) => string.Join(", ", target.Target.Ports.Ranges);

    /// <summary>How much of the wanted traffic gets in, in words.</summary>
    public static string Reach(TargetStanding target)
    {
        if (target.Last?.ReachCounts is not { } counts)
        {
            return "not proved";
        }

        var all = counts.Accepted + counts.Blocked + counts.Unknown;
        return $"{Words.Number(counts.Accepted)} of {Words.Number(all)}"
            + (counts.Blocked > 0 ? $", {Words.Number(counts.Blocked)} blocked" : "")
            + (counts.Unknown > 0 ? $", {Words.Number(counts.Unknown)} unknown" : "");
    }

    private static bool HasStrips(DaemonSnapshot daemon) => daemon.Targets.Length <= MostStrips;

    private static void Row(HtmlWriter html, DaemonSnapshot daemon, TargetStanding target)
    {
        html.Add($"<tr><th scope=\"row\"><a href=\"{Link(target)}\">{target.Target.Name}</a><span class=\"meta\">{Kind(target)}, ports {Ports(target)}</span></th>");
        html.Add($"<td data-l=\"Status\">{Marks.Status(target, daemon.At)}</td><td data-l=\"Gets in\">{Reach(target)}</td><td data-l=\"Last run\" class=\"nw\">");
        if (target.Last is { } run)
        {
            html.Add($"<span>{Marks.Ago(run.At, daemon.At)}<span class=\"meta\">{RunWords.Of(run.Trigger)}, {Words.Took(run.Took)}</span></span>");
        }

        html.Add($"</td><td data-l=\"Next run\" class=\"nw\">");
        if (target.NextRun is { } next)
        {
            html.Add($"{Marks.Ago(next, daemon.At)}");
        }

        html.Add($"</td>");
        if (HasStrips(daemon))
        {
            html.Add($"<td data-l=\"Runs\">");
            RunStrip.Write(html, target.Recent, RunsShown);
            html.Add($"</td>");
        }

        html.Add($"</tr>\n");
    }
}
