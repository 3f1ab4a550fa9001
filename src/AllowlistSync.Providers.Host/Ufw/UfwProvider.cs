using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Ufw;

/// <summary>ufw: rules with our comment in ufw's own files, loaded as ufw loads them. See the README beside this file.</summary>
public sealed class UfwProvider : IFirewallProvider, ISnapshotCapability, IPreflightCapability, IRehearsalCapability
{
    /// <summary>The name in the configuration.</summary>
    public const string ProviderName = "ufw";

    private readonly UfwTool _tool;
    private readonly UfwObserver _observer;

    /// <summary>A provider in a place.</summary>
    public UfwProvider(ProviderPlace place)
        : this(place, TimeProvider.System)
    {
    }

    /// <summary>A provider whose patience another clock measures.</summary>
    public UfwProvider(ProviderPlace place, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(place);
        _tool = new UfwTool(place.Host, time);
        _observer = new UfwObserver(_tool);
    }

    /// <inheritdoc/>
    public ProviderDescriptor Descriptor => UfwRegistration.Descriptor;

    /// <inheritdoc/>
    public ISnapshotCapability Snapshots => this;

    /// <inheritdoc/>
    public IPreflightCapability Preflight => this;

    /// <inheritdoc/>
    public IRehearsalCapability Rehearsal => this;

    /// <inheritdoc/>
    public ValueTask<Preparation> PrepareAsync(DesiredState desired, CancellationToken cancellationToken) => ValueTask.FromResult(new Preparation(desired, []));

    /// <inheritdoc/>
    public async ValueTask<ObservedState> ReadAsync(Target target, CancellationToken cancellationToken) =>
        UfwObservation.Of(await _observer.ReadAsync(cancellationToken), target);

    /// <inheritdoc/>
    public async ValueTask<ApplyReceipt> ApplyAsync(ChangeSet changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var planned = (UfwState)changes.Observed.Native!;
        return await WriteAsync(changes.Desired.Target, planned.Backend, planned, UfwWriter.Rules(changes.Result), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask CheckAsync(ChangeSet changes, CancellationToken cancellationToken)
    {
        var planned = (UfwState)changes.Observed.Native!;
        foreach (var file in planned.Families.Select(family => family.File).OfType<UfwRulesFile>())
        {
            // The kernel is compared as well when the lock is held.
            RequireSame(file.Text, await _tool.ReadAsync(UfwPlaces.Rules(file.Family), cancellationToken));
        }

        await TestAsync(planned.Backend, Edits(changes), cancellationToken);
    }

    /// <inheritdoc/>
    public IReadOnlyList<ChangeScript> ScriptsOf(ChangeSet changes)
    {
        var isNft = ((UfwState)changes.Observed.Native!).Backend == UfwBackend.Nft;
        return [.. Edits(changes).Where(edit => edit.Loads).Select(edit => new ChangeScript(Language(edit.Family, isNft), edit.After))];
    }

    /// <inheritdoc/>
    public TargetSnapshot Capture(Target target, ObservedState observed) => UfwSnapshot.Of(target, (UfwState)observed.Native!);

    /// <inheritdoc/>
    public async ValueTask RestoreAsync(Target target, TargetSnapshot snapshot, CancellationToken cancellationToken)
    {
        var rules = UfwSnapshot.Read(snapshot, target.Name);
        await _tool.RequireInstalledAsync(cancellationToken);
        await WriteAsync(target, await _tool.ReadBackendAsync(cancellationToken), null, rules, cancellationToken);
    }

    private static ImmutableArray<UfwEdit> Edits(ChangeSet changes) =>
        UfwWriter.Edits((UfwState)changes.Observed.Native!, UfwMark.Of(changes.Desired.Target), UfwWriter.Rules(changes.Result));

    private static ScriptLanguage Language(IpFamily family, bool isNft) => (family, isNft) switch
    {
        (IpFamily.IPv4, true) => ScriptLanguage.IptablesNft,
        (IpFamily.IPv4, false) => ScriptLanguage.IptablesLegacy,
        (_, true) => ScriptLanguage.Ip6tablesNft,
        _ => ScriptLanguage.Ip6tablesLegacy,
    };

    // Under ufw's own lock, and only onto what was planned from. What is already as it shall be is no conflict: somebody made the same change.
    private async ValueTask<ApplyReceipt> WriteAsync(Target target, UfwBackend backend, UfwState? planned, ImmutableArray<UfwRule> rules, CancellationToken cancellationToken)
    {
        await using var hold = await _tool.LockAsync(cancellationToken);
        var now = await _observer.ReadAsync(backend, cancellationToken);
        var edits = UfwWriter.Edits(now, UfwMark.Of(target), rules);
        if (!edits.Any(edit => edit.Writes || edit.Loads))
        {
            return new ApplyReceipt([]);
        }

        if (planned is not null)
        {
            RequireSame(UfwRevision.Of(planned), UfwRevision.Of(now));
        }

        await TestAsync(backend, edits, cancellationToken);
        await new UfwChange(_tool, backend).MakeAsync(edits, !rules.IsEmpty, cancellationToken);
        return new ApplyReceipt([.. edits.Where(edit => edit.Writes || edit.Loads).Select(edit => Action(edit, rules))]);
    }

    private async ValueTask TestAsync(UfwBackend backend, ImmutableArray<UfwEdit> edits, CancellationToken cancellationToken)
    {
        foreach (var edit in edits.Where(edit => edit.Writes || edit.Loads))
        {
            await _tool.TestAsync(backend, edit.Family, edit.After, cancellationToken);
        }
    }

    private static void RequireSame(string planned, string? now)
    {
        if (planned != now)
        {
            throw new ProviderException(FailureKind.Conflict, Aftermath.Untouched, "ufw's files or rules were changed by somebody else since they were read; nothing was changed", "run again: the plan is made afresh");
        }
    }

    private static string Action(UfwEdit edit, ImmutableArray<UfwRule> rules)
    {
        var count = rules.Count(rule => rule.Source.Family == edit.Family);
        var what = (edit.Writes, edit.Loads) switch
        {
            (true, true) => "written and loaded",
            (true, false) => "written (not loaded, as ufw does not run)",
            _ => "loaded",
        };
        return $"{UfwPlaces.Rules(edit.Family)} {what}; rules of ours in it: {count}";
    }
}
