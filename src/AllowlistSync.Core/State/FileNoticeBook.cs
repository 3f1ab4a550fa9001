using System.Text.Json;

namespace AllowlistSync.Core.State;

/// <summary>What people were told as a sealed file, <c>notices.json</c>; its lock is <c>notices.lock</c> beside it, since a daemon and a person's <c>apply</c> may both write.</summary>
public sealed class FileNoticeBook(string directory, TimeProvider time) : INoticeBook
{
    // Whoever holds the lock writes one small file.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly TargetLock _lock = new(Path.Combine(directory, "notices.lock"), "notices", time);

    private string FilePath => Path.Combine(directory, "notices.json");

    /// <inheritdoc/>
    public async ValueTask<NoticeMemory> LoadAsync(CancellationToken cancellationToken) =>
        await SealedFile.ReadAsync(FilePath, StateJson.Default.NoticeMemory, cancellationToken) ?? NoticeMemory.Empty;

    /// <inheritdoc/>
    public async ValueTask<NoticeMemory> UpdateAsync(Func<NoticeMemory, NoticeMemory> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        await using var hold = await HoldAsync(cancellationToken);
        var memory = change(await LoadAsync(cancellationToken));
        await StateDirectory.WriteAsync(FilePath, JsonSerializer.SerializeToUtf8Bytes(memory, StateJson.Default.NoticeMemory), cancellationToken);
        return memory;
    }

    private async ValueTask<IAsyncDisposable> HoldAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _lock.TakeAsync("notices", s_patience, cancellationToken);
        }
        catch (TargetLockedException held)
        {
            throw new StateException($"{FilePath} is being written by {held.Holder}", "end that process if it hangs", held);
        }
    }
}
