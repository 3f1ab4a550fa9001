using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using AllowlistSync.Core;
using AllowlistSync.Core.Planning;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.State;

namespace AllowlistSync;

/// <summary>Plans in a file: what <c>diff --out</c> writes and <c>apply --plan</c> reads. Each carries its fingerprint, so an edit is noticed.</summary>
internal static class PlanFile
{
    /// <summary>The rule id of a file that is no plan file.</summary>
    public const string Unreadable = "plan-unusable";

    private const string Schema = "allowlist-sync/plan/v1";

    /// <summary>Writes the plans of a run.</summary>
    public static async Task WriteAsync(string path, RunReport report, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>();
        await using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("schema", Schema);
            json.WriteString("at", report.At);
            json.WriteStartArray("plans");
            foreach (var plan in report.Targets.Select(target => target.Plan).OfType<Plan>())
            {
                json.WriteStartObject();
                json.WriteString("fingerprint", plan.Fingerprint);
                json.WritePropertyName("plan");
                PlanJson.Write(json, plan);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        await AtomicFile.WriteAsync(path, buffer.WrittenMemory, cancellationToken);
    }

    /// <summary>Reads the fingerprints by target, or the reason why this file is not to be trusted.</summary>
    public static async Task<(ImmutableDictionary<string, string>? Expected, Refusal? Refusal)> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(path, cancellationToken));
            var root = document.RootElement;
            if (root.GetProperty("schema").GetString() != Schema)
            {
                return (null, Unusable(path, "it is not a plan file of this version"));
            }

            var expected = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
            foreach (var entry in root.GetProperty("plans").EnumerateArray())
            {
                var fingerprint = entry.GetProperty("fingerprint").GetString()!;
                var plan = entry.GetProperty("plan");
                if (Fingerprint(plan) != fingerprint)
                {
                    return (null, new Refusal("plan-edited", $"{path}: the plan for {plan.GetProperty("target").GetString()} does not match its fingerprint, so it was edited", "run `diff --out FILE` again"));
                }

                expected[plan.GetProperty("target").GetString()!] = fingerprint;
            }

            return (expected.ToImmutable(), null);
        }
        catch (KeyNotFoundException)
        {
            return (null, Unusable(path, "it is JSON, but no plan file"));
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return (null, Unusable(path, malformed.Clause()));
        }
    }

    // The fingerprint is made of the plan's canonical JSON: the same keys in the same order, without white space.
    private static string Fingerprint(JsonElement plan)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            plan.WriteTo(json);
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    private static Refusal Unusable(string path, string why) => new(Unreadable, $"{path} cannot be used as a plan file: {why}", "make one with `diff --out FILE`");
}
