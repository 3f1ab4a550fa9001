namespace AllowlistSync.Notifying.Receivers;

/// <summary>Discord's webhook: a line, and an embed with the rest. Nobody is mentioned, whatever the text says. Pure.</summary>
internal static class DiscordPayload
{
    // docs.discord.com, "Execute Webhook" and "Embed Limits": content 2000; title 256, description 4096, footer 2048, 6000 in all.
    private const int LongestContent = 2000;
    private const int LongestTitle = 256;
    private const int LongestDescription = 4096;
    private const int LongestFooter = 500;
    private const int LongestRemedy = 1000;

    /// <summary>The body of the request.</summary>
    public static byte[] Write(Outgoing outgoing) => NoticeJson.Object(json =>
    {
        var notice = outgoing.Notice;
        json.WriteString("content", NoticeText.Cut(NoticeText.Title(notice), LongestContent, Escape));
        json.WriteStartObject("allowed_mentions");
        json.WriteStartArray("parse");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("embeds");
        json.WriteStartObject();
        json.WriteString("title", NoticeText.Cut(notice.Summary, LongestTitle, Escape));
        if (Description(notice) is { Length: > 0 } description)
        {
            json.WriteString("description", description);
        }

        json.WriteNumber("color", Color(notice.State));
        json.WriteString("timestamp", notice.At.UtcDateTime);
        json.WriteStartObject("footer");
        json.WriteString("text", NoticeText.Cut(NoticeText.Footer(outgoing), LongestFooter));
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    });

    private static string Description(Notice notice)
    {
        var remedy = notice.Remedy.Length == 0 ? "" : "What to do: " + NoticeText.Cut(notice.Remedy, LongestRemedy, Escape);
        var detail = NoticeText.Cut(notice.Detail, LongestDescription - remedy.Length - 2, Escape);
        return string.Join("\n\n", new[] { detail, remedy }.Where(part => part.Length > 0));
    }

    // A backslash takes any sign its meaning in Discord's Markdown; @ and < would begin a mention.
    private static string Escape(string character) => character is "\\" or "*" or "_" or "~" or "`" or "|" or ">" or "<" or "#" or "[" or "]" or "(" or ")" or "-" or "+" or "@" or ":" ? "\\" + character : character;

    private static int Color(NoticeState state) => state switch { NoticeState.Problem => 0xD93025, NoticeState.Resolved => 0x188038, _ => 0x1A73E8 };
}
