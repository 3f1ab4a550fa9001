using System.Collections.Immutable;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.State;

namespace AllowlistSync.Daemon.Web.Page;

/// <summary>What there is to say of one target. Pure.</summary>
internal static class TargetDetail
{
    private const int MostBlocked = 30;
    private const int MostRanges = 8;

    /// <param name="html">Where it goes.</param>
    /// <param name="daemon">What the daemon knows.</param>
    /// <param name="target">The target.</param>
    /// <param name="withTimes">True where no table says when it ran and will run.</param>
    public static void Write(HtmlWriter html, DaemonSnapshot daemon, TargetStanding target, bool withTimes)
    {
        if (target.PausedUntil is { } until && until > daemon.At)
        {
            Marks.Note(html, "warn", "paused", $"It is not repaired until {ReportWords.Of(until)}, because something else undoes each repair.", "Find out what writes to this firewall; the findings of the last runs name it where it is known.");
        }

        if (target.Last is { } run)
        {
            Marks.Notes(html, run);
        }

        Facts(html, daemon, target, withTimes);
        Reach(html, target);
        Change(html, daemon, target);
    }

    private static void Facts(HtmlWriter html, DaemonSnapshot daemon, TargetStanding target, bool withTimes)
    {
        html.Add($"<dl><div><dt>Lets in</dt><dd>{string.Join(", ", target.Target.Allow)} on {TargetTable.Ports(target)}</dd></div>");
        html.Add($"<div><dt>Mode</dt><dd>{JsonReport.Name(target.Target.Mode)}</dd></div>");
        html.Add($"<div><dt>Watched between runs</dt><dd>{target.Watches ?? "nothing"}</dd></div>");
        if (target.GoodSince is { } since)
        {
            html.Add($"<div><dt>Good since</dt><dd>{Marks.Time(since, ReportWords.Of(since))}</dd></div>");
        }

        if (withTimes && target.Last is { } run)
        {
            html.Add($"<div><dt>Last run</dt><dd>{Marks.Ago(run.At, daemon.At)} {RunWords.Of(run.Trigger)}, {Words.Took(run.Took)}</dd></div>");
        }

        if (withTimes && target.NextRun is { } next)
        {
            html.Add($"<div><dt>Next run</dt><dd>{Marks.Ago(next, daemon.At)}</dd></div>");
        }

        html.Add($"</dl>\n");
    }

    private static void Reach(HtmlWriter html, TargetStanding target)
    {
        if (target.Last is not { Reach.IsEmpty: false } run)
        {
            return;
        }

        html.Add($"<h3>What gets in</h3>\n");
        ReachPicture.Write(html, run);
        Blame(html, [.. run.Reach.Where(cell => cell.Verdict != "accepted").GroupBy(cell => cell with { From = "" })]);
    }

    // What one rule does to many ranges is told once.
    private static void Blame(HtmlWriter html, ImmutableArray<IGrouping<ReachCell, ReachCell>> shut)
    {
        if (shut.IsEmpty)
        {
            return;
        }

        html.Add($"<table><caption>What does not get in, and the rule to blame{(shut.Length > MostBlocked ? $" ({MostBlocked} of {shut.Length})" : "")}</caption><thead><tr><th scope=\"col\">From</th><th scope=\"col\">Port</th><th scope=\"col\">Verdict</th><th scope=\"col\">Rule</th></tr></thead><tbody>\n");
        foreach (var group in shut.Take(MostBlocked))
        {
            var (cell, from) = (group.Key, group.Select(one => one.From).ToList());
            html.Add($"<tr><td data-l=\"From\"><ul class=\"from mono\">{Ranges(from)}</ul></td><td data-l=\"Port\">{cell.Port}</td><td data-l=\"Verdict\">{Verdict(cell)}</td><td data-l=\"Rule\"><span><code>{cell.Rule}</code><span class=\"meta\">{cell.Where}</span></span></td></tr>\n");
        }

        html.Add($"</tbody></table>\n");
    }

    private static Markup Ranges(List<string> ranges) => HtmlWriter.Of(html =>
    {
        foreach (var range in ranges.Take(MostRanges))
        {
            html.Add($"<li>{range}</li>");
        }

        if (ranges.Count > MostRanges)
        {
            html.Add($"<li>and {Words.Number(ranges.Count - MostRanges)} more</li>");
        }
    });

    private static Markup Verdict(ReachCell cell) => cell.Verdict == "blocked"
        ? Marks.Mark("bad", "bad", cell.VisitorSees is { } seen ? $"blocked, visitors see {seen}" : "blocked")
        : Marks.Mark("warn", "warn", cell.Verdict);

    private static void Change(HtmlWriter html, DaemonSnapshot daemon, TargetStanding target)
    {
        if (target.LastChange is not { } run)
        {
            return;
        }

        html.Add($"<h3>Last change, {Marks.Ago(run.At, daemon.At)}{(run.IsRepair ? ": put back what somebody else had changed" : "")}</h3>\n");
        Lines(html, run);
        if (run.Repairs + run.Lifted > 0)
        {
            html.Add($"<p class=\"soft\">{Words.Count(run.Repairs, "defect was", "defects were")} mended, {Words.Count(run.Lifted, "ban was", "bans were")} lifted.</p>\n");
        }
    }

    /// <summary>What a run changed, or would.</summary>
    private static void Lines(HtmlWriter html, RunRecord run)
    {
        if (run.Added.IsEmpty && run.Removed.IsEmpty)
        {
            html.Add($"<p class=\"soft\">No range came or went.</p>\n");
            return;
        }

        html.Add($"<ul class=\"diff mono\">");
        Lines(html, run.Added, "good", "+", "let in");
        Lines(html, run.Removed, "bad", "−", "taken out");
        html.Add($"</ul>\n");
        var more = run.AddedCount + run.RemovedCount - run.Added.Length - run.Removed.Length;
        if (more > 0)
        {
            html.Add($"<p class=\"soft\">and {Words.Number(more)} more: {Words.Number(run.AddedCount)} let in, {Words.Number(run.RemovedCount)} taken out.</p>\n");
        }
    }

    private static void Lines(HtmlWriter html, ImmutableArray<string> prefixes, string tone, string sign, string what)
    {
        foreach (var prefix in prefixes)
        {
            html.Add($"<li><b class=\"{tone}\" title=\"{what}\">{sign}</b>{prefix}</li>");
        }
    }
}
