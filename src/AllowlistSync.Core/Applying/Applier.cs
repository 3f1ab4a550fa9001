using System.Collections.Immutable;
using AllowlistSync.Core.Planning;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.State;
using AllowlistSync.Core.Verifying;

namespace AllowlistSync.Core.Applying;

/// <summary>Starts a process that undoes an unconfirmed change when its time is over.</summary>
public interface IUndoGuard
{
    /// <summary>Starts it, detached from this process. It waits for the deadline of the receipt and looks whether it was confirmed.</summary>
    ValueTask ArmAsync(Receipt receipt, CancellationToken cancellationToken);
}

/// <summary>How an apply is to be done.</summary>
/// <param name="RunId">The run.</param>
/// <param name="ConfirmWithin">Undo the change unless it is confirmed within this time; null for no confirmation.</param>
public sealed record ApplyOptions(string RunId, TimeSpan? ConfirmWithin);

/// <summary>What an apply did.</summary>
/// <param name="Receipt">The receipt that was kept.</param>
/// <param name="Actions">One line for each thing done.</param>
/// <param name="ReadBack">What the target holds now.</param>
/// <param name="Findings">What the operator should know of the books.</param>
public sealed record ApplyOutcome(Receipt Receipt, ImmutableArray<string> Actions, ReadBackResult ReadBack, ImmutableArray<Finding> Findings);

/// <summary>
/// Carries out a plan under the target's lock: way back and journal first, then the change, then the read-back. The order is what
/// makes a kill at any step harmless: before the change the old state stands and the receipt undoes nothing; after it the new
/// state stands and the receipt knows the old one.
/// </summary>
public sealed class Applier(TimeProvider time, IUndoGuard undoGuard, IProgress<ApplyStep> progress)
{
    /// <summary>Carries out a plan that nobody refused. The caller holds the target's lock.</summary>
    public async ValueTask<ApplyOutcome> ApplyAsync(
        IFirewallProvider provider, Plan plan, ITargetState state, ApplyOptions options, CancellationToken cancellationToken)
    {
        if (options.ConfirmWithin is not null && provider.Snapshots is null)
        {
            throw new ProviderException(FailureKind.Unsupported, Aftermath.Untouched, $"target {plan.Target.Name}: a change of a {plan.Target.Provider} target cannot be undone by itself, so it cannot wait to be confirmed", "apply without `--confirm-within`");
        }

        progress.Report(ApplyStep.Preflight);
        if (provider.Preflight is { } preflight)
        {
            await preflight.CheckAsync(plan.Changes, cancellationToken);
        }

        var previous = await state.LoadReceiptAsync(cancellationToken);
        var receipt = Draft(provider, plan, previous, options);
        ImmutableArray<string> actions;
        ReadBackResult readBack;
        progress.Report(ApplyStep.WriteReceipt);
        await state.SaveReceiptAsync(receipt, cancellationToken);
        var isChanging = false;
        try
        {
            await BeginAsync(plan, receipt, state, cancellationToken);
            isChanging = true;
            (actions, readBack) = await ChangeAsync(provider, plan, state, cancellationToken);
        }
        catch (Exception failure) when (LeftUntouched(failure, isChanging))
        {
            await ReopenAsync(state, receipt, previous, failure);
            throw;
        }

        var findings = await CloseAsync(state, receipt, readBack.Agrees ? string.Join("; ", actions) : readBack.Difference, readBack.Agrees);
        progress.Report(ApplyStep.Done);
        return new ApplyOutcome(receipt, actions, readBack, findings);
    }

    // The change stands. Books that cannot be closed (a full disk) are told and sorted out by the next run, which finds them open.
    private async ValueTask<ImmutableArray<Finding>> CloseAsync(ITargetState state, Receipt receipt, string detail, bool agrees)
    {
        try
        {
            progress.Report(ApplyStep.CloseReceipt);
            await state.SaveReceiptAsync(receipt with { Stage = ReceiptStage.Applied }, CancellationToken.None);
            progress.Report(ApplyStep.JournalEnd);
            await WriteAsync(state, receipt, agrees ? "applied" : "applied, but read back differently", detail, CancellationToken.None);
            return [];
        }
        catch (StateException failure)
        {
            return [new Finding("books-open", Severity.Warning, $"the change is made, but {failure.Message}", "make room on the disk or make it writable; the next run finds the books open and closes them")];
        }
    }

    private Receipt Draft(IFirewallProvider provider, Plan plan, Receipt? previous, ApplyOptions options)
    {
        var now = time.GetUtcNow();
        return new Receipt
        {
            RunId = options.RunId,
            Target = plan.Target.Name,
            Place = plan.Target.Place,
            Fingerprint = plan.Fingerprint,
            StartedAt = now,
            Stage = ReceiptStage.Applying,
            Before = provider.Snapshots?.Capture(plan.Target, plan.Changes.Observed),
            Result = plan.Changes.Result,
            Lifted = plan.Changes.Lift,
            Standing = previous?.Place == plan.Target.Place ? previous.LastStanding : null,
            Found = previous?.Place == plan.Target.Place && previous.LastStanding is not null ? previous.Found : plan.Changes.Observed.Unmarked.Except(plan.Changes.Remove),
            ConfirmBy = now + options.ConfirmWithin,
        };
    }

    private async ValueTask BeginAsync(Plan plan, Receipt receipt, ITargetState state, CancellationToken cancellationToken)
    {
        progress.Report(ApplyStep.JournalBegin);
        await WriteAsync(state, receipt, "applying", $"add {plan.Changes.Add.Entries().Length}, remove {plan.Changes.Remove.Entries().Length}, repair {plan.Changes.Repairs.Length}{(plan.Changes.Lift.IsEmpty ? "" : $", lift {plan.Changes.Lift.Length}")}", cancellationToken);
        progress.Report(ApplyStep.ArmUndo);
        if (receipt.AwaitsConfirmation)
        {
            await undoGuard.ArmAsync(receipt, cancellationToken);
        }
    }

    private static bool LeftUntouched(Exception failure, bool isChanging) => isChanging
        ? failure is ProviderException { Aftermath: Aftermath.Untouched }
        : failure is ProviderException or StateException or OperationCanceledException;

    // Nothing was changed, so there is nothing to confirm or to undo: the way back from the apply before is in force again.
    private async ValueTask ReopenAsync(ITargetState state, Receipt receipt, Receipt? previous, Exception failure)
    {
        var inForce = previous ?? receipt with { Stage = ReceiptStage.Failed, ConfirmBy = null };
        await state.SaveReceiptAsync(inForce, CancellationToken.None);
        await WriteAsync(state, receipt, "failed", failure.Message, CancellationToken.None);
    }

    private async ValueTask<(ImmutableArray<string> Actions, ReadBackResult ReadBack)> ChangeAsync(
        IFirewallProvider provider, Plan plan, ITargetState state, CancellationToken cancellationToken)
    {
        var actions = ImmutableArray.CreateBuilder<string>();
        ReadBackResult? readBack = null;
        var isChanged = false;
        foreach (var step in MakeBeforeBreak.Steps(plan, provider.Descriptor.Atomicity))
        {
            if (readBack is { Missing.IsEmpty: false })
            {
                break;
            }

            progress.Report(ApplyStep.Change);
            var fresh = readBack is null ? step : step with { Observed = readBack.Observed };
            try
            {
                await state.EnsureHeldAsync(cancellationToken);
                actions.AddRange((await provider.ApplyAsync(fresh, cancellationToken)).Actions);
                isChanged = true;
                progress.Report(ApplyStep.ReadBack);
                readBack = ReadBack.Compare(step, await provider.ReadAsync(plan.Target, cancellationToken));
            }
            catch (StateException lost) when (isChanged)
            {
                throw new ProviderException(FailureKind.Conflict, Aftermath.Unknown, $"the target was changed in part, and then: {lost.Message}", lost.Remedy, lost);
            }
            catch (ProviderException failure) when (isChanged)
            {
                // What fails now may have touched nothing itself; the target is changed all the same.
                throw new ProviderException(failure.Kind, Aftermath.Unknown, $"the target was changed, and then: {failure.Message}", failure.Remedy, failure);
            }
        }

        return (actions.ToImmutable(), readBack!);
    }

    private ValueTask WriteAsync(ITargetState state, Receipt receipt, string step, string detail, CancellationToken cancellationToken) =>
        state.AppendAsync(new JournalEntry(time.GetUtcNow(), receipt.RunId, step, receipt.Fingerprint, detail), cancellationToken);
}
