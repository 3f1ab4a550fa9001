using System.Collections.Immutable;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Csf;

/// <summary>CSF: files of our own that csf.allow and csf.ignore include, read by a restart of csf and lfd; bans inside of what is wanted are lifted. See the README beside this file.</summary>
public sealed class CsfProvider : IFirewallProvider, ISnapshotCapability, IPreflightCapability
{
    /// <summary>The name in the configuration.</summary>
    public const string ProviderName = "csf";

    private readonly CsfTool _tool;
    private readonly CsfObserver _observer;

    /// <summary>A provider in a place.</summary>
    public CsfProvider(ProviderPlace place)
        : this(place, TimeProvider.System)
    {
    }

    /// <summary>A provider whose patience another clock measures.</summary>
    public CsfProvider(ProviderPlace place, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(place);
        _tool = new CsfTool(place.Host, time);
        _observer = new CsfObserver(_tool);
    }

    /// <inheritdoc/>
    public ProviderDescriptor Descriptor => CsfRegistration.Descriptor;

    /// <inheritdoc/>
    public ISnapshotCapability Snapshots => this;

    /// <inheritdoc/>
    public IPreflightCapability Preflight => this;

    /// <inheritdoc/>
    public ValueTask<Preparation> PrepareAsync(DesiredState desired, CancellationToken cancellationToken) => ValueTask.FromResult(new Preparation(desired, []));

    /// <inheritdoc/>
    public async ValueTask<ObservedState> ReadAsync(Target target, CancellationToken cancellationToken)
    {
        var mark = CsfMark.Of(target);
        return CsfObservation.Of(await _observer.ReadAsync(mark, cancellationToken), mark);
    }

    /// <inheritdoc/>
    public async ValueTask<ApplyReceipt> ApplyAsync(ChangeSet changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return await WriteAsync(changes.Desired.Target, changes.Observed.Revision, [.. CsfRule.For(changes.Result)], changes.Lift, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask CheckAsync(ChangeSet changes, CancellationToken cancellationToken)
    {
        var mark = CsfMark.Of(changes.Desired.Target);
        var view = CsfView.Of(await _observer.ReadAsync(mark, cancellationToken), mark);
        RequireSame(changes.Observed.Revision, CsfRevision.Of(view));
        ImmutableArray<CsfRule> rules = [.. CsfRule.For(changes.Result)];
        await TestAsync(view, CsfWriter.Plan(view, rules, changes.Lift), rules, cancellationToken);
    }

    /// <inheritdoc/>
    public TargetSnapshot Capture(Target target, ObservedState observed) => CsfSnapshot.Of(target, (CsfState)observed.Native!);

    /// <inheritdoc/>
    public async ValueTask RestoreAsync(Target target, TargetSnapshot snapshot, CancellationToken cancellationToken) =>
        await WriteAsync(target, null, CsfSnapshot.Read(snapshot, target.Name), [], cancellationToken);

    // What is already as it shall be is no conflict: somebody made the same change.
    private async ValueTask<ApplyReceipt> WriteAsync(Target target, string? planned, ImmutableArray<CsfRule> rules, ImmutableArray<Ban> lift, CancellationToken cancellationToken)
    {
        await _tool.RequireInstalledAsync(cancellationToken);
        await using var hold = await _tool.LockAsync(cancellationToken);
        var mark = CsfMark.Of(target);
        var view = CsfView.Of(await _observer.ReadAsync(mark, cancellationToken), mark);
        var plan = CsfWriter.Plan(view, rules, lift);
        if (plan.IsEmpty)
        {
            return new ApplyReceipt([]);
        }

        if (planned is not null)
        {
            RequireSame(planned, CsfRevision.Of(view));
        }

        await TestAsync(view, plan, rules, cancellationToken);
        await new CsfChange(_tool, _observer, view).MakeAsync(plan, cancellationToken);
        return new ApplyReceipt([.. Actions(plan, mark)]);
    }

    private async ValueTask TestAsync(CsfView view, CsfPlan plan, ImmutableArray<CsfRule> rules, CancellationToken cancellationToken)
    {
        if (plan.Restart.HasFlag(CsfRestart.Firewall))
        {
            foreach (var test in CsfTest.Of(view.State, view.Mark, rules))
            {
                await _tool.TestAsync(view.State.Configuration, test, cancellationToken);
            }
        }
    }

    private static void RequireSame(string planned, string now)
    {
        if (planned != now)
        {
            throw new ProviderException(FailureKind.Conflict, Aftermath.Untouched, "CSF's files or rules were changed by somebody else since they were read; nothing was changed", "run again: the plan is made afresh");
        }
    }

    private static IEnumerable<string> Actions(CsfPlan plan, CsfMark mark)
    {
        if (plan.First.Concat(plan.Last).Any(edit => edit.Path == mark.AllowFile))
        {
            yield return $"{mark.AllowFile} written; entries in it: {plan.Wanted.Count}";
        }

        if (plan.Restart != CsfRestart.None)
        {
            yield return plan.Restart switch
            {
                CsfRestart.Firewall => "csf restarted",
                CsfRestart.Lfd => "lfd restarted",
                _ => "csf and lfd restarted",
            };
        }

        var lifted = plan.Lift.Length + plan.First.Where(edit => edit.Path is CsfPlaces.Deny or CsfPlaces.TemporaryBans).Sum(edit => CsfText.Lines(edit.Before ?? "").Length - CsfText.Lines(edit.After ?? "").Length);
        if (lifted > 0)
        {
            yield return $"bans lifted: {lifted}";
        }
    }
}
