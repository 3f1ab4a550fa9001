namespace AllowlistSync.Daemon.Web.Page;

/// <summary>What every page has around its content. Pure.</summary>
internal static class PageFrame
{
    // Shapes that pages use again and again. Each means something without its colour as well.
    private const string Shapes = """
        <svg class="hide" aria-hidden="true"><defs>
        <symbol id="i-ok" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7"/><path d="M4.8 8.3l2.2 2.2 4.2-4.6"/></symbol>
        <symbol id="i-bad" viewBox="0 0 16 16"><path d="M5.2 1h5.6L15 5.2v5.6L10.8 15H5.2L1 10.8V5.2z"/><path d="M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8"/></symbol>
        <symbol id="i-warn" viewBox="0 0 16 16"><path d="M8 1.5L15 14H1z"/><path d="M8 6v3.6M8 11.8v.1"/></symbol>
        <symbol id="i-wait" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" stroke-dasharray="2.5 3"/><path d="M8 4.5V8l2.4 1.6"/></symbol>
        <symbol id="i-hold" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7"/><path d="M6.2 5.5v5M9.8 5.5v5"/></symbol>
        <g id="ok"><rect class="ok" width="34" height="14" rx="3"/></g>
        <g id="no"><rect class="no" x=".75" y=".75" width="32.5" height="12.5" rx="2.5"/><path class="nox" d="M13 3.2l8 7.6M21 3.2l-8 7.6"/></g>
        <g id="un"><rect class="un" x=".6" y=".6" width="32.8" height="12.8" rx="2.5"/><g class="und"><circle cx="11" cy="7" r="1.5"/><circle cx="17" cy="7" r="1.5"/><circle cx="23" cy="7" r="1.5"/></g></g>
        <g id="na"><rect class="na" x=".5" y=".5" width="33" height="13" rx="2.5"/></g>
        </defs></svg>
        """;

    /// <summary>A whole page.</summary>
    /// <param name="daemon">What the daemon knows.</param>
    /// <param name="title">Its title.</param>
    /// <param name="up">The way from here to the first page; empty on that page itself.</param>
    /// <param name="content">Writes what is between head and foot.</param>
    public static string Write(DaemonSnapshot daemon, string title, string up, Action<HtmlWriter> content)
    {
        var html = new HtmlWriter();
        html.Add($"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\n");
        html.Add($"<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\"><meta http-equiv=\"refresh\" content=\"30\">\n");
        html.Add($"<link rel=\"icon\" type=\"image/svg+xml\" href=\"{up}favicon.svg\"><style>{new Markup(PageStyle.Sheet)}</style></head>\n<body>{new Markup(Shapes)}\n");
        html.Add($"<header><div class=\"brand\">{Brand(up)}<span>{daemon.Node}</span>{Marks.Time(daemon.At, ToTheSecond(daemon.At))}</div></header>\n<main>\n");
        content(html);
        html.Add($"</main>\n<footer><p>AllowlistSync {daemon.Version} · configuration <code>{daemon.ConfigHash}</code> · running for {Words.Span(daemon.At - daemon.StartedAt)} · this page shows and changes nothing; it comes anew every 30 seconds · <a href=\"{up}api/status\">JSON</a> · <a href=\"{up}metrics\">metrics</a> · <a href=\"{up}readyz\">ready?</a></p></footer>\n</body></html>\n");
        return html.ToString();
    }

    private static Markup Brand(string up) => new(up.Length == 0 ? "<b>AllowlistSync</b>" : $"<a href=\"{up}\">AllowlistSync</a>");

    private static string ToTheSecond(DateTimeOffset time) => Core.Reporting.ReportWords.ToTheSecond(time);
}
