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

    // The kernel takes a lock of a file from nobody who lives.
    public ValueTask EnsureHeldAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>Moves a damaged receipt away, and says so; null when it is whole, and when another run has the target.</summary>
    public async ValueTask<string?> SetAsideDamagedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var hold = await LockAsync("repair", cancellationToken);
            return await SealedFile.SetAsideIfDamagedAsync(ReceiptPath, time, cancellationToken);
        }
        catch (TargetLockedException)
        {
            return null;
        }
    }

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
