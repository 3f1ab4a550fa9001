using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.CrowdSec;

/// <summary>crowdsec: an allowlist of our own, or a whitelist file of our own where it has none, and decisions about wanted sources deleted. See the README beside this file.</summary>
public sealed class CrowdSecProvider : IFirewallProvider, ISnapshotCapability
{
    /// <summary>The name in the configuration.</summary>
    public const string ProviderName = "crowdsec";

    private readonly CrowdSecTool _tool;
    private readonly CrowdSecObserver _observer;
    private readonly TimeProvider _time;

    /// <summary>A provider in a place.</summary>
    public CrowdSecProvider(ProviderPlace place)
        : this(place, TimeProvider.System)
    {
    }

    /// <summary>A provider whose patience another clock measures.</summary>
    public CrowdSecProvider(ProviderPlace place, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(place);
        _time = time;
        _tool = new CrowdSecTool(place.Host, time);
        _observer = new CrowdSecObserver(_tool);
    }

    /// <inheritdoc/>
    public ProviderDescriptor Descriptor => CrowdSecRegistration.Descriptor;

    /// <inheritdoc/>
    public ISnapshotCapability Snapshots => this;

    /// <inheritdoc/>
    public IPreflightCapability? Preflight => null;

    /// <inheritdoc/>
    public ValueTask<Preparation> PrepareAsync(DesiredState desired, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(desired);
        return ValueTask.FromResult(new Preparation(desired.WithPortsLeftToTheTarget(), []));
    }

    /// <inheritdoc/>
    public async ValueTask<ObservedState> ReadAsync(Target target, CancellationToken cancellationToken)
    {
        var mark = CrowdSecMark.Of(target);
        return CrowdSecObservation.Of(await _observer.ReadAsync(mark, cancellationToken), mark);
    }

    /// <inheritdoc/>
    public async ValueTask<ApplyReceipt> ApplyAsync(ChangeSet changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var planned = (CrowdSecState)changes.Observed.Native!;
        var done = await MakeAsync(CrowdSecMark.Of(changes.Desired.Target), planned, planned.File, changes.Result.Sources, cancellationToken);
        try
        {
            return new ApplyReceipt([.. done, .. await LiftAsync(changes, cancellationToken)]);
        }
        catch (ProviderException failed) when (!done.IsEmpty)
        {
            throw new ProviderException(failed.Kind, Aftermath.Unknown, $"{done[^1]}, and then: {failed.Message}", failed.Remedy, failed);
        }
    }

    /// <inheritdoc/>
    public TargetSnapshot Capture(Target target, ObservedState observed) => CrowdSecSnapshot.Of(target.Name, (CrowdSecState)observed.Native!);

    /// <inheritdoc/>
    public async ValueTask RestoreAsync(Target target, TargetSnapshot snapshot, CancellationToken cancellationToken)
    {
        var sources = CrowdSecSnapshot.Read(snapshot, target.Name);
        var mark = CrowdSecMark.Of(target);
        await MakeAsync(mark, await _observer.ReadAsync(mark, cancellationToken), null, sources, cancellationToken);
    }

    private ValueTask<ImmutableArray<string>> MakeAsync(CrowdSecMark mark, CrowdSecState now, WhitelistFile? planned, PrefixSet sources, CancellationToken cancellationToken) => now.HasAllowlists
        ? new AllowlistChange(_tool, mark).MakeAsync(now, sources, cancellationToken)
        : new WhitelistChange(_tool, mark, _time).MakeAsync(planned, sources, cancellationToken);

    // cscli deletes by one range at a time. All decisions inside of a wanted prefix go at once, so the number of programs is that of the wanted prefixes that hold any, never that of the decisions.
    private async ValueTask<ImmutableArray<string>> LiftAsync(ChangeSet changes, CancellationToken cancellationToken)
    {
        var lifted = 0;
        foreach (var range in changes.Desired.Sources.Prefixes().Where(range => changes.Lift.Any(ban => range.Contains(ban.Prefix))).ToList())
        {
            try
            {
                await _tool.DeleteDecisionsAsync(range, cancellationToken);
                lifted += changes.Lift.Count(ban => range.Contains(ban.Prefix));
            }
            catch (ProviderException failed) when (lifted > 0)
            {
                throw new ProviderException(failed.Kind, Aftermath.Unknown, $"{lifted} of {changes.Lift.Length} bans were lifted, and then: {failed.Message}", failed.Remedy, failed);
            }
        }

        return lifted == 0 ? [] : [$"{lifted} bans were lifted"];
    }
}
