using System.Collections.Immutable;

namespace AllowlistSync.Daemon.Web.Page;

/// <summary>The first page: all targets and sources. Pure.</summary>
internal static class StatusPage
{
    // More are told apart on pages of their own, so that the first one stays small.
    private const int MostDetails = 12;

    public static string Write(DaemonSnapshot daemon) => PageFrame.Write(daemon, Title(daemon), "", html =>
    {
        Headline(html, daemon);
        TargetTable.Write(html, daemon);
        Details(html, daemon);
        SourceSection.Write(html, daemon);
    });

    private static bool IsGood(TargetStanding target) => target.Last?.IsGood == true;

    // A tab among many says it first.
    private static string Title(DaemonSnapshot daemon)
    {
        var bad = Health.AgainstReady(daemon).Length;
        return (bad == 0 ? "" : $"({bad}) ") + $"AllowlistSync on {daemon.Node}";
    }

    private static void Headline(HtmlWriter html, DaemonSnapshot daemon)
    {
        var reasons = Health.AgainstReady(daemon);
        var (tone, shape, sentence) = Sentence(daemon, reasons.Length);
        html.Add($"<h1><span class=\"{tone}\">{Marks.Icon(shape)}</span>{sentence}</h1>\n<p class=\"lead\">{Proved(daemon)}</p>\n");
        if (daemon.ConfigProblem is { } problem)
        {
            Marks.Note(html, "warn", $"configuration {daemon.ConfigHash} stays in force", "A newer configuration was not taken over: " + problem, "Mend the file; `allowlist-sync config validate` says all that is wrong with it.");
        }

        foreach (var remark in Health.Remarks(daemon))
        {
            Marks.Note(html, "warn", "nodes", remark, "");
        }

        foreach (var hung in Health.AgainstLife(daemon))
        {
            Marks.Note(html, "", "health", hung, "");
        }
    }

    private static (string Tone, string Shape, string Sentence) Sentence(DaemonSnapshot daemon, int reasons)
    {
        var (all, good) = (daemon.Targets.Length, daemon.Targets.Count(IsGood));
        var waiting = daemon.Targets.Count(target => target.Last is null);
        return daemon switch
        {
            _ when all == 0 => ("soft", "wait", "No target is configured"),
            _ when good == all && reasons == 0 => ("good", "ok", all == 1 ? "The target is as it should be" : $"All {Words.Number(all)} targets are as they should be"),
            _ when good == all => ("warn", "warn", "The targets are as they should be, a list is not"),
            _ when good + waiting == all => ("soft", "wait", $"{Words.Count(waiting, "target waits", "targets wait")} for the first run"),
            _ => ("bad", "bad", $"{Words.Number(all - good - waiting)} of {Words.Count(all, "target needs", "targets need")} attention"),
        };
    }

    private static string Proved(DaemonSnapshot daemon)
    {
        var counts = daemon.Targets.Select(target => target.Last?.ReachCounts).OfType<Core.State.ReachCounts>().ToList();
        var (accepted, blocked, unknown) = (counts.Sum(count => count.Accepted), counts.Sum(count => count.Blocked), counts.Sum(count => count.Unknown));
        return (counts.Count, blocked + unknown) switch
        {
            (0, _) => "Nothing was proved yet about what gets in.",
            (_, 0) => $"Proved from the live rules: all {Words.Count(accepted, "piece", "pieces")} of the wanted traffic get in.",
            _ => $"From the live rules, by pieces of the wanted traffic: {Words.Number(accepted)} get in, {Words.Number(blocked)} are blocked, {Words.Number(unknown)} cannot be told.",
        };
    }

    private static void Details(HtmlWriter html, DaemonSnapshot daemon)
    {
        ImmutableArray<TargetStanding> shown = daemon.Targets.Length <= MostDetails
            ? daemon.Targets
            : [.. daemon.Targets.Where(target => target.Last is { IsGood: false }).Take(MostDetails)];
        foreach (var target in shown)
        {
            html.Add($"<section class=\"card\"><div class=\"head\"><h2><a href=\"{TargetTable.Link(target)}\">{target.Target.Name}</a></h2><span class=\"soft\">{TargetTable.Kind(target)}</span>{Marks.Status(target, daemon.At)}</div>\n");
            TargetDetail.Write(html, daemon, target, withTimes: false);
            html.Add($"</section>\n");
        }

        if (shown.Length < daemon.Targets.Length)
        {
            html.Add($"<p class=\"soft\">{Words.Number(shown.Length)} of {Words.Number(daemon.Targets.Length)} are shown in detail, those that need attention; the name of each leads to the others.</p>\n");
        }
    }
}
