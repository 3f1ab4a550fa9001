namespace AllowlistSync.Core.State;

/// <summary>Waits for a lock that another run has.</summary>
public static class LockPatience
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Takes it again and again; throws the last <see cref="TargetLockedException"/> when the patience is over.</summary>
    /// <param name="take">Takes the lock, or throws that another run has it.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    public static async ValueTask<IAsyncDisposable> TakeAsync(Func<CancellationToken, ValueTask<IAsyncDisposable>> take, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(take);
        ArgumentNullException.ThrowIfNull(time);
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await take(cancellationToken);
            }
            catch (TargetLockedException) when (time.GetElapsedTime(start) < patience)
            {
                await Task.Delay(s_pause, time, cancellationToken);
            }
        }
    }
}
