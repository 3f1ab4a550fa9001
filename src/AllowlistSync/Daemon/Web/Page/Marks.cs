using System.Globalization;
using AllowlistSync.Core;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.State;

namespace AllowlistSync.Daemon.Web.Page;

/// <summary>Small marks that pages have in common: a status, a time, a note. Pure.</summary>
internal static class Marks
{
    /// <summary>A time with words of its own.</summary>
    public static Markup Time(DateTimeOffset time, string words) => HtmlWriter.Of(html =>
        html.Add($"<time datetime=\"{time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}\" title=\"{ReportWords.ToTheSecond(time)}\">{words}</time>"));

    /// <summary>A time seen from now.</summary>
    public static Markup Ago(DateTimeOffset time, DateTimeOffset now) => Time(time, Words.From(time, now));

    /// <summary>A status: a shape, a word and a colour.</summary>
    public static Markup Status(TargetStanding target, DateTimeOffset now) => target switch
    {
        { PausedUntil: { } until } when until > now => Mark("warn", "hold", "paused"),
        { Last: null } => Mark("soft", "wait", "not run yet"),
        { Last: var run } => Of(run.Status),
    };

    /// <summary>A status of a run.</summary>
    public static Markup Of(string status) => status switch
    {
        "inSync" or "applied" => Mark("good", "ok", RunWords.OfStatus(status)),
        "differs" => Mark("warn", "warn", status),
        "locked" => Mark("warn", "hold", "locked by another run"),
        _ => Mark("bad", "bad", status),
    };

    /// <summary>A shape and a word.</summary>
    public static Markup Mark(string tone, string shape, string word) => HtmlWriter.Of(html =>
        html.Add($"<span class=\"st {tone}\">{Icon(shape)} {word}</span>"));

    /// <summary>A shape alone.</summary>
    public static Markup Icon(string shape) => new($"<svg class=\"i\" aria-hidden=\"true\"><use href=\"#i-{shape}\"/></svg>");

    /// <summary>Something that somebody should know, with the way out.</summary>
    public static void Note(HtmlWriter html, string tone, string what, string message, string remedy)
    {
        html.Add($"<div class=\"note {tone}\"><p><b>{Prose(message)}</b></p>");
        if (remedy.Length > 0)
        {
            html.Add($"<p>{Prose(remedy)}</p>");
        }

        html.Add($"<p class=\"id\">{what}</p></div>\n");
    }

    /// <summary>A text whose commands stand between backticks.</summary>
    public static Markup Prose(string text) => HtmlWriter.Of(html =>
    {
        var parts = text.Split('`');
        var isPaired = parts.Length % 2 == 1;
        foreach (var (i, part) in parts.Index())
        {
            if (!isPaired)
            {
                html.Add($"{(i == 0 ? "" : "`")}{part}");
            }
            else if (i % 2 == 0)
            {
                html.Add($"{part}");
            }
            else
            {
                html.Add($"<code>{part}</code>");
            }
        }
    });

    /// <summary>A refusal.</summary>
    public static void Note(HtmlWriter html, Refusal refusal) => Note(html, "", "refused by " + refusal.RuleId, refusal.Message, refusal.WayOut);

    /// <summary>A finding.</summary>
    public static void Note(HtmlWriter html, Finding finding) => Note(html, ToneOf(finding.Severity), $"{ReportWords.Of(finding.Severity)} {finding.Id}", finding.Message, finding.Remedy);

    /// <summary>All that a run has to say.</summary>
    public static void Notes(HtmlWriter html, RunRecord run)
    {
        if (run.Error is { } error)
        {
            Note(html, "", "failed: " + error.Id, error.Message, error.Remedy);
        }

        foreach (var refusal in run.Refusals)
        {
            Note(html, refusal);
        }

        foreach (var finding in run.Findings.OrderByDescending(finding => finding.Severity))
        {
            Note(html, finding);
        }
    }

    private static string ToneOf(Severity severity) => severity switch
    {
        Severity.Problem => "",
        Severity.Warning => "warn",
        _ => "quiet",
    };
}
