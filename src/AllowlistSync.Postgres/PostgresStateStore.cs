using System.Collections.Immutable;
using AllowlistSync.Core.Sources;
using AllowlistSync.Core.State;
using AllowlistSync.Postgres.Connecting;
using AllowlistSync.Postgres.Leases;

namespace AllowlistSync.Postgres;

/// <summary>State of several nodes in one PostgreSQL database. Every write of what a run decides by is conditioned on a lease that is still the newest.</summary>
public sealed class PostgresStateStore : IStateStore
{
    /// <summary>How long a lock outlives a process that was killed, or a database that cannot be reached.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(15);

    // A fetch of a source that hangs takes 45 s at most.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly PostgresDatabase _database;
    private readonly StateScope _scope;
    private readonly LeaseBook _leases;
    private readonly DocumentTable _documents;
    private readonly EntryTable _entries;

    /// <summary>A store in a database; asks it nothing yet.</summary>
    /// <param name="database">The database; the caller ends it.</param>
    /// <param name="scope">What nodes share.</param>
    /// <param name="leaseTime">How long a lock lasts that is not renewed.</param>
    public PostgresStateStore(PostgresDatabase database, StateScope scope, TimeSpan? leaseTime = null)
    {
        (_database, _scope) = (database, scope);
        _leases = new LeaseBook(database, scope.Node, leaseTime ?? LeaseTime);
        (_documents, _entries) = (new DocumentTable(database), new EntryTable(database));
        History = new PostgresHistory(_entries, scope);
        Notices = new PostgresNoticeBook(_documents, _leases, scope);
    }

    /// <inheritdoc/>
    public string Place => _database.Place;

    /// <inheritdoc/>
    public IHistory History { get; }

    /// <inheritdoc/>
    public INoticeBook Notices { get; }

    /// <summary>The nodes that keep their state here.</summary>
    public NodeRegister Nodes => new(_database);

    /// <summary>Takes the state for a daemon of this node; daemons of other nodes have theirs. One that was killed a moment ago is waited for, as its lock ends by itself.</summary>
    public async ValueTask<IAsyncDisposable> LockDaemonAsync(CancellationToken cancellationToken)
    {
        long? first = null;
        while (true)
        {
            var (lease, holder) = await TakeDaemonAsync(cancellationToken);
            if (lease is not null)
            {
                return new StandingLease(lease, async token => (await TakeDaemonAsync(token)).Lease, _leases.Lasts / 3);
            }

            // Somebody who renews it lives.
            var ends = TimeProvider.System.GetUtcNow().Ticks + holder!.Left.Ticks;
            first ??= ends;
            if (ends > first + (_leases.Lasts.Ticks / 6))
            {
                throw new TargetLockedException("daemon", holder.ToString());
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    private ValueTask<(Lease? Lease, LeaseHolder? Holder)> TakeDaemonAsync(CancellationToken cancellationToken) =>
        _leases.TakeAsync($"daemon/{_scope.Node}", $"the daemon of node {_scope.Node}", "daemon", cancellationToken);

    /// <summary>Takes the schedule that all nodes share until disposed; waits for another node.</summary>
    public async ValueTask<IAsyncDisposable> LockScheduleAsync(CancellationToken cancellationToken) => await WaitForAsync("schedule", "the schedule of the nodes", "start", cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<string>> SetAsideDamagedAsync(CancellationToken cancellationToken)
    {
        var said = ImmutableArray.CreateBuilder<string>();
        foreach (var (kind, name) in await _documents.DamagedAsync(cancellationToken))
        {
            var (lease, _) = await _leases.TakeAsync(LeaseOf(kind, name), $"{kind} {name}", "repair", cancellationToken);
            if (lease is null)
            {
                // A run works with it, or another node mends it.
                continue;
            }

            await using (lease)
            {
                if (await _documents.SetAsideAsync(kind, name, cancellationToken) is { } sentence)
                {
                    said.Add(sentence);
                }
            }
        }

        return said.ToImmutable();
    }

    /// <inheritdoc/>
    public ValueTask<SourceMemory?> LoadSourceAsync(string source, CancellationToken cancellationToken) =>
        _documents.LoadAsync(Kinds.Source, _scope.OfSource(source), StateJson.Default.SourceMemory, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask SaveSourceAsync(string source, SourceMemory memory, CancellationToken cancellationToken)
    {
        var name = _scope.OfSource(source);
        if (_leases.Held(LeaseOf(Kinds.Source, name)) is { } mine)
        {
            await _documents.SaveAsync(mine, Kinds.Source, name, memory, StateJson.Default.SourceMemory, cancellationToken);
            return;
        }

        // An approval is kept after the fetch has let go of the source.
        await using var lease = await LeaseSourceAsync(source, "approval", cancellationToken);
        await _documents.SaveAsync(lease, Kinds.Source, name, memory, StateJson.Default.SourceMemory, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IAsyncDisposable> LockSourceAsync(string source, string purpose, CancellationToken cancellationToken) => await LeaseSourceAsync(source, purpose, cancellationToken);

    /// <inheritdoc/>
    public ITargetState Target(string target) => new PostgresTargetState(_leases, _documents, _entries, target, _scope.OfTarget(target));

    private ValueTask<Lease> LeaseSourceAsync(string source, string purpose, CancellationToken cancellationToken) =>
        WaitForAsync(LeaseOf(Kinds.Source, _scope.OfSource(source)), $"source {source}", purpose, cancellationToken);

    private async ValueTask<Lease> WaitForAsync(string name, string subject, string purpose, CancellationToken cancellationToken)
    {
        var (lease, holder) = await _leases.TakeWithinAsync(Patience, name, subject, purpose, cancellationToken);
        return lease ?? throw new StateException($"{subject} is being worked on by {holder}", "wait for that run to end, or end it, then run again");
    }

    private static string LeaseOf(string kind, string name) => kind == Kinds.Receipt ? PostgresTargetState.LeaseOf(name) : $"{kind}/{name}";
}

/// <summary>The kinds of rows.</summary>
internal static class Kinds
{
    public const string Source = "source";
    public const string Receipt = "receipt";
    public const string Notices = "notices";
    public const string Journal = "journal";
    public const string Run = "run";
    public const string List = "list";
}
