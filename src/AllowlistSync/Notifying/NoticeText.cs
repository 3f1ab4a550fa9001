using System.Globalization;

namespace AllowlistSync.Notifying;

/// <summary>The words of a message, and how it is made to fit. Pure.</summary>
internal static class NoticeText
{
    private const string Ellipsis = "...";

    /// <summary>The line that people see first: <c>PROBLEM web-1: web: refused</c>.</summary>
    public static string Title(Notice notice) => $"{Word(notice.State)} {notice.Node}: {notice.Summary}";

    /// <summary>Where and when it was seen.</summary>
    public static string Footer(Outgoing outgoing)
    {
        var notice = outgoing.Notice;
        var run = notice.RunId.Length == 0 ? "" : $", run {notice.RunId}";
        var more = outgoing.Superseded == 0 ? "" : $"; {outgoing.Superseded} older {(outgoing.Superseded == 1 ? "message" : "messages")} left out";
        return $"allowlist-sync on {notice.Node}, {notice.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)}{run}{more}";
    }

    /// <summary>A text of at most so many UTF-16 units; never half a character.</summary>
    public static string Cut(string text, int longest) => Cut(text, longest, character => character);

    /// <summary>The same after each character was escaped: no escape is cut in two either.</summary>
    public static string Cut(string text, int longest, Func<string, string> escape)
    {
        var parts = new List<string>(Math.Min(text.Length, longest));
        var (length, width) = (0, 0);
        var fitting = 0;
        for (var i = 0; i < text.Length; i += width)
        {
            width = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) ? 2 : 1;
            var part = escape(Shown(text, i, width));
            if (length + part.Length > longest)
            {
                return string.Concat(parts.Take(fitting)) + Ellipsis;
            }

            parts.Add(part);
            length += part.Length;
            fitting = length + Ellipsis.Length <= longest ? parts.Count : fitting;
        }

        return string.Concat(parts);
    }

    // What a tool printed may hold what a chat or a terminal obeys.
    private static string Shown(string text, int at, int width) => char.IsControl(text[at]) && text[at] != '\n' ? " " : text.Substring(at, width);

    private static string Word(NoticeState state) => state switch
    {
        NoticeState.Problem => "PROBLEM",
        NoticeState.Resolved => "RESOLVED",
        _ => "NOTE",
    };
}
