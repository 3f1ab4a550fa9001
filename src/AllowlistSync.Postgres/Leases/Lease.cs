using AllowlistSync.Core.State;

namespace AllowlistSync.Postgres.Leases;

/// <summary>
/// A lock that lasts for a while by the clock of the database and is renewed in the background. Whoever stands still for longer has lost it, and its token with it: what is written with an old token is refused by the database itself.
/// </summary>
internal sealed class Lease : IAsyncDisposable
{
    private readonly LeaseBook _book;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _renewing;
    private volatile bool _isLost;
    private int _isLetGo;

    public Lease(LeaseBook book, string name, string subject, long token)
    {
        (_book, Name, Subject, Token) = (book, name, subject, token);
        _renewing = RenewAsync();
    }

    /// <summary>The name of its row.</summary>
    public string Name { get; }

    /// <summary>For messages: what it is the lock of.</summary>
    public string Subject { get; }

    /// <summary>The proof that it is the newest.</summary>
    public long Token { get; }

    /// <summary>Ends when it was let go or lost.</summary>
    public Task Ended => _renewing;

    /// <summary>Asks the database, and has it for the whole time again. Throws <see cref="StateException"/> when it was lost.</summary>
    public async ValueTask EnsureHeldAsync(CancellationToken cancellationToken)
    {
        if (_isLost || !await _book.RenewAsync(this, cancellationToken))
        {
            throw Lost();
        }
    }

    /// <summary>Why nothing more is written with it.</summary>
    public StateException Lost()
    {
        _isLost = true;
        return new StateException(
            $"the lock of {Subject} was lost: this node stood still, or did not reach {_book.Place}, for more than {_book.Lasts.TotalSeconds:0} s, and another may be at work there",
            "nothing more was changed or written by this run; the next one reads the target afresh");
    }

    /// <summary>Lets go; once is enough.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isLetGo, 1) == 1)
        {
            return;
        }

        await _end.CancelAsync();
        await _renewing;
        await _book.ReleaseAsync(this);
        _end.Dispose();
    }

    // Until it is let go or lost. A database that is away for less than the lease lasts costs nothing.
    private async Task RenewAsync()
    {
        while (!_isLost && !_end.IsCancellationRequested)
        {
            await Task.Delay(_book.Lasts / 3, TimeProvider.System, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                _isLost = !_end.IsCancellationRequested && !await _book.RenewAsync(this, _end.Token);
            }
            catch (Exception failure) when (failure is StateException or OperationCanceledException)
            {
                // Whether it is still ours is asked again before anything is changed or written.
                continue;
            }
        }
    }
}
