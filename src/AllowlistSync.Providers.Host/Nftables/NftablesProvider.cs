using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>nftables: our own chain and sets in the operator's table (rule way), or the operator's own sets (set way). See the README beside this file.</summary>
public sealed class NftablesProvider : IFirewallProvider, ISnapshotCapability, IPreflightCapability, IRehearsalCapability
{
    /// <summary>The name in the configuration.</summary>
    public const string ProviderName = "nftables";

    private readonly NftablesOptions _options;
    private readonly NftTool _tool;
    private readonly NftObserver _observer;

    /// <summary>A provider for one target in a place.</summary>
    public NftablesProvider(NftablesOptions options, ProviderPlace place)
    {
        _options = options;
        _tool = new NftTool(place.Host);
        _observer = new NftObserver(options, options.Ruleset is { } path ? new SavedRuleset(path) : _tool, place.Chains);
    }

    /// <inheritdoc/>
    public ProviderDescriptor Descriptor => NftablesRegistration.Descriptor;

    /// <inheritdoc/>
    public ISnapshotCapability Snapshots => this;

    /// <inheritdoc/>
    public IPreflightCapability Preflight => this;

    /// <inheritdoc/>
    public IRehearsalCapability Rehearsal => this;

    /// <inheritdoc/>
    public string? SavedRules => _options.Ruleset;

    private bool IsRuleWay => _options.Table is not null;

    /// <inheritdoc/>
    public ValueTask<Preparation> PrepareAsync(DesiredState desired, CancellationToken cancellationToken)
    {
        var families = IsRuleWay
            ? NftObserver.Families(_options.Table!)
            : [.. new[] { IpFamily.IPv4, IpFamily.IPv6 }.Where(family => (family == IpFamily.IPv4 ? _options.IPv4Set : _options.IPv6Set) is not null)];
        var held = families.Aggregate(PrefixSet.Empty, (all, family) => all.Union(desired.Sources.Only(family)));
        var prepared = IsRuleWay ? desired : desired.WithPortsLeftToTheTarget();
        return ValueTask.FromResult(new Preparation(prepared.Narrow(held), [.. NotHeld(desired.Sources.Except(held))]));
    }

    /// <inheritdoc/>
    public async ValueTask<ObservedState> ReadAsync(Target target, CancellationToken cancellationToken)
    {
        var mark = NftMark.Of(target);
        if (!IsRuleWay)
        {
            return NftObservation.OfSets(await _observer.ReadSetsAsync(mark, cancellationToken));
        }

        var (state, ruleset) = await _observer.ReadOwnAsync(mark, target.Ports, cancellationToken);
        return NftObservation.OfRules(_options, mark, state, ruleset);
    }

    /// <inheritdoc/>
    public async ValueTask<ApplyReceipt> ApplyAsync(ChangeSet changes, CancellationToken cancellationToken)
    {
        RefuseSaved();
        var script = Script(changes, int.MaxValue);
        if (script.Length == 0)
        {
            return new ApplyReceipt([]);
        }

        await _tool.ApplyAsync(script, cancellationToken);
        return new ApplyReceipt([$"one transaction of {script.Count(c => c == '\n')} statements in {(IsRuleWay ? $"table {_options.Table}" : "the named sets")}"]);
    }

    /// <inheritdoc/>
    public async ValueTask CheckAsync(ChangeSet changes, CancellationToken cancellationToken)
    {
        RefuseSaved();
        var script = Script(changes, NftablesWriter.Sample);
        if (script.Length > 0)
        {
            await _tool.CheckAsync(script, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ChangeScript> ScriptsOf(ChangeSet changes) => [new ChangeScript(ScriptLanguage.Nft, Script(changes, int.MaxValue))];

    /// <inheritdoc/>
    public TargetSnapshot Capture(Target target, ObservedState observed) => NftSnapshot.Of(target.Name, (NftState)observed.Native!);

    /// <inheritdoc/>
    public async ValueTask RestoreAsync(Target target, TargetSnapshot snapshot, CancellationToken cancellationToken)
    {
        var layout = NftSnapshot.Read(snapshot, target.Name);
        var now = (NftState)(await ReadAsync(target, cancellationToken)).Native!;
        var script = IsRuleWay
            ? NftablesWriter.ToLayout(_options, NftMark.Of(target), now, layout, int.MaxValue)
            : NftablesWriter.FillSets(now, layout.Sources, int.MaxValue);
        if (script.Length > 0)
        {
            await _tool.ApplyAsync(script, cancellationToken);
        }
    }

    private void RefuseSaved()
    {
        if (_options.Ruleset is not null)
        {
            throw new ProviderException(FailureKind.Unsupported, Aftermath.Untouched, "a saved rule set is only looked at", "take `ruleset` out of the target's settings to work on the kernel's");
        }
    }

    private string Script(ChangeSet changes, int limit)
    {
        var now = (NftState)changes.Observed.Native!;
        return IsRuleWay
            ? NftablesWriter.ToLayout(_options, NftMark.Of(changes.Desired.Target), now, NftLayout.For(changes.Result, NftObserver.Families(_options.Table!)), limit)
            : NftablesWriter.FillSets(now, changes.Result.Sources, limit);
    }

    private IEnumerable<Finding> NotHeld(PrefixSet left)
    {
        foreach (var family in Enum.GetValues<IpFamily>().Where(family => left.PrefixCount(family) > 0))
        {
            yield return new Finding(
                "family-not-held",
                Severity.Warning,
                $"{left.PrefixCount(family)} {family} prefixes are not held here, because {(IsRuleWay ? $"table {_options.Table} sees only the other family" : $"no set for {family} is given")}",
                IsRuleWay ? "use a table of family inet, or a second target for the other family" : $"give settings.sets.{family.ToString().ToLowerInvariant()}, or a second target");
        }
    }
}
