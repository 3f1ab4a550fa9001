using AllowlistSync.Core.State;
using Microsoft.Extensions.Logging;

namespace AllowlistSync.Daemon;

/// <summary>Says in the log how a run ended: one line, of a weight that fits.</summary>
internal static class RunLog
{
    /// <summary>Writes it.</summary>
    public static void Write(ILogger log, RunRecord run)
    {
        var (trigger, took) = (run.Trigger.ToString().ToLowerInvariant(), (long)run.Took.TotalMilliseconds);
        if (run.IsRepair)
        {
            log.RunRepaired(run.Target, run.AddedCount, run.RemovedCount, run.Repairs, took, run.RunId);
        }
        else if (run.Changed)
        {
            log.RunChanged(run.Target, run.AddedCount, run.RemovedCount, run.Repairs, run.Lifted, trigger, took, run.RunId);
        }
        else if (run.IsGood)
        {
            log.RunEnded(run.Target, run.Status, trigger, took, run.RunId);
        }
        else
        {
            log.RunBad(run.Target, run.Status, Why(run), trigger, run.RunId);
        }
    }

    private static string Why(RunRecord run) => run switch
    {
        { Error: { } error } => $"{error.Message}; {error.Remedy}",
        { Refusals: [var refusal, ..] } => $"{refusal.RuleId}: {refusal.Message}; {refusal.WayOut}",
        { Status: "differs" } => $"{run.AddedCount} to add, {run.RemovedCount} to remove, {run.Repairs} to repair; nothing is changed in this mode",
        _ => run.Findings.FirstOrDefault(finding => finding.Severity == Core.Providers.Severity.Problem)?.Message ?? "see `allowlist-sync diff`",
    };
}
