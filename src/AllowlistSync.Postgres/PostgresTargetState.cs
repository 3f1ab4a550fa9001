using System.Collections.Immutable;
using AllowlistSync.Core.State;
using AllowlistSync.Postgres.Leases;

namespace AllowlistSync.Postgres;

/// <summary>The rows of one target. Receipt and journal are written under its lease only.</summary>
internal sealed class PostgresTargetState(LeaseBook leases, DocumentTable documents, EntryTable entries, string target, string name) : ITargetState
{
    public static string LeaseOf(string name) => $"target/{name}";

    public async ValueTask<IAsyncDisposable> LockAsync(string purpose, CancellationToken cancellationToken)
    {
        var (lease, holder) = await leases.TakeAsync(LeaseOf(name), $"target {target}", purpose, cancellationToken);
        return lease ?? throw new TargetLockedException(target, holder!.ToString());
    }

    public ValueTask EnsureHeldAsync(CancellationToken cancellationToken) => Mine().EnsureHeldAsync(cancellationToken);

    public ValueTask<Receipt?> LoadReceiptAsync(CancellationToken cancellationToken) => documents.LoadAsync(Kinds.Receipt, name, StateJson.Default.Receipt, cancellationToken);

    public ValueTask SaveReceiptAsync(Receipt receipt, CancellationToken cancellationToken) => documents.SaveAsync(Mine(), Kinds.Receipt, name, receipt, StateJson.Default.Receipt, cancellationToken);

    public ValueTask AppendAsync(JournalEntry entry, CancellationToken cancellationToken) => entries.AddAsync(Mine(), Kinds.Journal, name, entry, StateJson.Default.JournalEntry, cancellationToken);

    public ValueTask<ImmutableArray<JournalEntry>> ReadJournalAsync(int newest, CancellationToken cancellationToken) => entries.ReadAsync(Kinds.Journal, name, StateJson.Default.JournalEntry, newest, cancellationToken);

    private Lease Mine() => leases.Held(LeaseOf(name)) ?? throw new InvalidOperationException($"target {target} is written without its lock");
}
