using System.Text.Json;
using AllowlistSync.Commands;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.Sources;
using AllowlistSync.Core.State;

namespace AllowlistSync.Output;

/// <summary>Writes a <see cref="Status"/>. Markdown is the text in a code block.</summary>
internal static class StatusReport
{
    public static async Task WriteAsync(Status status, OutputFormat format, TextWriter output)
    {
        if (format == OutputFormat.Json)
        {
            await output.WriteLineAsync(JsonDocuments.Object(json => WriteJson(json, status)));
            return;
        }

        var fence = format == OutputFormat.Markdown ? "```\n" : "";
        await output.WriteAsync(fence + string.Join('\n', Lines(status)) + "\n" + fence);
    }

    private static IEnumerable<string> Lines(Status status) =>
        status.Sources.SelectMany(Lines).Concat(status.Targets.SelectMany(target => Lines(target, status.At))).Concat(NodeLines.Of(status.Nodes));

    private static IEnumerable<string> Lines(SourceStatus source)
    {
        if (source.Memory is not { } memory)
        {
            yield return $"source {source.Name}: nothing is remembered; the first `apply` fetches and keeps the list";
            yield break;
        }

        var ranges = memory.InForce;
        yield return $"source {source.Name}: {ranges.PrefixCount(IpFamily.IPv4)} IPv4, {ranges.PrefixCount(IpFamily.IPv6)} IPv6 prefixes in force; "
            + $"last good list {ReportWords.Of(memory.LastGood.FetchedAt)} ({ReportWords.Ago(source.Age!.Value)}{(source.IsStale ? ", older than guard.maxAge" : "")}), etag {memory.LastGood.ETag ?? "none"}";
        foreach (var removal in memory.Pending)
        {
            yield return $"  ~ {removal.Prefix} is no longer published and leaves {ReportWords.Of(removal.Until)}";
        }
    }

    private static IEnumerable<string> Lines(TargetState target, DateTimeOffset now)
    {
        var name = $"target {target.Target.Name} ({target.Target.Provider})";
        foreach (var line in target.Bans?.Lines ?? [])
        {
            yield return line;
        }

        if (target.Receipt is not { } receipt)
        {
            yield return $"{name}: never applied";
            foreach (var line in LastRun(target, now))
            {
                yield return line;
            }

            yield break;
        }

        yield return $"{name}: {JsonDocuments.Name(receipt.Stage)} {ReportWords.Of(receipt.StartedAt)} ({ReportWords.Ago(now - receipt.StartedAt)}), plan {receipt.Fingerprint[..12]}, run {receipt.RunId}";
        if (Confirmation(target, now) is { } confirmation)
        {
            yield return confirmation;
        }

        foreach (var line in LastRun(target, now))
        {
            yield return line;
        }

        if (!receipt.Lifted.IsEmpty)
        {
            yield return $"  lifted {Ban.Describe(receipt.Lifted)}";
        }

        foreach (var entry in target.Journal)
        {
            yield return $"  {ReportWords.ToTheSecond(entry.At)}  {entry.Step}  {entry.Detail}".TrimEnd();
        }
    }

    private static IEnumerable<string> LastRun(TargetState target, DateTimeOffset now)
    {
        if (target.LastRun is not { } run)
        {
            yield break;
        }

        var proof = run.ReachCounts is { } counts ? $", {counts.Blocked} blocked and {counts.Unknown} not known of {counts.Accepted + counts.Blocked + counts.Unknown} parts of the wanted traffic" : "";
        yield return $"  last run by the daemon {ReportWords.ToTheSecond(run.At)} ({ReportWords.Ago(now - run.At)}): {run.Status} ({RunWords.NameOf(run.Trigger)}, on {run.Node}){proof}";
        if (run.Error is { } error)
        {
            yield return $"    {error.Message}; {error.Remedy}";
        }
    }

    private static void WriteLastRun(Utf8JsonWriter json, RunRecord? run)
    {
        if (run is null)
        {
            json.WriteNull("lastRun");
            return;
        }

        json.WriteStartObject("lastRun");
        json.WriteString("at", run.At);
        json.WriteString("run", run.RunId);
        json.WriteString("node", run.Node);
        json.WriteString("trigger", RunWords.NameOf(run.Trigger));
        json.WriteString("status", run.Status);
        json.WriteBoolean("repair", run.IsRepair);
        json.WriteString("error", run.Error?.Message);
        json.WriteEndObject();
    }

    private static string? Confirmation(TargetState target, DateTimeOffset now) => (target.Receipt, target.Problem) switch
    {
        ({ AwaitsConfirmation: true } receipt, _) when receipt.ConfirmBy > now =>
            $"  waits to be confirmed until {ReportWords.ToTheSecond(receipt.ConfirmBy.Value)}: `allowlist-sync confirm` keeps it, `allowlist-sync rollback` undoes it",
        ({ AwaitsConfirmation: true } receipt, { Id: DueUndo.BooksOpen } open) =>
            $"  undone, and not written down since {ReportWords.ToTheSecond(receipt.ConfirmBy!.Value)}: {open.Message}; {open.Remedy}",
        ({ AwaitsConfirmation: true } receipt, { } problem) =>
            $"  undo overdue since {ReportWords.ToTheSecond(receipt.ConfirmBy!.Value)}: {problem.Message}; {problem.Remedy}",
        ({ AwaitsConfirmation: true } receipt, null) => $"  undo overdue since {ReportWords.ToTheSecond(receipt.ConfirmBy!.Value)}",
        _ => null,
    };

    private static void WriteJson(Utf8JsonWriter json, Status status)
    {
        json.WriteString("schema", "allowlist-sync/status/v1");
        json.WriteString("at", status.At);
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
        WriteTime(json, "fetchedAt", source.Memory?.LastGood.FetchedAt);
        json.WriteStartArray("pending");
        foreach (var removal in source.Memory?.Pending ?? [])
        {
            Write(json, removal);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, PendingRemoval removal)
    {
        json.WriteStartObject();
        json.WriteString("prefix", removal.Prefix.ToString());
        json.WriteString("until", removal.Until);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TargetState target)
    {
        json.WriteStartObject();
        json.WriteString("name", target.Target.Name);
        json.WriteString("provider", target.Target.Provider);
        json.WriteString("stage", target.Receipt is { } receipt ? JsonDocuments.Name(receipt.Stage) : null);
        WriteLastRun(json, target.LastRun);
        json.WriteString("run", target.Receipt?.RunId);
        json.WriteString("fingerprint", target.Receipt?.Fingerprint);
        WriteTime(json, "appliedAt", target.Receipt?.StartedAt);
        WriteTime(json, "confirmBy", target.Receipt?.ConfirmBy);
        JsonParts.WriteBans(json, "bans", target.Bans?.Bans ?? []);
        JsonParts.WriteFindings(json, new[] { target.Problem, target.Bans?.Problem }.OfType<Finding>());
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } value)
        {
            json.WriteString(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
