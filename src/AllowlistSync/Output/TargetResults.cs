using AllowlistSync.Commands;
using AllowlistSync.Core.Reporting;

namespace AllowlistSync.Output;

/// <summary>What became of one target.</summary>
/// <param name="Target">Its name.</param>
/// <param name="ExitCode">The exit code that it asks for.</param>
/// <param name="Message">For people.</param>
internal sealed record TargetResult(string Target, int ExitCode, string Message);

/// <summary>Writes one result a target.</summary>
internal static class TargetResults
{
    public static async Task WriteAsync(string command, IReadOnlyList<TargetResult> results, OutputFormat format, TextWriter output)
    {
        if (format == OutputFormat.Json)
        {
            await output.WriteLineAsync(JsonDocuments.Object(json =>
            {
                json.WriteString("schema", $"allowlist-sync/{command}/v1");
                json.WriteStartArray("targets");
                foreach (var result in results)
                {
                    json.WriteStartObject();
                    json.WriteString("name", result.Target);
                    json.WriteBoolean("ok", result.ExitCode == ExitCodes.Ok);
                    json.WriteString("message", result.Message);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }));
            return;
        }

        foreach (var result in results)
        {
            await output.WriteLineAsync(format == OutputFormat.Markdown ? $"- **{result.Target}**: {result.Message}" : $"{result.Target}: {result.Message}");
        }
    }
}
