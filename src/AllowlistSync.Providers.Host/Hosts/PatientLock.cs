using AllowlistSync.Core.Hosts;

namespace AllowlistSync.Providers.Host.Hosts;

/// <summary>Waits for the lock of a file that another process holds.</summary>
internal static class PatientLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Takes the lock; null when somebody held it all the time.</summary>
    /// <param name="files">Whose files.</param>
    /// <param name="path">The file.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    public static async ValueTask<IAsyncDisposable?> TakeAsync(IHostFiles files, string path, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            if (await files.TryLockAsync(path, cancellationToken) is { } hold)
            {
                return hold;
            }

            if (time.GetElapsedTime(start) >= patience)
            {
                return null;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}
