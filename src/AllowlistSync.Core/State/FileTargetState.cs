using System.Collections.Immutable;
using System.Text.Json;

namespace AllowlistSync.Core.State;

/// <summary>The files of one target.</summary>
internal sealed class FileTargetState(string directory, string target, TimeProvider time) : ITargetState
{
    private string ReceiptPath => Path.Combine(directory, "receipt.json");

    private string JournalPath => Path.Combine(directory, "journal.jsonl");

    public ValueTask<IAsyncDisposable> LockAsync(string purpose, CancellationToken cancellationToken) =>
        new TargetLock(directory, target, time).TakeAsync(purpose, cancellationToken);

    public ValueTask<Receipt?> LoadReceiptAsync(CancellationToken cancellationToken) =>
        SealedFile.ReadAsync(ReceiptPath, StateJson.Default.Receipt, cancellationToken);

    public ValueTask SaveReceiptAsync(Receipt receipt, CancellationToken cancellationToken)
    {
        StateDirectory.Ensure(directory);
        return StateDirectory.WriteAsync(ReceiptPath, JsonSerializer.SerializeToUtf8Bytes(receipt, StateJson.Default.Receipt), cancellationToken);
    }

    public async ValueTask AppendAsync(JournalEntry entry, CancellationToken cancellationToken)
    {
        StateDirectory.Ensure(directory);
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(entry, StateJson.Default.JournalEntry), (byte)'\n'];
        try
        {
            var file = new FileStream(JournalPath, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            await using (file)
            {
                await file.WriteAsync(AfterTornLine(file) ? [(byte)'\n', .. line] : line, cancellationToken);
                file.Flush(flushToDisk: true);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw StateDirectory.Unwritable(JournalPath, failure);
        }
    }

    public async ValueTask<ImmutableArray<JournalEntry>> ReadJournalAsync(int newest, CancellationToken cancellationToken)
    {
        try
        {
            var lines = await File.ReadAllLinesAsync(JournalPath, cancellationToken);
            return [.. lines.Select(Parse).OfType<JournalEntry>().TakeLast(newest)];
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw new StateException($"{JournalPath} cannot be read: {denied.Message}", "run as the user who runs `apply` (usually root)", denied);
        }
    }

    // Goes to the end; true when a process was killed while it wrote the last line, which must not swallow the next one.
    private static bool AfterTornLine(FileStream file)
    {
        if (file.Length == 0)
        {
            return false;
        }

        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() != '\n';
    }

    private static JournalEntry? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, StateJson.Default.JournalEntry);
        }
        catch (JsonException)
        {
            // The last line of a process that was killed while it wrote.
            return null;
        }
    }
}
