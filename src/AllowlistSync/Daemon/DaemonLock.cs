using AllowlistSync.Core.State;

namespace AllowlistSync.Daemon;

/// <summary>Keeps other daemons out of the state that this one works in. While a reload moves to another state both are held, so that there is a way back.</summary>
internal sealed class DaemonLock : IAsyncDisposable
{
    private readonly Dictionary<string, IAsyncDisposable> _holds = new(StringComparer.Ordinal);

    /// <summary>Takes the state, beside what is held.</summary>
    /// <exception cref="TargetLockedException">Another daemon works there.</exception>
    public async ValueTask TakeAsync(IStateStore state, CancellationToken cancellationToken)
    {
        if (!_holds.ContainsKey(state.Place))
        {
            _holds[state.Place] = await state.LockDaemonAsync(cancellationToken);
        }
    }

    /// <summary>Gives up all others.</summary>
    public async ValueTask KeepOnlyAsync(IStateStore state)
    {
        foreach (var place in _holds.Keys.Where(place => place != state.Place).ToList())
        {
            _holds.Remove(place, out var hold);
            await hold!.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var hold in _holds.Values)
        {
            await hold.DisposeAsync();
        }
    }
}
