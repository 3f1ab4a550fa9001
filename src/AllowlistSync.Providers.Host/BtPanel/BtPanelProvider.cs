using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.BtPanel;

/// <summary>aaPanel and BT panel: rules and a set of our own in the panel's chain, saved by the panel; entries of its drop list about wanted sources lifted. See the README beside this file.</summary>
public sealed class BtPanelProvider : IFirewallProvider, ISnapshotCapability, IPreflightCapability
{
    /// <summary>The name in the configuration.</summary>
    public const string ProviderName = "btpanel";

    private readonly BtPanelTool _tool;

    /// <summary>A provider in a place.</summary>
    public BtPanelProvider(ProviderPlace place)
    {
        ArgumentNullException.ThrowIfNull(place);
        _tool = new BtPanelTool(place.Host);
    }

    /// <inheritdoc/>
    public ProviderDescriptor Descriptor => BtPanelRegistration.Descriptor;

    /// <inheritdoc/>
    public ISnapshotCapability Snapshots => this;

    /// <inheritdoc/>
    public IPreflightCapability Preflight => this;

    /// <inheritdoc/>
    public ValueTask<Preparation> PrepareAsync(DesiredState desired, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(desired);
        var left = desired.Sources.PrefixCount(IpFamily.IPv6);
        return ValueTask.FromResult(new Preparation(desired.Narrow(desired.Sources.Only(IpFamily.IPv4)), left == 0 || desired.IsNothing ? [] :
        [
            new Finding("family-not-held", Severity.Warning, $"{left} IPv6 prefixes are not held here, because the panel's firewall knows no IPv6", "keep a second target for the firewall that filters IPv6 here (ip6tables, ufw, firewalld)"),
        ]));
    }

    /// <inheritdoc/>
    public async ValueTask<ObservedState> ReadAsync(Target target, CancellationToken cancellationToken) =>
        BtPanelObservation.Of(await _tool.ReadAsync(BtPanelMark.Of(target), isFresh: false, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask<ApplyReceipt> ApplyAsync(ChangeSet changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var mark = BtPanelMark.Of(changes.Desired.Target);
        var now = await _tool.ReadAsync(mark, isFresh: true, cancellationToken);
        var scripts = BtPanelWriter.Scripts(mark, now, changes.Result, changes.Lift);
        if (!scripts.IsEmpty)
        {
            RequireSame((BtPanelState)changes.Observed.Native!, now);
        }

        return new ApplyReceipt(await MakeAsync(now, scripts, cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask CheckAsync(ChangeSet changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var (mark, planned) = (BtPanelMark.Of(changes.Desired.Target), (BtPanelState)changes.Observed.Native!);
        RequireSame(planned, await _tool.ReadAsync(mark, isFresh: true, cancellationToken));
        if (BtPanelWriter.Scripts(mark, planned, changes.Result, changes.Lift).Rules is { Length: > 0 } rules && planned.Rules.IsEmpty)
        {
            await _tool.TestAsync(rules, mark.Set, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public TargetSnapshot Capture(Target target, ObservedState observed) => BtPanelSnapshot.Of(target.Name, (BtPanelState)observed.Native!);

    /// <inheritdoc/>
    public async ValueTask RestoreAsync(Target target, TargetSnapshot snapshot, CancellationToken cancellationToken)
    {
        var (mark, traffic) = (BtPanelMark.Of(target), BtPanelSnapshot.Read(snapshot, target.Name));
        var now = await _tool.ReadAsync(mark, isFresh: true, cancellationToken);
        await MakeAsync(now, BtPanelWriter.Scripts(mark, now, traffic, []), cancellationToken);
    }

    private async ValueTask<ImmutableArray<string>> MakeAsync(BtPanelState now, BtPanelScripts scripts, CancellationToken cancellationToken)
    {
        (string Script, string Done, Func<string, CancellationToken, ValueTask> Work)[] steps =
        [
            (scripts.Fill, $"our set was filled by {Lines(scripts.Fill)} lines of ipset", _tool.ChangeSetsAsync),
            (scripts.Rules, $"chain {BtPanelReader.Chain} was changed in one transaction", _tool.ChangeRulesAsync),
            (scripts.Lift, $"{Lines(scripts.Lift)} entries were taken out of {BtPanelReader.DropSet}", _tool.ChangeSetsAsync),
            (scripts.TakeAway, "our set was taken away", _tool.ChangeSetsAsync),
            (now.Saved is not null && (!scripts.IsEmpty || !now.IsSaved) ? "save" : "", "the panel saved sets and rules for the next boot", (_, stop) => _tool.SaveAsync(now.Saved!, stop)),
        ];
        var done = ImmutableArray.CreateBuilder<string>();
        foreach (var step in steps.Where(step => step.Script.Length > 0))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await step.Work(step.Script, cancellationToken);
                done.Add(step.Done);
            }
            catch (ProviderException failed) when (done.Count > 0)
            {
                throw new ProviderException(failed.Kind, Aftermath.Unknown, $"{string.Join(", ", done)}; then: {failed.Message}", failed.Remedy, failed);
            }
        }

        return done.ToImmutable();
    }

    private static int Lines(string script) => script.Count(c => c == '\n');

    private static void RequireSame(BtPanelState planned, BtPanelState now)
    {
        if (BtPanelObservation.Revision(planned) != BtPanelObservation.Revision(now))
        {
            throw new ProviderException(FailureKind.Conflict, Aftermath.Untouched, $"our set or chain {BtPanelReader.Chain} was changed by somebody else since this change was planned; nothing was changed", "run again: the next run plans with what is there now");
        }
    }
}
