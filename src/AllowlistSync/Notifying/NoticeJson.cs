using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AllowlistSync.Core.Reporting;

namespace AllowlistSync.Notifying;

/// <summary>Our own form of a message, <c>allowlist-sync/notice/v1</c>: what webhooks and programs get. Pure.</summary>
internal static class NoticeJson
{
    // Nobody puts it into HTML, and vendors count bytes.
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document, UTF-8, on one line.</summary>
    public static byte[] Write(Outgoing outgoing) => Object(json =>
    {
        var notice = outgoing.Notice;
        json.WriteString("schema", "allowlist-sync/notice/v1");
        json.WriteString("id", notice.Id);
        json.WriteString("event", notice.Key.Event);
        json.WriteString("state", JsonReport.Name(notice.State));
        json.WriteString("target", notice.Key.Kind == NoticeKey.Target ? notice.Key.Name : null);
        json.WriteString("source", notice.Key.Kind == NoticeKey.Source ? notice.Key.Name : null);
        json.WriteString("summary", notice.Summary);
        json.WriteString("detail", notice.Detail);
        json.WriteString("remedy", notice.Remedy);
        json.WriteString("at", notice.At.UtcDateTime);
        json.WriteString("runId", notice.RunId.Length == 0 ? null : notice.RunId);
        json.WriteString("node", notice.Node);
        json.WriteNumber("superseded", outgoing.Superseded);
    });

    /// <summary>One object as UTF-8.</summary>
    public static byte[] Object(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, s_options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
