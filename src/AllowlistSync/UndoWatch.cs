using AllowlistSync.Configuration;
using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.State;

namespace AllowlistSync;

/// <summary>Watches over one apply until it is confirmed or undone, and until its undo is written down. It gives up for no failure: a lock is freed, a disk gets room again.</summary>
internal sealed class UndoWatch(Session session, TargetConfig target, Receipt armed, ITargetState books, TimeProvider time)
{
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly Deadline _deadline = new(armed, time);
    private readonly Undo _undo = new(time);
    private bool _isUndone;

    /// <summary>Returns when nothing is left to do.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // In short steps: the clock on the wall may be set, and the machine may sleep, in the meantime.
        while (_deadline.Left is { Ticks: > 0 } left)
        {
            await Task.Delay(left < Glance ? left : Glance, time, cancellationToken);
            if (!await IsAwaitedAsync(cancellationToken))
            {
                return;
            }
        }

        var pause = Glance;
        while (!await TryAsync(cancellationToken))
        {
            await Task.Delay(pause, time, cancellationToken);
            pause = GrowingPause.After(pause, LongestPause);
        }
    }

    // Confirmed, undone, or followed by another apply, which has a watch of its own.
    private async ValueTask<bool> IsAwaitedAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await books.LoadReceiptAsync(cancellationToken) is { AwaitsConfirmation: true } receipt && receipt.RunId == armed.RunId;
        }
        catch (StateException)
        {
            // Nobody listens to this process; what cannot be read is not taken for a confirmation.
            return true;
        }
    }

    // Nobody listens to this process: every other command tells what keeps the undo from being made or written down, see DueUndo.
    private async ValueTask<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var hold = await books.LockAsync("undo", cancellationToken);
            _ = _isUndone
                ? await _undo.CloseAsync(books, armed.RunId, cancellationToken)
                : await _undo.UndoUnconfirmedAsync(await session.ProviderOfAsync(target, cancellationToken), target.Target, books, armed.RunId, cancellationToken);
            return true;
        }
        catch (OpenBooksException)
        {
            // Once is enough: what is done to the firewall by hand from now on is not undone.
            _isUndone = true;
            return false;
        }
        catch (Exception failure) when (failure is TargetLockedException or ProviderException or StateException)
        {
            return false;
        }
    }
}
