using System.Text.Json;

namespace AllowlistSync.Notifying.Receivers;

/// <summary>
/// Slack's incoming webhook: <c>text</c> for notifications and blocks for the channel. Slack reads <c>&amp;</c>, <c>&lt;</c> and <c>&gt;</c> as its markup (<c>&lt;!channel&gt;</c> calls everybody), so they are escaped. Pure.
/// </summary>
internal static class SlackPayload
{
    // docs.slack.dev, "header block", "section block", "context block", "chat.postMessage": 150, 3000, 3000, and 4000 advised for text.
    private const int LongestHeader = 150;
    private const int LongestSection = 3000;

    /// <summary>The body of the request.</summary>
    public static byte[] Write(Outgoing outgoing) => NoticeJson.Object(json =>
    {
        var notice = outgoing.Notice;
        json.WriteString("text", NoticeText.Cut(NoticeText.Title(notice), LongestSection, Escape));
        json.WriteStartArray("blocks");
        Block(json, "header", NoticeText.Cut(NoticeText.Title(notice), LongestHeader, Escape));
        foreach (var part in new[] { notice.Detail, notice.Remedy.Length == 0 ? "" : "What to do: " + notice.Remedy }.Where(part => part.Length > 0))
        {
            Block(json, "section", NoticeText.Cut(part, LongestSection, Escape));
        }

        json.WriteStartObject();
        json.WriteString("type", "context");
        json.WriteStartArray("elements");
        Text(json, NoticeText.Cut(NoticeText.Footer(outgoing), LongestSection, Escape));
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    });

    private static string Escape(string character) => character switch { "&" => "&amp;", "<" => "&lt;", ">" => "&gt;", _ => character };

    private static void Block(Utf8JsonWriter json, string type, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WritePropertyName("text");
        Text(json, text);
        json.WriteEndObject();
    }

    // Plain text: no star, underscore or :name: in a rule becomes a shape.
    private static void Text(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", "plain_text");
        json.WriteBoolean("emoji", false);
        json.WriteString("text", text);
        json.WriteEndObject();
    }
}
