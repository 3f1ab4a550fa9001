using System.Text.Json;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.State;

namespace AllowlistSync.Output;

/// <summary>A <see cref="Status"/> as JSON.</summary>
internal static class StatusDocument
{
    /// <summary>Its members.</summary>
    public static void Write(Utf8JsonWriter json, Status status)
    {
        json.WriteString("schema", "allowlist-sync/status/v1");
        JsonReport.WriteTime(json, "at", status.At);
        json.WriteString("daemon", status.Daemon);
        NodeLines.Write(json, status.Nodes);
        json.WriteStartArray("sources");
        foreach (var source in status.Sources)
        {
            Write(json, source);
        }

        json.WriteEndArray();
        json.WriteStartArray("targets");
        foreach (var target in status.Targets)
        {
            Write(json, target);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, SourceStatus source)
    {
        json.WriteStartObject();
        json.WriteString("name", source.Name);
        json.WriteBoolean("stale", source.IsStale);
        json.WriteString("etag", source.Memory?.LastGood.ETag);
        JsonReport.WriteTime(json, "fetchedAt", source.Memory?.LastGood.FetchedAt);
        JsonParts.WritePending(json, source.Memory?.Pending ?? []);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TargetState target)
    {
        json.WriteStartObject();
        json.WriteString("name", target.Target.Name);
        json.WriteString("provider", target.Target.Provider);
        json.WriteString("stage", target.Receipt is { } receipt ? JsonReport.Name(receipt.Stage) : null);
        WriteLastRun(json, target.LastRun);
        json.WriteString("run", target.Receipt?.RunId);
        json.WriteString("fingerprint", target.Receipt?.Fingerprint);
        JsonReport.WriteTime(json, "appliedAt", target.Receipt?.StartedAt);
        JsonReport.WriteTime(json, "confirmBy", target.Receipt?.ConfirmBy);
        JsonParts.WriteBans(json, "bans", target.Bans?.Bans ?? []);
        JsonParts.WriteFindings(json, new[] { target.Problem, target.Bans?.Problem }.OfType<Finding>());
        json.WriteEndObject();
    }

    private static void WriteLastRun(Utf8JsonWriter json, RunRecord? run)
    {
        if (run is null)
        {
            json.WriteNull("lastRun");
            return;
        }

        json.WriteStartObject("lastRun");
        JsonReport.WriteTime(json, "at", run.At);
        json.WriteString("run", run.RunId);
        json.WriteString("node", run.Node);
        json.WriteString("trigger", RunWords.NameOf(run.Trigger));
        json.WriteString("status", run.Status);
        json.WriteBoolean("repair", run.IsRepair);
        json.WriteString("error", run.Error?.Message);
        json.WriteEndObject();
    }
}
