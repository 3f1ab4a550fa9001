using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Guards;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.Sources;
using AllowlistSync.Core.State;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.Fixtures;

/// <summary>One target, one source, a real state directory and a clock: runs the whole sentence as a command does.</summary>
internal sealed class Bench : IDisposable, IUndoGuard, IProgress<ApplyStep>
{
    private readonly TempFolder _folder = new();
    private int _runs;

    public Bench(FakeProvider? provider = null, GuardPolicy? policy = null, string? stateDirectory = null)
    {
        Provider = provider ?? new FakeProvider();
        Policy = policy ?? GuardPolicy.Default;
        Source = new FakeSource(Time);
        Store = new FileStateStore(stateDirectory ?? _folder.At("state"), Time);
    }

    public ManualTime Time { get; } = new(Lists.Morning);

    public FakeProvider Provider { get; }

    public GuardPolicy Policy { get; }

    public FakeSource Source { get; }

    public FileStateStore Store { get; }

    public Target Target { get; set; } = Lists.Target();

    public List<Receipt> Armed { get; } = [];

    public List<ApplyStep> Steps { get; } = [];

    /// <summary>Thrown in place of starting the undo guard.</summary>
    public Exception? ArmFailure { get; set; }

    /// <summary>The step before which the process dies.</summary>
    public ApplyStep? DieBefore { get; set; }

    /// <summary>What the source stage said in the last run.</summary>
    public SourceOutcome? Outcome { get; private set; }

    /// <summary>A bench whose target was applied to once.</summary>
    public static async Task<Bench> AppliedAsync()
    {
        var bench = new Bench();
        (await bench.ApplyAsync()).Targets[0].Status.ShouldBe(TargetStatus.Applied);
        return bench;
    }

    public Task<RunReport> DiffAsync() => RunAsync(RunPurpose.Look);

    public Task<RunReport> ApplyAsync(params string[] accept) => RunAsync(RunPurpose.Apply, options => options with { Accepted = [.. accept] });

    public async Task<RunReport> RunAsync(RunPurpose purpose, Func<RunOptions, RunOptions>? with = null)
    {
        var ct = TestContext.Current.CancellationToken;
        var options = new RunOptions { RunId = $"run-{++_runs}", Purpose = purpose };
        options = with?.Invoke(options) ?? options;
        await new Undo(Time).UndoIfDueAsync(Provider, Target, Store.Target(Target.Name), ct);
        var memory = await Store.LoadSourceAsync(Source.Name, ct);
        Outcome = await new SourceStage(Policy, Time).CollectAsync(Source, memory, purpose == RunPurpose.Look, ct);
        if (purpose == RunPurpose.Apply && Outcome.Next is { } next)
        {
            await Store.SaveSourceAsync(Source.Name, next, ct);
        }

        var report = await Pipeline().RunTargetAsync(new TargetRequest(Target, Provider, [Outcome], options), ct);

        return new RunReport(purpose == RunPurpose.Look ? "diff" : "apply", options.RunId, Time.GetUtcNow(), [Outcome], [report]);
    }

    public SyncPipeline Pipeline() => new(Store, Policy, new Applier(Time, this, this), new Undo(Time));

    public async Task<SourceMemory?> MemoryAsync() => await Store.LoadSourceAsync(Source.Name, TestContext.Current.CancellationToken);

    ValueTask IUndoGuard.ArmAsync(Receipt receipt, CancellationToken cancellationToken)
    {
        Armed.Add(receipt);
        return ArmFailure is { } failure ? ValueTask.FromException(failure) : ValueTask.CompletedTask;
    }

    void IProgress<ApplyStep>.Report(ApplyStep value)
    {
        Steps.Add(value);
        if (value == DieBefore)
        {
            throw new KilledException();
        }
    }

    public void Dispose() => _folder.Dispose();
}

/// <summary>Stands for the end of the process: nothing in the program catches it.</summary>
internal sealed class KilledException : Exception;
