using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.State;

namespace AllowlistSync;

/// <summary>What a kept run says to people: in the log, on the status page, in health and in <c>status</c>. Pure.</summary>
internal static class RunWords
{
    /// <summary>A status in words.</summary>
    public static string OfStatus(string status) => status == "inSync" ? "in sync" : status;

    /// <summary>Why it was made.</summary>
    public static string Of(RunTrigger trigger) => trigger switch
    {
        RunTrigger.Start => "at the start",
        RunTrigger.Schedule => "by schedule",
        RunTrigger.Drift => "after drift",
        _ => "after a reload",
    };

    /// <summary>Why it was made, as logs, metrics and JSON name it.</summary>
    public static string NameOf(RunTrigger trigger) => JsonReport.Name(trigger);

    /// <summary>Why it is not good, with the way out; null when it is.</summary>
    public static (string Message, string Remedy)? Trouble(RunRecord run)
    {
        if (run.IsGood)
        {
            return null;
        }

        return (run.Error, run.Refusals) switch
        {
            ({ } error, _) => (error.Message, error.Remedy),
            (_, [var first, ..]) => ($"{first.Message} ({first.RuleId})", first.WayOut),
            _ when run.Status == "differs" => ($"{run.AddedCount} to let in, {run.RemovedCount} to take out, {run.Repairs} to repair, and nothing was changed", "see `allowlist-sync diff`"),
            _ when run.Status == "locked" => ("another run holds the target", "wait for its end, or see who runs allowlist-sync"),
            _ when run.Findings.FirstOrDefault(finding => finding.Severity == Severity.Problem) is { } problem => (problem.Message, problem.Remedy),
            _ => ("it is not as it should be", "see `allowlist-sync diff`"),
        };
    }
}
