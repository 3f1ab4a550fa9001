using System.Buffers;
using System.Text;
using System.Text.Json;

namespace AllowlistSync.Output;

/// <summary>Makes one JSON document, indented.</summary>
internal static class JsonDocuments
{
    /// <summary>The caller writes the members.</summary>
    public static string Object(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
