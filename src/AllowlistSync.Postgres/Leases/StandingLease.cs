using AllowlistSync.Core.State;

namespace AllowlistSync.Postgres.Leases;

/// <summary>A lease that is taken again when it was lost, for what goes on for months: nothing is written with its token, it only keeps a second one of the same kind out.</summary>
internal sealed class StandingLease : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Task _keeping;
    private Lease _lease;

    /// <summary>Keeps a lease that was taken.</summary>
    public StandingLease(Lease lease, Func<CancellationToken, ValueTask<Lease?>> take, TimeSpan pause)
    {
        _lease = lease;
        _keeping = KeepAsync(take, pause);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _keeping;
        await _lease.DisposeAsync();
        _end.Dispose();
    }

    private async Task KeepAsync(Func<CancellationToken, ValueTask<Lease?>> take, TimeSpan pause)
    {
        while (!_end.IsCancellationRequested)
        {
            await _lease.Ended.WaitAsync(_end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                _lease = await take(_end.Token) ?? _lease;
            }
            catch (Exception failure) when (failure is StateException or OperationCanceledException)
            {
                // Who needs the state says that it is away; the lease is asked for again.
            }

            await Task.Delay(_lease.Ended.IsCompleted ? pause : TimeSpan.Zero, TimeProvider.System, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
