namespace AllowlistSync.TestKit;

/// <summary>
/// Runs work on a thread of its own, which dies afterwards: a thread that entered a namespace must never go back to the pool.
/// The work must not await, as its continuation would run outside of the namespace.
/// </summary>
internal static class NamespaceThread
{
    internal static Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                done.SetResult(work());
            }
#pragma warning disable CA1031 // Not swallowed: it is handed to the one who waits.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                done.SetException(failure);
            }
        })
        {
            IsBackground = true,
            Name = "namespace",
        };
        thread.Start();
        return done.Task;
    }
}
