using System.Collections.Immutable;
using System.Text.Json;

namespace AllowlistSync.Core.State;

/// <summary>The files of one target.</summary>
internal sealed class FileTargetState(string directory, string target, TimeProvider time) : ITargetState
{
    private string ReceiptPath => Path.Combine(directory, "receipt.json");

    private CheckedLog<JournalEntry> Journal => new(Path.Combine(directory, "journal.jsonl"), StateJson.Default.JournalEntry);

    public ValueTask<IAsyncDisposable> LockAsync(string purpose, CancellationToken cancellationToken) =>
        new TargetLock(directory, target, time).TakeAsync(purpose, cancellationToken);

    public ValueTask<Receipt?> LoadReceiptAsync(CancellationToken cancellationToken) =>
        SealedFile.ReadAsync(ReceiptPath, StateJson.Default.Receipt, cancellationToken);

    public ValueTask SaveReceiptAsync(Receipt receipt, CancellationToken cancellationToken)
    {
        StateDirectory.Ensure(directory);
        return StateDirectory.WriteAsync(ReceiptPath, JsonSerializer.SerializeToUtf8Bytes(receipt, StateJson.Default.Receipt), cancellationToken);
    }

    public ValueTask AppendAsync(JournalEntry entry, CancellationToken cancellationToken) => Journal.AppendAsync(entry, cancellationToken);

    public ValueTask<ImmutableArray<JournalEntry>> ReadJournalAsync(int newest, CancellationToken cancellationToken) => Journal.ReadAsync(newest, cancellationToken);
}
