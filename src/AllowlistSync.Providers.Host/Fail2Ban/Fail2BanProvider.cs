using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Fail2Ban;

/// <summary>fail2ban: a drop-in of our own that adds the ranges to what each jail ignores, the same told to the server, and bans inside of them lifted. See the README beside this file.</summary>
public sealed class Fail2BanProvider : IFirewallProvider, ISnapshotCapability, IPreflightCapability
{
    /// <summary>The name in the configuration.</summary>
    public const string ProviderName = "fail2ban";

    private readonly Fail2BanOptions _options;
    private readonly Fail2BanTool _tool;
    private readonly Fail2BanObserver _observer;

    /// <summary>A provider in a place.</summary>
    public Fail2BanProvider(Fail2BanOptions options, ProviderPlace place)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(place);
        _options = options;
        _tool = new Fail2BanTool(place.Host, options.Socket, TimeProvider.System);
        _observer = new Fail2BanObserver(_tool, options);
    }

    /// <inheritdoc/>
    public ProviderDescriptor Descriptor => Fail2BanRegistration.Descriptor;

    /// <inheritdoc/>
    public ISnapshotCapability Snapshots => this;

    /// <inheritdoc/>
    public IPreflightCapability Preflight => this;

    /// <inheritdoc/>
    public ValueTask<Preparation> PrepareAsync(DesiredState desired, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(desired);
        return ValueTask.FromResult(new Preparation(desired.WithPortsLeftToTheTarget(), []));
    }

    /// <inheritdoc/>
    public async ValueTask<ObservedState> ReadAsync(Target target, CancellationToken cancellationToken) =>
        Fail2BanObservation.Of(await _observer.ReadAsync(target, cancellationToken), target, _options);

    /// <inheritdoc/>
    public async ValueTask<ApplyReceipt> ApplyAsync(ChangeSet changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var (target, planned) = (changes.Desired.Target, (Fail2BanState)changes.Observed.Native!);
        var edit = Edit(changes, planned);
        await using var hold = await _tool.LockAsync(cancellationToken);
        var now = await _observer.ReadOwnAsync(target, cancellationToken);
        if (now == edit.Before)
        {
            return await MakeAsync(target, edit, changes.Result.Sources, changes.Lift, cancellationToken);
        }

        // Somebody made the same change: what is left of it is made.
        if (now != edit.After)
        {
            throw Changed();
        }

        var state = await _observer.ReadAsync(target, cancellationToken);
        var lift = Fail2BanWriter.StillThere(state, changes.Lift);
        return await MakeAsync(target, Fail2BanWriter.Edit(state, target, changes.Result.Sources, lift), changes.Result.Sources, lift, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask CheckAsync(ChangeSet changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var target = changes.Desired.Target;
        var edit = Edit(changes, (Fail2BanState)changes.Observed.Native!);
        if (await _observer.ReadOwnAsync(target, cancellationToken) != edit.Before)
        {
            throw Changed();
        }

        if (edit.Between is { DropIn: not null } files && files != edit.Before with { List = files.List })
        {
            await TestAsync(files, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public TargetSnapshot Capture(Target target, ObservedState observed) => Fail2BanSnapshot.Of(target, (Fail2BanState)observed.Native!);

    /// <inheritdoc/>
    public async ValueTask RestoreAsync(Target target, TargetSnapshot snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(snapshot);
        var entries = Fail2BanSnapshot.Read(snapshot, target.Name);
        await using var hold = await _tool.LockAsync(cancellationToken);
        var edit = Fail2BanWriter.Edit(await _observer.ReadAsync(target, cancellationToken), target, entries, []);
        await MakeAsync(target, edit, entries, [], cancellationToken);
    }

    private static Fail2BanEdit Edit(ChangeSet changes, Fail2BanState state) => Fail2BanWriter.Edit(state, changes.Desired.Target, changes.Result.Sources, changes.Lift);

    private static ProviderException Changed() =>
        new(FailureKind.Conflict, Aftermath.Untouched, "our files in fail2ban's configuration were changed by somebody else since they were read; nothing was changed", "run again: the plan is made afresh");

    private async ValueTask<ApplyReceipt> MakeAsync(Target target, Fail2BanEdit edit, PrefixSet entries, ImmutableArray<Ban> lift, CancellationToken cancellationToken)
    {
        if (edit.IsEmpty)
        {
            return new ApplyReceipt([]);
        }

        await new Fail2BanChange(_tool, _observer, target).MakeAsync(edit, cancellationToken);
        return new ApplyReceipt([.. Actions(target, edit, entries, lift)]);
    }

    // fail2ban is asked about its configuration with our drop-in in it, as a copy. What is wrong with it without us is no reason to leave bans standing, and is told by each look.
    private async ValueTask TestAsync(OwnFiles files, CancellationToken cancellationToken)
    {
        if (await _tool.TestAsync(files, cancellationToken) is { } complaint && await _tool.TestAsync(cancellationToken) is null)
        {
            throw new ProviderException(FailureKind.Conflict, Aftermath.Untouched, $"fail2ban would not take its configuration with our drop-in in it: {complaint}; nothing was changed", "please report it together with the files below /etc/fail2ban that name the jail");
        }
    }

    private static IEnumerable<string> Actions(Target target, Fail2BanEdit edit, PrefixSet entries, ImmutableArray<Ban> lift)
    {
        if (edit.Before != edit.After)
        {
            yield return $"{(edit.After.List is null ? Fail2BanPlaces.DropIn : Fail2BanPlaces.List(target))}: {(entries.IsEmpty ? "the ranges are taken out" : $"{entries.Prefixes().Count()} prefixes are ignored because of it")}";
        }

        var told = edit.Commands.Where(command => command.Verb != Fail2BanCommand.Unban).Select(command => command.Jail).Distinct().ToList();
        if (told.Count > 0)
        {
            yield return $"told at run time: {(told.Count <= 5 ? string.Join(", ", told) : $"{told.Count} jails")}";
        }

        if (!lift.IsEmpty)
        {
            yield return $"bans lifted: {Ban.Describe(lift)}";
        }
    }
}
