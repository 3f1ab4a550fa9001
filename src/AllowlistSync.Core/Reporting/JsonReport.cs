using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AllowlistSync.Core.Reporting;

/// <summary>
/// A run as one JSON document with the schema <c>allowlist-sync/COMMAND/v1</c>, a public contract: fields are only ever added, and
/// every field is always there (null, or an empty array, when it has nothing to say). The README of this folder lists them. Pure.
/// </summary>
public static class JsonReport
{
    // Indented, with < and + as they are: it is read by people too, and never pasted into HTML.
    internal static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the document and a line break.</summary>
    public static void Write(RunReport report, TextWriter output)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            Write(json, report);
        }

        output.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        output.Write('\n');
    }

    /// <summary>A time as RFC 3339 in UTC, to the second; null when there is none.</summary>
    public static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time) =>
        json.WriteString(name, time?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));

    /// <summary>The value of an enumeration as JSON has it: in camel case.</summary>
    public static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static void Write(Utf8JsonWriter json, RunReport report)
    {
        json.WriteStartObject();
        json.WriteString("schema", $"allowlist-sync/{report.Command}/v1");
        json.WriteString("run", report.RunId);
        WriteTime(json, "at", report.At);
        json.WriteNumber("exitCode", report.ExitCode);
        JsonParts.WriteSources(json, report.Sources);
        JsonParts.WriteTargets(json, report.Targets);
        json.WriteEndObject();
    }
}
