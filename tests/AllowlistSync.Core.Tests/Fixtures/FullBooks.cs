using System.Collections.Immutable;
using AllowlistSync.Core.State;

namespace AllowlistSync.Core.Tests.Fixtures;

/// <summary>The books of a target on a disk without room.</summary>
internal sealed class FullBooks(ITargetState books) : ITargetState
{
    public ValueTask<IAsyncDisposable> LockAsync(string purpose, CancellationToken cancellationToken) => books.LockAsync(purpose, cancellationToken);

    public ValueTask EnsureHeldAsync(CancellationToken cancellationToken) => books.EnsureHeldAsync(cancellationToken);

    public ValueTask<Receipt?> LoadReceiptAsync(CancellationToken cancellationToken) => books.LoadReceiptAsync(cancellationToken);

    public ValueTask SaveReceiptAsync(Receipt receipt, CancellationToken cancellationToken) => throw new StateException("no space left", "make room");

    public ValueTask AppendAsync(JournalEntry entry, CancellationToken cancellationToken) => throw new StateException("no space left", "make room");

    public ValueTask<ImmutableArray<JournalEntry>> ReadJournalAsync(int newest, CancellationToken cancellationToken) => books.ReadJournalAsync(newest, cancellationToken);
}
