using System.Collections.Immutable;
using AllowlistSync.Configuration;
using AllowlistSync.Core;
using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;

namespace AllowlistSync;

/// <summary>Runs the sentence of the program for the targets of a session: sources once, then target by target.</summary>
internal sealed class Runner(Session session)
{
    /// <summary>Runs it; what goes wrong is in the report.</summary>
    public async Task<RunReport> RunAsync(string command, RunOptions options, CancellationToken cancellationToken) =>
        await RunAsync(command, options, options.Purpose == RunPurpose.Remove ? [] : await CollectAsync(options, cancellationToken), cancellationToken);

    /// <summary>Runs it with sources that were asked already.</summary>
    public async Task<RunReport> RunAsync(string command, RunOptions options, ImmutableArray<SourceOutcome> outcomes, CancellationToken cancellationToken)
    {
        var at = session.Time.GetUtcNow();
        var pipeline = new SyncPipeline(session.State, session.Config.Guard, new Applier(session.Time, session.UndoGuard, session.Progress), new Undo(session.Time));
        var reports = ImmutableArray.CreateBuilder<TargetReport>();
        foreach (var target in session.Targets.Where(target => options.Expected?.ContainsKey(target.Target.Name) ?? true))
        {
            session.Progress.Show($"reading {target.Target.Name}");
            var sources = target.Target.Allow.Select(name => outcomes.FirstOrDefault(outcome => outcome.Name == name)).OfType<SourceOutcome>();
            var report = await RunTargetAsync(pipeline, target, [.. sources], options, cancellationToken);
            reports.Add(await DueUndo.StillAsync(session, target, cancellationToken) is { } problem ? WithProblem(report, problem) : report);
        }

        session.Progress.Clear();
        return new RunReport(command, session.RunId, at, outcomes, reports.ToImmutable());
    }

    private async Task<TargetReport> RunTargetAsync(
        SyncPipeline pipeline, TargetConfig target, ImmutableArray<SourceOutcome> sources, RunOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await pipeline.RunTargetAsync(session.RequestOf(target, sources, options), cancellationToken);
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

    // Sources are asked side by side.
    private async Task<ImmutableArray<SourceOutcome>> CollectAsync(RunOptions options, CancellationToken cancellationToken)
    {
        var wanted = session.Targets.SelectMany(target => target.Target.Allow).ToHashSet(StringComparer.Ordinal);
        var sources = session.Config.Sources.Where(source => wanted.Contains(source.Name)).ToList();
        session.Progress.Show($"fetching {string.Join(", ", sources.Select(source => source.Name))}");
        return [.. await Task.WhenAll(sources.Select(source => CollectAsync(source, options, cancellationToken)))];
    }

    private async Task<SourceOutcome> CollectAsync(SourceConfig source, RunOptions options, CancellationToken cancellationToken) => options.Purpose == RunPurpose.Apply
        ? (await session.Sources.FetchAsync(source, options.RunId, cancellationToken)).Outcome
        : await session.Sources.LookAsync(source, cancellationToken);
}
