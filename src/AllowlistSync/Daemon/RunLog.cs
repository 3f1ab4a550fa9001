using AllowlistSync.Core.State;
using Microsoft.Extensions.Logging;

namespace AllowlistSync.Daemon;

/// <summary>Says in the log how a run ended: one line, of a weight that fits.</summary>
internal static class RunLog
{
    /// <summary>Writes it.</summary>
    public static void Write(ILogger log, RunRecord run)
    {
        var (trigger, took) = (RunWords.NameOf(run.Trigger), (long)run.Took.TotalMilliseconds);
        if (run.IsRepair)
        {
            log.RunRepaired(run.Target, run.AddedCount, run.RemovedCount, run.Repairs, took, run.RunId);
        }
        else if (run.Changed)
        {
            log.RunChanged(run.Target, run.AddedCount, run.RemovedCount, run.Repairs, run.Lifted, trigger, took, run.RunId);
        }
        else if (RunWords.Trouble(run) is var (message, remedy))
        {
            // What is only reported, or somebody else is at, is no failure.
            var (level, why) = (run.Status is "differs" or "locked" ? LogLevel.Warning : LogLevel.Error, $"{message}; {remedy}");
            log.RunBad(level, run.Target, run.Status, why, trigger, run.RunId);
        }
        else
        {
            log.RunEnded(run.Target, run.Status, trigger, took, run.RunId);
        }
    }
}
