using System.Collections.Immutable;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Firewalld;

/// <summary>firewalld: sets and rich rules of our own in a zone or in a policy of ours, permanent and in force, without a reload. See the README beside this file.</summary>
public sealed class FirewalldProvider : IFirewallProvider, ISnapshotCapability, IPreflightCapability
{
    /// <summary>The name in the configuration.</summary>
    public const string ProviderName = "firewalld";

    // One costs firewalld 10 to 20 ms (measured with 1.3.3 on 2 cores): more than these would take longer than a person waits.
    private const int MostLooseRules = 500;

    private readonly FirewalldTool _tool;
    private readonly FirewalldObserver _observer;

    /// <summary>A provider for one target in a place.</summary>
    public FirewalldProvider(FirewalldOptions options, ProviderPlace place)
    {
        ArgumentNullException.ThrowIfNull(place);
        _tool = new FirewalldTool(place.Host.Bus);
        _observer = new FirewalldObserver(options, _tool);
    }

    /// <inheritdoc/>
    public ProviderDescriptor Descriptor => FirewalldRegistration.Descriptor;

    /// <inheritdoc/>
    public ISnapshotCapability Snapshots => this;

    /// <inheritdoc/>
    public IPreflightCapability Preflight => this;

    /// <inheritdoc/>
    public ValueTask<Preparation> PrepareAsync(DesiredState desired, CancellationToken cancellationToken) => ValueTask.FromResult(new Preparation(desired, []));

    /// <inheritdoc/>
    public async ValueTask<ObservedState> ReadAsync(Target target, CancellationToken cancellationToken)
    {
        var mark = FirewalldMark.Of(target);
        return FirewalldObservation.Of(await _observer.ReadAsync(mark, cancellationToken), mark);
    }

    /// <inheritdoc/>
    public async ValueTask<ApplyReceipt> ApplyAsync(ChangeSet changes, CancellationToken cancellationToken)
    {
        var mark = FirewalldMark.Of(changes.Desired.Target);
        return new ApplyReceipt(await DoAsync(FirewalldWriter.Steps(await UnchangedAsync(changes, cancellationToken), FirewalldGoal.Of(changes.Result), mark), cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask CheckAsync(ChangeSet changes, CancellationToken cancellationToken) =>
        _ = FirewalldWriter.Steps(await UnchangedAsync(changes, cancellationToken), FirewalldGoal.Of(changes.Result), FirewalldMark.Of(changes.Desired.Target));

    /// <inheritdoc/>
    public TargetSnapshot Capture(Target target, ObservedState observed) => FirewalldSnapshot.Of(target.Name, (FirewalldState)observed.Native!);

    /// <inheritdoc/>
    public async ValueTask RestoreAsync(Target target, TargetSnapshot snapshot, CancellationToken cancellationToken)
    {
        var (permanent, runtime) = FirewalldSnapshot.Read(snapshot, target.Name);
        var mark = FirewalldMark.Of(target);
        await DoAsync(FirewalldWriter.Steps(await _observer.ReadAsync(mark, cancellationToken), permanent, runtime, mark), cancellationToken);
    }

    // A plan made for one state is not carried out on another. What is there is read again, and worked out from: which of two sets is the empty one may have changed since.
    private async ValueTask<FirewalldState> UnchangedAsync(ChangeSet changes, CancellationToken cancellationToken)
    {
        var now = await ReadAsync(changes.Desired.Target, cancellationToken);
        return now.Revision == changes.Observed.Revision
            ? (FirewalldState)now.Native!
            : throw new ProviderException(FailureKind.Conflict, Aftermath.Untouched, "firewalld was changed by somebody else since the plan was made; nothing was changed", "run again: a new plan is made for what is there now");
    }

    private async ValueTask<ImmutableArray<string>> DoAsync(ImmutableArray<FirewalldStep> steps, CancellationToken cancellationToken)
    {
        var loose = steps.Count(IsLoose);
        var isTooLong = loose > MostLooseRules;
        var done = 0;
        foreach (var step in steps.Where(step => !isTooLong || step.IsPermanent))
        {
            try
            {
                await _tool.DoAsync(step, cancellationToken);
                done++;
            }
            catch (ProviderException failure) when (done > 0)
            {
                throw new ProviderException(failure.Kind, Aftermath.Unknown, $"{done} of {steps.Length} steps were made, and then: {failure.Message}", failure.Remedy, failure);
            }
        }

        return isTooLong ? throw TooLong(loose, done) : Receipt(steps);
    }

    private static ProviderException TooLong(int loose, int done) => new(
        FailureKind.Unavailable,
        done == 0 ? Aftermath.Untouched : Aftermath.Unknown,
        $"the permanent configuration holds the whole list, but our sets are not in force yet: until firewalld is reloaded {loose} rules by address would be needed, which is more than {MostLooseRules}; what is in force was not changed",
        "run `firewall-cmd --reload` once when it suits you (it stops new connections for some 0.1 s), then run again; later changes need no reload");

    private static ImmutableArray<string> Receipt(ImmutableArray<FirewalldStep> steps) => steps.IsEmpty
        ? []
        : [$"{steps.Count(step => step.IsPermanent)} changes of the permanent configuration of firewalld, {steps.Count(step => !step.IsPermanent)} of what is in force, no reload"];

    private static bool IsLoose(FirewalldStep step) => step is RuntimeRule { Adds: true } rule && rule.Text.Contains(" source address=", StringComparison.Ordinal);
}
