using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.RangeFiles;

/// <summary>A file that another program reads: kept as a whole, checked and reloaded by the operator's own commands. See the README beside this file.</summary>
public sealed class RangeFileProvider : IFirewallProvider, ISnapshotCapability, IPreflightCapability
{
    /// <summary>The name in the configuration.</summary>
    public const string ProviderName = "file";

    private readonly RangeFileOptions _options;
    private readonly RangeFileTool _tool;

    /// <summary>A provider for one file in a place.</summary>
    public RangeFileProvider(RangeFileOptions options, ProviderPlace place)
    {
        ArgumentNullException.ThrowIfNull(place);
        _options = options;
        _tool = new RangeFileTool(place.Host, options);
    }

    /// <inheritdoc/>
    public ProviderDescriptor Descriptor => RangeFileRegistration.Descriptor;

    /// <inheritdoc/>
    public ISnapshotCapability Snapshots => this;

    /// <inheritdoc/>
    public IPreflightCapability Preflight => this;

    /// <inheritdoc/>
    public ValueTask<Preparation> PrepareAsync(DesiredState desired, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(desired);
        var prepared = desired.WithPortsLeftToTheTarget();
        var taken = _options.Format.Taken(prepared.Sources);
        if (taken.Equals(prepared.Sources))
        {
            return ValueTask.FromResult(new Preparation(prepared, []));
        }

        var finding = new Finding(
            "prefix-not-held", Severity.Info, $"{_options.Format.Refused} is not listed in {_options.Path}, because the program that reads {_options.Format.Name} refuses it", "nothing needs doing: no packet comes from that address");
        return ValueTask.FromResult(new Preparation(prepared.Narrow(taken), [finding]));
    }

    /// <inheritdoc/>
    public async ValueTask<ObservedState> ReadAsync(Target target, CancellationToken cancellationToken) =>
        RangeFileReader.Observe(_options, await StateAsync(target, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask<ApplyReceipt> ApplyAsync(ChangeSet changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var target = changes.Desired.Target;
        var after = RangeFileWriter.Wanted(_options, Mark(target), changes);
        var now = await StateAsync(target, cancellationToken);
        if (now.IsSame((RangeFileState)changes.Observed.Native!))
        {
            return await MakeAsync(target, now, after, cancellationToken);
        }

        return now.Note is null && FileText.IsSame(now.Stands, after) ? new ApplyReceipt([]) : throw Changed(_options);
    }

    /// <inheritdoc/>
    public async ValueTask CheckAsync(ChangeSet changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        _ = RangeFileWriter.Wanted(_options, Mark(changes.Desired.Target), changes);
        if (!(await StateAsync(changes.Desired.Target, cancellationToken)).IsSame((RangeFileState)changes.Observed.Native!))
        {
            throw Changed(_options);
        }
    }

    /// <inheritdoc/>
    public TargetSnapshot Capture(Target target, ObservedState observed) => RangeFileSnapshot.Of(target, (RangeFileState)observed.Native!);

    /// <inheritdoc/>
    public async ValueTask RestoreAsync(Target target, TargetSnapshot snapshot, CancellationToken cancellationToken)
    {
        var before = RangeFileSnapshot.Read(snapshot, target.Name);
        await MakeAsync(target, await StateAsync(target, cancellationToken), before, cancellationToken);
    }

    /// <summary>Somebody was there between reading and writing.</summary>
    internal static ProviderException Changed(RangeFileOptions options) =>
        new(FailureKind.Conflict, Aftermath.Untouched, $"{options.Path} was changed by somebody else since it was read; nothing was changed", "run again: the plan is made afresh");

    private static string Mark(Target target) => $"{target.Owner.Name}/{target.Mark}";

    // Without a difference and without a debt no program is run.
    private async ValueTask<ApplyReceipt> MakeAsync(Target target, RangeFileState now, FileText? after, CancellationToken cancellationToken)
    {
        var isWritten = !FileText.IsSame(now.Stands, after);
        if (!isWritten && now.Note is null)
        {
            return new ApplyReceipt([]);
        }

        await new RangeFileChange(_tool, _options, Mark(target)).MakeAsync(now, after, cancellationToken);
        return new ApplyReceipt(RangeFileWriter.Actions(_options, isWritten, after));
    }

    private async ValueTask<RangeFileState> StateAsync(Target target, CancellationToken cancellationToken) => RangeFileReader.Read(
        _options, Mark(target), await _tool.ReadAsync(_options.Path, cancellationToken), await _tool.ReadAsync(_options.NotePath, cancellationToken));
}
