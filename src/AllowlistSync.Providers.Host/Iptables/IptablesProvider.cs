using System.Collections.Immutable;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Iptables;

/// <summary>iptables of either engine, or of both: a chain of our own in each filter table, and one ipset for each family. See the README beside this file.</summary>
public sealed class IptablesProvider : IFirewallProvider, ISnapshotCapability, IPreflightCapability, IRehearsalCapability
{
    /// <summary>The name in the configuration.</summary>
    public const string ProviderName = "iptables";

    private readonly IptablesOptions _options;
    private readonly IptablesObserver _observer;
    private readonly IptablesExecution _execution;
    private readonly PersistentFiles _files;

    /// <summary>A provider for one target in a place.</summary>
    public IptablesProvider(IptablesOptions options, ProviderPlace place)
    {
        ArgumentNullException.ThrowIfNull(place);
        _options = options;
        var tool = new IptablesTool(place.Host);
        _files = new PersistentFiles(options, place, tool);
        _observer = new IptablesObserver(options, tool, _files, place.Chains);
        _execution = new IptablesExecution(tool);
    }

    /// <inheritdoc/>
    public ProviderDescriptor Descriptor => _options.IsDocker ? IptablesRegistration.InDockersChain : IptablesRegistration.Descriptor;

    /// <inheritdoc/>
    public ISnapshotCapability Snapshots => this;

    /// <inheritdoc/>
    public IPreflightCapability Preflight => this;

    /// <inheritdoc/>
    public IRehearsalCapability Rehearsal => this;

    /// <inheritdoc/>
    public ValueTask<Preparation> PrepareAsync(DesiredState desired, CancellationToken cancellationToken) => ValueTask.FromResult(new Preparation(desired, []));

    /// <inheritdoc/>
    public async ValueTask<ObservedState> ReadAsync(Target target, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        return IptablesObservation.Of(_options, IptablesMark.Of(target), await _observer.ReadAsync(target, cancellationToken), target.Ports);
    }

    /// <inheritdoc/>
    public async ValueTask<ApplyReceipt> ApplyAsync(ChangeSet changes, CancellationToken cancellationToken) =>
        new(await MakeAsync(changes.Desired.Target, (IptablesState)changes.Observed.Native!, IptablesLayout.For(changes.Result), cancellationToken));

    /// <inheritdoc/>
    public async ValueTask CheckAsync(ChangeSet changes, CancellationToken cancellationToken)
    {
        var (now, steps) = ((IptablesState)changes.Observed.Native!, Steps(changes));
        await DemandUnchangedAsync(changes.Desired.Target, now, steps, cancellationToken);
        await _execution.TestAsync(steps, now, cancellationToken);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ChangeScript> ScriptsOf(ChangeSet changes) => [.. Steps(changes).Select(step => step.Script)];

    /// <inheritdoc/>
    public TargetSnapshot Capture(Target target, ObservedState observed) => IptablesSnapshot.Of(target.Name, (IptablesState)observed.Native!);

    /// <inheritdoc/>
    public async ValueTask RestoreAsync(Target target, TargetSnapshot snapshot, CancellationToken cancellationToken)
    {
        var layout = IptablesSnapshot.Read(snapshot, target.Name);
        var now = await _observer.ReadAsync(target, cancellationToken);
        await MakeAsync(target, now, layout, cancellationToken);
    }

    private async ValueTask<ImmutableArray<string>> MakeAsync(Target target, IptablesState now, IptablesLayout layout, CancellationToken cancellationToken)
    {
        var steps = Steps(target, now, layout);
        await DemandUnchangedAsync(target, now, steps, cancellationToken);
        var actions = await _execution.RunAsync(steps, cancellationToken);
        if (!now.Persistent.Any(file => file.IsUsable))
        {
            return actions;
        }

        // What the kernel did not take must not come back with the next boot.
        var made = await _observer.ReadAsync(target, cancellationToken);
        return [.. actions, .. await _files.WriteAsync(target, made, cancellationToken)];
    }

    private ValueTask DemandUnchangedAsync(Target target, IptablesState now, ImmutableArray<IptablesStep> steps, CancellationToken cancellationToken) =>
        _observer.DemandUnchangedAsync(target, now, steps.Any(step => step.Place is null), steps.Select(step => step.Place).OfType<PlaceState>(), cancellationToken);

    private ImmutableArray<IptablesStep> Steps(ChangeSet changes) => Steps(changes.Desired.Target, (IptablesState)changes.Observed.Native!, IptablesLayout.For(changes.Result));

    private ImmutableArray<IptablesStep> Steps(Target target, IptablesState now, IptablesLayout layout) =>
        IptablesWriter.ToLayout(_options.Chain, _options.IsDocker, IptablesMark.Of(target), now, layout);
}
