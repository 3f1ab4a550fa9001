using AllowlistSync.Core.Desired;

namespace AllowlistSync.Core.Providers;

/// <summary>
/// One kind of firewall. A provider reads and executes: it does not plan, does not retry, does not know dry-run and does not
/// log decisions. It is used by one run at a time for one target (the caller holds the target's lock for every write).
/// Failures are <see cref="ProviderException"/>s.
/// </summary>
public interface IFirewallProvider
{
    /// <summary>What it is; pure.</summary>
    ProviderDescriptor Descriptor { get; }

    /// <summary>Capture and restore; null where the target has none.</summary>
    ISnapshotCapability? Snapshots { get; }

    /// <summary>A check of a change without making it; null where there is none.</summary>
    IPreflightCapability? Preflight { get; }

    /// <summary>Shows a change without making it; null where it cannot be shown.</summary>
    IRehearsalCapability? Rehearsal => null;

    /// <summary>
    /// Normalises a wish so that it equals what <see cref="ReadAsync"/> returns once it is fulfilled, and says what this target
    /// cannot hold. Touches nothing; preparing a prepared wish changes nothing.
    /// </summary>
    ValueTask<Preparation> PrepareAsync(DesiredState desired, CancellationToken cancellationToken);

    /// <summary>Reads what of ours, and what of others in our places, is there. Absent is a value; unreadable is an exception.</summary>
    ValueTask<ObservedState> ReadAsync(Target target, CancellationToken cancellationToken);

    /// <summary>Makes exactly these changes. Harmless when they are already made.</summary>
    ValueTask<ApplyReceipt> ApplyAsync(ChangeSet changes, CancellationToken cancellationToken);
}

/// <summary>Checks a change with the target's own means.</summary>
public interface IPreflightCapability
{
    /// <summary>Throws what <c>Apply</c> would throw for a change that the target refuses; touches nothing.</summary>
    ValueTask CheckAsync(ChangeSet changes, CancellationToken cancellationToken);
}

/// <summary>Takes a picture of what is ours in a target, and puts it back.</summary>
public interface ISnapshotCapability
{
    /// <summary>The picture of an observation; reads nothing more.</summary>
    TargetSnapshot Capture(Target target, ObservedState observed);

    /// <summary>Puts our things back as they were; foreign things stay as they are now. Refuses a snapshot of another format.</summary>
    ValueTask RestoreAsync(Target target, TargetSnapshot snapshot, CancellationToken cancellationToken);
}
