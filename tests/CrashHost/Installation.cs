using System.Collections.Immutable;
using AllowlistSync.Core;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Guards;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.State;

namespace AllowlistSync.CrashHost;

/// <summary>Tells the steps of an apply at once, on the thread that takes them.</summary>
public sealed class StepWatch(Action<ApplyStep> watch) : IProgress<ApplyStep>
{
    /// <inheritdoc/>
    public void Report(ApplyStep value) => watch(value);
}

/// <summary>An undo guard that starts nothing and remembers what it was asked for.</summary>
public sealed class UndoWatch : IUndoGuard
{
    /// <summary>The receipts that it was armed with.</summary>
    public List<Receipt> Armed { get; } = [];

    /// <inheritdoc/>
    public ValueTask ArmAsync(Receipt receipt, CancellationToken cancellationToken)
    {
        Armed.Add(receipt);
        return ValueTask.CompletedTask;
    }
}

/// <summary>
/// One installation of the program, as a test sees it: a state directory and the whole pipeline, from the source to the report.
/// Its guards let any change pass and remove at once, so that a test can walk from any state to any other.
/// </summary>
public sealed class Installation(string directory, TimeProvider time)
{
    private static readonly GuardPolicy Lenient = GuardPolicy.Default with { MaxRemovedPercent = int.MaxValue, MaxAddedPercent = int.MaxValue, Widest = new PerFamily(1, 1), RemovalGrace = TimeSpan.Zero };

    /// <summary>What is kept between runs.</summary>
    public FileStateStore State { get; } = new(directory, time);

    /// <summary>The limits of guards and plan safety.</summary>
    public GuardPolicy Policy { get; init; } = Lenient;

    /// <summary>What an unconfirmed apply arms.</summary>
    public UndoWatch Undo { get; } = new();

    /// <summary>Called before each step of an apply.</summary>
    public Action<ApplyStep> OnStep { get; set; } = _ => { };

    /// <summary>One run for one target, as the program does it.</summary>
    public async Task<TargetReport> RunAsync(IFirewallProvider provider, Target target, IEnumerable<IpPrefix> list, RunOptions options, CancellationToken cancellationToken)
    {
        var outcome = await CollectAsync(list, cancellationToken);
        var pipeline = new SyncPipeline(State, Policy, new Applier(time, Undo, new StepWatch(step => OnStep(step))), new Core.Applying.Undo(time));
        var report = await pipeline.RunTargetAsync(new TargetRequest(target, provider, [outcome], options), cancellationToken);
        if (options.Purpose == RunPurpose.Apply && outcome.Next is { } next)
        {
            await State.SaveSourceAsync(outcome.Name, next, cancellationToken);
        }

        return report;
    }

    /// <summary>What the guards make of a list.</summary>
    public async Task<SourceOutcome> CollectAsync(IEnumerable<IpPrefix> list, CancellationToken cancellationToken)
    {
        var memory = await State.LoadSourceAsync(ListSource.SourceName, cancellationToken);
        return await new SourceStage(Policy, time).CollectAsync(new ListSource([.. list], time), memory, mayUseEmbedded: false, cancellationToken);
    }

    /// <summary>The wish for a target that allows a list, for calls to a provider alone.</summary>
    public async Task<DesiredState> WishAsync(Target target, IEnumerable<IpPrefix> list, CancellationToken cancellationToken)
    {
        var outcome = await new SourceStage(Policy, time).CollectAsync(new ListSource([.. list], time), null, mayUseEmbedded: false, cancellationToken);
        return DesiredState.For(target, [outcome.InForce!]);
    }

    /// <summary>The options of an apply.</summary>
    public static RunOptions Apply(TimeSpan? confirmWithin = null, ImmutableArray<string>? accepted = null) =>
        new() { RunId = "apply-run", Purpose = RunPurpose.Apply, ConfirmWithin = confirmWithin, Accepted = accepted ?? [] };

    /// <summary>The options of a look.</summary>
    public static RunOptions Look() => new() { RunId = "look-run", Purpose = RunPurpose.Look };

    /// <summary>The options of a removal.</summary>
    public static RunOptions Remove() => new() { RunId = "remove-run", Purpose = RunPurpose.Remove };
}
