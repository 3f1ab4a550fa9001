using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.State;

namespace AllowlistSync.Daemon.Web.Page;

/// <summary>Where ranges come from: how old the lists are, what waits to leave, what changed when. Pure.</summary>
internal static class SourceSection
{
    private const int MostPending = 50;
    private const int MostLists = 10;
    private const int MostPrefixes = 6;

    public static void Write(HtmlWriter html, DaemonSnapshot daemon)
    {
        if (daemon.Sources.IsEmpty)
        {
            return;
        }

        html.Add($"<section><h2>Sources</h2>\n<table><thead><tr><th scope=\"col\">Source</th><th scope=\"col\">State</th><th scope=\"col\">IPv4</th><th scope=\"col\">IPv6</th><th scope=\"col\">Last good list</th><th scope=\"col\">Asked</th><th scope=\"col\">Leaving</th></tr></thead><tbody>\n");
        foreach (var source in daemon.Sources)
        {
            Row(html, daemon, source);
        }

        html.Add($"</tbody></table></section>\n");
        foreach (var source in daemon.Sources)
        {
            Details(html, daemon, source);
        }
    }

    private static void Row(HtmlWriter html, DaemonSnapshot daemon, SourceStanding source)
    {
        var memory = source.Memory;
        html.Add($"<tr><th scope=\"row\">{source.Name}<span class=\"meta\">{(memory?.LastGood.ETag is { } etag ? "etag " + etag : "")}</span></th><td data-l=\"State\">{State(source)}</td>");
        html.Add($"<td data-l=\"IPv4\">{memory?.InForce.PrefixCount(IpFamily.IPv4) ?? 0}</td><td data-l=\"IPv6\">{memory?.InForce.PrefixCount(IpFamily.IPv6) ?? 0}</td><td data-l=\"Last good list\">");
        if (memory is not null)
        {
            html.Add($"{Marks.Ago(memory.LastGood.FetchedAt, daemon.At)}");
        }

        html.Add($"</td><td data-l=\"Asked\">");
        if (source.AskedAt is { } asked)
        {
            html.Add($"{Marks.Ago(asked, daemon.At)}");
        }

        html.Add($"</td><td data-l=\"Leaving\">{memory?.Pending.Length ?? 0}</td></tr>\n");
    }

    private static Markup State(SourceStanding source) => source switch
    {
        { Memory: null } => Marks.Mark("soft", "wait", "no list yet"),
        { IsStale: true } => Marks.Mark("bad", "bad", "stale"),
        { Answered: false } => Marks.Mark("warn", "warn", "did not answer"),
        { Refusals.IsEmpty: false } => Marks.Mark("warn", "warn", "refused"),
        _ => Marks.Mark("good", "ok", "believed"),
    };

    private static void Details(HtmlWriter html, DaemonSnapshot daemon, SourceStanding source)
    {
        ImmutableArray<PendingLine> pending = [.. (source.Memory?.Pending ?? []).Select(removal => new PendingLine(removal.Prefix.ToString(), removal.MissingSince, removal.Until))];
        if (source.Refusals.IsEmpty && pending.IsEmpty && source.Lists.IsEmpty && !source.IsStale)
        {
            return;
        }

        html.Add($"<section class=\"card\"><h2>{source.Name}</h2>\n");
        if (source.IsStale)
        {
            Marks.Note(html, "", "stale", $"Its last good list is {(source.Age is { } age ? Words.Span(age) + " old" : "missing")}, older than guard.maxAge.", Words.WhyNoNewerList(source));
        }

        foreach (var refusal in source.Refusals)
        {
            Marks.Note(html, refusal);
        }

        Pending(html, daemon, pending);
        Lists(html, source.Lists);
        html.Add($"</section>\n");
    }

    private static void Pending(HtmlWriter html, DaemonSnapshot daemon, ImmutableArray<PendingLine> pending)
    {
        if (pending.IsEmpty)
        {
            return;
        }

        html.Add($"<h3>No longer published, still let in</h3>\n<table><thead><tr><th scope=\"col\">Range</th><th scope=\"col\">Missing since</th><th scope=\"col\">Leaves</th></tr></thead><tbody>\n");
        foreach (var line in pending.Take(MostPending))
        {
            html.Add($"<tr><td data-l=\"Range\"><code>{line.Prefix}</code></td><td data-l=\"Missing since\">{ReportWords.Of(line.Since)}</td><td data-l=\"Leaves\"><span>{ReportWords.Of(line.Until)} <span class=\"soft\">{Words.From(line.Until, daemon.At)}</span></span></td></tr>\n");
        }

        html.Add($"</tbody></table>\n");
        if (pending.Length > MostPending)
        {
            html.Add($"<p class=\"soft\">and {Words.Number(pending.Length - MostPending)} more</p>\n");
        }
    }

    private static void Lists(HtmlWriter html, ImmutableArray<ListRecord> lists)
    {
        if (lists.IsEmpty)
        {
            return;
        }

        html.Add($"<h3>History of the list</h3>\n<table><thead><tr><th scope=\"col\">When</th><th scope=\"col\">IPv4</th><th scope=\"col\">IPv6</th><th scope=\"col\">New</th><th scope=\"col\">Gone</th></tr></thead><tbody>\n");
        foreach (var list in lists.Reverse().Take(MostLists))
        {
            html.Add($"<tr><td data-l=\"When\">{Marks.Time(list.At, ReportWords.Of(list.At))}</td><td data-l=\"IPv4\">{list.IPv4}</td><td data-l=\"IPv6\">{list.IPv6}</td><td data-l=\"New\"><span>{Some(list.Added, "+")}</span></td><td data-l=\"Gone\"><span>{Some(list.Removed, "−")}</span></td></tr>\n");
        }

        html.Add($"</tbody></table>\n");
    }

    private static Markup Some(ImmutableArray<string> prefixes, string sign) => HtmlWriter.Of(html =>
    {
        if (prefixes.IsEmpty)
        {
            html.Add($"<span class=\"soft\">none</span>");
        }

        foreach (var prefix in prefixes.Take(MostPrefixes))
        {
            html.Add($"<code>{sign}{prefix}</code><br>");
        }

        if (prefixes.Length > MostPrefixes)
        {
            html.Add($"<span class=\"soft\">and {Words.Number(prefixes.Length - MostPrefixes)} more</span>");
        }
    });

    private sealed record PendingLine(string Prefix, DateTimeOffset Since, DateTimeOffset Until);
}
