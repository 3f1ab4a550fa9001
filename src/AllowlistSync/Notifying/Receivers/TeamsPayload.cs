using System.Text.Json;

namespace AllowlistSync.Notifying.Receivers;

/// <summary>
/// The webhook of a Teams workflow ("when a Teams webhook request is received"): a message with one Adaptive Card. Texts are runs of a RichTextBlock, which knows no Markdown. Pure.
/// </summary>
internal static class TeamsPayload
{
    // learn.microsoft.com, "Create and send messages" by webhook: 28 KB for the whole message. Counted in bytes, at most 6 for a UTF-16 unit (\u1234).
    private const int LongestTitle = 300;
    private const int LongestDetail = 2500;
    private const int LongestRemedy = 600;
    private const int LongestFooter = 300;
    private const int MostLines = 30;

    /// <summary>The body of the request.</summary>
    public static byte[] Write(Outgoing outgoing) => NoticeJson.Object(json =>
    {
        json.WriteString("type", "message");
        json.WriteStartArray("attachments");
        json.WriteStartObject();
        json.WriteString("contentType", "application/vnd.microsoft.card.adaptive");
        json.WriteNull("contentUrl");
        json.WriteStartObject("content");
        json.WriteString("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
        json.WriteString("type", "AdaptiveCard");
        json.WriteString("version", "1.4");
        json.WriteStartObject("msteams");
        json.WriteString("width", "Full");
        json.WriteEndObject();
        Body(json, outgoing);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    });

    private static void Body(Utf8JsonWriter json, Outgoing outgoing)
    {
        var notice = outgoing.Notice;
        json.WriteStartArray("body");
        Text(json, NoticeText.Cut(NoticeText.Title(notice), LongestTitle, Escape), "weight", "Bolder", notice.State switch { NoticeState.Problem => "Attention", NoticeState.Resolved => "Good", _ => "Accent" });
        foreach (var line in NoticeText.Cut(notice.Detail, LongestDetail, Escape).Split('\n').Where(line => line.Length > 0).Take(MostLines))
        {
            Text(json, line, "fontType", "Monospace", "Default");
        }

        if (notice.Remedy.Length > 0)
        {
            Text(json, "What to do: " + NoticeText.Cut(notice.Remedy, LongestRemedy, Escape), "fontType", "Default", "Default");
        }

        Text(json, NoticeText.Cut(NoticeText.Footer(outgoing), LongestFooter, Escape), "size", "Small", "Default");
        json.WriteEndArray();
    }

    // Two braces begin a function of a card, such as {{DATE(...)}}.
    private static string Escape(string character) => character == "{" ? "{\u200B" : character;

    private static void Text(Utf8JsonWriter json, string text, string style, string value, string color)
    {
        json.WriteStartObject();
        json.WriteString("type", "RichTextBlock");
        json.WriteStartArray("inlines");
        json.WriteStartObject();
        json.WriteString("type", "TextRun");
        json.WriteString("text", text);
        json.WriteString("color", color);
        json.WriteString(style, value);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
