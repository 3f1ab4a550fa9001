using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.State;

namespace AllowlistSync.Core.Applying;

/// <summary>What became of an undo or a confirmation.</summary>
public enum UndoResult
{
    /// <summary>There was nothing to undo or to confirm.</summary>
    Nothing,

    /// <summary>The last apply was undone.</summary>
    Undone,

    /// <summary>The last apply stays.</summary>
    Confirmed,

    /// <summary>The time to confirm is not over yet.</summary>
    Waiting,

    /// <summary>The time to confirm is over: the change is being undone.</summary>
    TooLate,
}

/// <summary>Confirms or undoes the last apply of a target. The caller holds the target's lock.</summary>
public sealed class Undo(TimeProvider time)
{
    private const string NotConfirmed = "not confirmed in time";

    /// <summary>Keeps the last apply; a deadline that has passed is too late.</summary>
    public async ValueTask<UndoResult> ConfirmAsync(ITargetState state, CancellationToken cancellationToken)
    {
        var receipt = await state.LoadReceiptAsync(cancellationToken);
        if (receipt is not { AwaitsConfirmation: true })
        {
            return receipt is { Stage: ReceiptStage.Undone } ? UndoResult.TooLate : UndoResult.Nothing;
        }

        if (receipt.ConfirmBy <= time.GetUtcNow())
        {
            return UndoResult.TooLate;
        }

        await state.SaveReceiptAsync(receipt with { ConfirmBy = null }, cancellationToken);
        await WriteAsync(state, receipt, "confirmed", cancellationToken);
        return UndoResult.Confirmed;
    }

    /// <summary>Undoes the last apply if its time to be confirmed is over by the clock on the wall. Throws as <see cref="RollBackAsync"/>.</summary>
    public async ValueTask<UndoResult> UndoIfDueAsync(IFirewallProvider provider, Target target, ITargetState state, CancellationToken cancellationToken)
    {
        var receipt = await state.LoadReceiptAsync(cancellationToken);
        if (receipt is not { AwaitsConfirmation: true })
        {
            return UndoResult.Nothing;
        }

        return receipt.ConfirmBy > time.GetUtcNow()
            ? UndoResult.Waiting
            : await RollBackAsync(provider, target, state, NotConfirmed, cancellationToken);
    }

    /// <summary>Undoes the apply of this run unless it was confirmed, whatever time it is: for whoever measured the time by a clock that nobody sets. Throws as <see cref="RollBackAsync"/>.</summary>
    public async ValueTask<UndoResult> UndoUnconfirmedAsync(IFirewallProvider provider, Target target, ITargetState state, string runId, CancellationToken cancellationToken) =>
        await state.LoadReceiptAsync(cancellationToken) is { AwaitsConfirmation: true } receipt && receipt.RunId == runId
            ? await RollBackAsync(provider, target, state, NotConfirmed, cancellationToken)
            : UndoResult.Nothing;

    /// <summary>
    /// Puts our things back as they were before the last apply. The firewall comes first and needs no room on a disk; when it is put
    /// back and that cannot be written down, it throws <see cref="OpenBooksException"/>. To do it again changes nothing.
    /// </summary>
    public async ValueTask<UndoResult> RollBackAsync(IFirewallProvider provider, Target target, ITargetState state, string why, CancellationToken cancellationToken)
    {
        var receipt = await state.LoadReceiptAsync(cancellationToken);
        if (receipt is not { Stage: ReceiptStage.Applying or ReceiptStage.Applied })
        {
            return UndoResult.Nothing;
        }

        if (receipt.Place != target.Place)
        {
            throw new ProviderException(FailureKind.InvalidInput, Aftermath.Untouched, $"the last apply of {target.Name} changed another place ({receipt.Place}); the configuration names {target.Place} now", "put the old settings back into the configuration to undo it, or take it out by hand");
        }

        if (receipt.Before is not { } before || provider.Snapshots is not { } snapshots)
        {
            throw new ProviderException(FailureKind.Unsupported, Aftermath.Untouched, $"target {target.Name}: no picture was taken before the last apply", "use `remove`, or change the configuration and apply again");
        }

        await state.EnsureHeldAsync(cancellationToken);
        await snapshots.RestoreAsync(target, before, cancellationToken);
        await CloseAsync(state, receipt, why);
        return UndoResult.Undone;
    }

    /// <summary>Writes down an undo that was made when it could not be written down, also when the apply was confirmed since. Throws <see cref="OpenBooksException"/> when it still cannot be.</summary>
    public async ValueTask<UndoResult> CloseAsync(ITargetState state, string runId, CancellationToken cancellationToken)
    {
        if (await state.LoadReceiptAsync(cancellationToken) is not { Stage: ReceiptStage.Applying or ReceiptStage.Applied } receipt || receipt.RunId != runId)
        {
            return UndoResult.Nothing;
        }

        await CloseAsync(state, receipt, NotConfirmed);
        return UndoResult.Undone;
    }

    /// <summary>Why nothing may be applied while a confirmation is awaited.</summary>
    public static Refusal? Blocks(Receipt? receipt) => receipt is not { AwaitsConfirmation: true }
        ? null
        : new Refusal(
            "confirm-pending",
            $"the last apply of {receipt.Target} waits to be confirmed until {receipt.ConfirmBy:u}",
            "run `allowlist-sync confirm` to keep it or `allowlist-sync rollback` to undo it");

    private async ValueTask CloseAsync(ITargetState state, Receipt receipt, string why)
    {
        try
        {
            await state.SaveReceiptAsync(receipt with { Stage = ReceiptStage.Undone, ConfirmBy = null }, CancellationToken.None);
            await WriteAsync(state, receipt, "undone: " + why, CancellationToken.None);
        }
        catch (StateException failure)
        {
            throw new OpenBooksException(failure);
        }
    }

    private ValueTask WriteAsync(ITargetState state, Receipt receipt, string step, CancellationToken cancellationToken) =>
        state.AppendAsync(new JournalEntry(time.GetUtcNow(), receipt.RunId, step, receipt.Fingerprint, ""), cancellationToken);
}
