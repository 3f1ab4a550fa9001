using AllowlistSync.Commands;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.State;

namespace AllowlistSync.Output;

/// <summary>Writes a <see cref="Status"/>. Markdown is the text in a code block.</summary>
internal static class StatusReport
{
    public static async Task WriteAsync(Status status, OutputFormat format, TextWriter output)
    {
        if (format == OutputFormat.Json)
        {
            await output.WriteLineAsync(JsonDocuments.Object(json => StatusDocument.Write(json, status)));
            return;
        }

        var fence = format == OutputFormat.Markdown ? "```\n" : "";
        await output.WriteAsync(fence + string.Join('\n', Lines(status)) + "\n" + fence);
    }

    private static IEnumerable<string> Lines(Status status) =>
        status.Sources.SelectMany(Lines).Concat(status.Targets.SelectMany(target => Lines(target, status.At))).Concat(DaemonLine(status)).Concat(NodeLines.Of(status.Nodes));

    // Who keeps the targets by a timer or by hand has none, and need not hear of it.
    private static IEnumerable<string> DaemonLine(Status status) => status switch
    {
        { Daemon: { } holder } => [$"daemon: {holder}"],
        { Nodes: [] } when status.Targets.Any(target => target.LastRun is not null) => ["daemon: none is running; until one is, nothing is kept in sync by itself (`systemctl status allowlist-sync-daemon` says why)"],
        _ => [],
    };

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

        yield return $"{name}: {JsonReport.Name(receipt.Stage)} {ReportWords.Of(receipt.StartedAt)} ({ReportWords.Ago(now - receipt.StartedAt)}), plan {receipt.Fingerprint[..12]}, run {receipt.RunId}";
        if (Outlook(target, now) is { } outlook)
        {
            yield return outlook;
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
        if (RunWords.Trouble(run) is var (message, remedy))
        {
            yield return $"    {message}; {remedy}";
        }
    }

    // What comes next, where that is not simply the next run.
    private static string? Outlook(TargetState target, DateTimeOffset now) => (target.Receipt, target.Problem) switch
    {
        ({ AwaitsConfirmation: true } receipt, _) when receipt.ConfirmBy > now =>
            $"  waits to be confirmed until {ReportWords.ToTheSecond(receipt.ConfirmBy.Value)}: `allowlist-sync confirm` keeps it, `allowlist-sync rollback` undoes it",
        ({ AwaitsConfirmation: true } receipt, { Id: DueUndo.BooksOpen } open) =>
            $"  undone, and not written down since {ReportWords.ToTheSecond(receipt.ConfirmBy!.Value)}: {open.Message}; {open.Remedy}",
        ({ AwaitsConfirmation: true } receipt, { } problem) =>
            $"  undo overdue since {ReportWords.ToTheSecond(receipt.ConfirmBy!.Value)}: {problem.Message}; {problem.Remedy}",
        ({ AwaitsConfirmation: true } receipt, null) => $"  undo overdue since {ReportWords.ToTheSecond(receipt.ConfirmBy!.Value)}",
        ({ Stage: ReceiptStage.Undone }, _) => "  nothing more is changed unattended: `allowlist-sync apply` at a terminal, or `apply --accept FINGERPRINT` with the one that `diff` shows, lets it in again",
        ({ Stage: ReceiptStage.Applied, Result.IsEmpty: true }, _) => "  everything was taken out; as long as the target is in the configuration, the next `apply` puts it in again",
        _ => null,
    };
}
