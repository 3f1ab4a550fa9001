using System.Collections.Immutable;
using AllowlistSync.Core;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.Sources;
using AllowlistSync.Core.State;
using AllowlistSync.Daemon;
using AllowlistSync.Output;

namespace AllowlistSync.Notifying;

/// <summary>
/// Tells what came of an <c>apply</c>, which a timer may have started: with the same memory as the daemon, so that a problem that stays is told once. What could not be told is tried by the next one.
/// </summary>
internal sealed class ApplyNotices(Session session)
{
    private readonly Dictionary<string, SourceMemory?> _before = new(StringComparer.Ordinal);

    /// <summary>For a session whose configuration names receivers; null for one that names none. Reads what is remembered of the sources before they are asked.</summary>
    public static async ValueTask<ApplyNotices?> BeginAsync(Session session, CancellationToken cancellationToken)
    {
        if (session.Config.Notify.IsEmpty)
        {
            return null;
        }

        var notices = new ApplyNotices(session);
        foreach (var source in session.Config.Sources)
        {
            notices._before[source.Name] = await session.State.LoadSourceAsync(source.Name, cancellationToken);
        }

        return notices;
    }

    /// <summary>Tells what came of it; waits for receivers, but not for long.</summary>
    public async ValueTask TellAsync(RunReport report, CancellationToken cancellationToken)
    {
        var time = session.Time;
        session.Progress.Show("telling");
        using var logs = new ShellLog(session.Shell);
        await using (var listener = NoticeListener.Create(session.Config, session.State.Notices, NodeName.Own, CourierLimits.Command, time, logs))
        {
            foreach (var source in report.Sources)
            {
                await listener.SourceAskedAsync(StandingOf(source, time.GetUtcNow()), RunRecords.Of(_before.GetValueOrDefault(source.Name), source.Next), cancellationToken);
            }

            var frame = new RunFrame(report.RunId, NodeName.Own, RunTrigger.Schedule, report.At, time.GetUtcNow() - report.At, HasHeld: false);
            foreach (var target in report.Targets.Where(target => !WasDeclined(target)))
            {
                await listener.RunEndedAsync(RunRecords.Of(frame, target), cancellationToken);
            }
        }

        session.Progress.Clear();
    }

    // A person at the terminal said no, and knows it.
    private static bool WasDeclined(TargetReport report) => report.Status == TargetStatus.Differs && report.Target.Mode == TargetMode.Apply;

    private SourceStanding StandingOf(SourceOutcome outcome, DateTimeOffset now)
    {
        var memory = outcome.Next ?? _before.GetValueOrDefault(outcome.Name);
        var age = now - memory?.LastGood.FetchedAt;
        return new SourceStanding(outcome.Name)
        {
            Memory = memory,
            AskedAt = now,
            Answered = outcome.Answered,
            Refusals = outcome.Refusals,
            Age = age,
            IsStale = age > session.Config.Guard.MaxAge,
        };
    }
}
