using System.Collections.Immutable;
using AllowlistSync.Configuration;
using AllowlistSync.Core;
using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;

namespace AllowlistSync;

/// <summary>Runs the sentence of the program for the targets of a session: sources once, then hosts side by side and the targets of a host one after the other.</summary>
internal sealed class Runner(Session session)
{
    /// <summary>Runs it; what goes wrong is in the report.</summary>
    public async Task<RunReport> RunAsync(string command, RunOptions options, CancellationToken cancellationToken) =>
        await RunAsync(command, options, options.Purpose == RunPurpose.Remove ? [] : await session.CollectAsync(session.Targets.SelectMany(target => target.Target.Allow), options.Purpose == RunPurpose.Apply, cancellationToken), cancellationToken);

    /// <summary>Runs it with sources that were asked already.</summary>
    public async Task<RunReport> RunAsync(string command, RunOptions options, ImmutableArray<SourceOutcome> outcomes, CancellationToken cancellationToken)
    {
        var at = session.Time.GetUtcNow();
        var pipeline = new SyncPipeline(session.State, session.Config.Guard, new Applier(session.Time, session.UndoGuard, session.Progress), new Undo(session.Time));
        var targets = session.Targets.Where(target => options.Expected?.ContainsKey(target.Target.Name) ?? true).ToList();
        using var turn = new SemaphoreSlim(1);
        var reports = await HostQueue.RunAsync(targets, session.Config.Parallelism, (target, stop) => ReportAsync(pipeline, target, outcomes, OneQuestionAtATime(options, turn), stop), cancellationToken);
        session.Progress.Clear();
        return new RunReport(command, session.RunId, at, outcomes, reports);
    }

    private async Task<TargetReport> ReportAsync(
        SyncPipeline pipeline, TargetConfig target, ImmutableArray<SourceOutcome> outcomes, RunOptions options, CancellationToken cancellationToken)
    {
        session.Progress.Show($"reading {target.Target.Name}");
        var sources = target.Target.Allow.Select(name => outcomes.FirstOrDefault(outcome => outcome.Name == name)).OfType<SourceOutcome>();
        var report = await RunTargetAsync(pipeline, target, [.. sources], options, cancellationToken);
        return await DueUndo.StillAsync(session, target, cancellationToken) is { } problem ? WithProblem(report, problem) : report;
    }

    private static RunOptions OneQuestionAtATime(RunOptions options, SemaphoreSlim turn) => options.Ask is not { } ask ? options : options with
    {
        Ask = async (plan, stop) =>
        {
            await turn.WaitAsync(stop);
            try
            {
                return await ask(plan, stop);
            }
            finally
            {
                turn.Release();
            }
        },
    };

    private async Task<TargetReport> RunTargetAsync(
        SyncPipeline pipeline, TargetConfig target, ImmutableArray<SourceOutcome> sources, RunOptions options, CancellationToken cancellationToken)
    {
        try
        {
            // The undo would have to go through the very connection that the change may have cut.
            return options.ConfirmWithin is null || HostTable.IsLocal(target)
                ? await pipeline.RunTargetAsync(await session.RequestOfAsync(target, sources, options, cancellationToken), cancellationToken)
                : throw new ProviderException(
                    FailureKind.Unsupported,
                    Aftermath.Untouched,
                    $"target {target.Target.Name}: --confirm-within is not done for a host that is reached by ssh, because a change that cuts the connection could not be undone through it",
                    "run without --confirm-within, as the change is rehearsed in any case; or run allowlist-sync with it on that host");
        }
        catch (ProviderException unusable)
        {
            return Failed(target, TargetError.From(unusable));
        }
#pragma warning disable CA1031 // One target with a bug of ours in its way must not stop the others.
        catch (Exception bug) when (bug is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return Failed(target, new TargetError(FailureKind.Bug, Aftermath.Unknown, $"an error in this program: {bug.GetType().Name}: {bug.Message}", $"please report it with these lines: {bug.StackTrace?.ReplaceLineEndings(" | ")}"));
        }
    }

    private static TargetReport Failed(TargetConfig target, TargetError error) => new() { Target = target.Target, Status = TargetStatus.Failed, Error = error };

    // A target that is about to be put back is not in sync, whatever it holds at this moment.
    private static TargetReport WithProblem(TargetReport report, Finding problem) => report with
    {
        Findings = [.. report.Findings.Where(finding => finding.Id != SyncPipeline.ConfirmPending), problem],
        Status = report.Status is TargetStatus.InSync or TargetStatus.Differs or TargetStatus.Applied ? TargetStatus.Failed : report.Status,
    };
}
