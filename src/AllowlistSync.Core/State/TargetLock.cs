using System.Globalization;
using System.Text;

namespace AllowlistSync.Core.State;

/// <summary>
/// The lock of one target: flock(2) on a file through <see cref="FileShare.None"/>, which the kernel releases when the process ends
/// in whatever way. Who holds it is written beside it as a courtesy: a disk that is full or read-only keeps nobody from undoing a change.
/// </summary>
internal sealed class TargetLock(string directory, string target, TimeProvider time)
{
    // errno(3) on Linux; .NET gives it as the HResult of the IOException.
    private const int WouldBlock = 11;
    private const int ReadOnlyFileSystem = 30;

    private string LockPath => Path.Combine(directory, "lock");

    // Beside the lock and not in it: opening a file in .NET asks for a shared flock, which the holder of the lock denies.
    private string HolderPath => Path.Combine(directory, "holder");

    /// <summary>Takes it until disposed. Throws <see cref="TargetLockedException"/> when another run has it, <see cref="StateException"/> when it cannot be had at all.</summary>
    public async ValueTask<IAsyncDisposable> TakeAsync(string purpose, CancellationToken cancellationToken)
    {
        StateDirectory.Ensure(directory);
        FileStream file;
        try
        {
            file = OpenForAny();
        }
        catch (IOException held) when (held.HResult == WouldBlock)
        {
            throw new TargetLockedException(target, await HolderAsync(cancellationToken));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw StateDirectory.Unwritable(LockPath, failure);
        }

        await SignAsync(purpose, cancellationToken);
        return new Hold(this, file);
    }

    /// <summary>The same, and waits for another run to give it up.</summary>
    public ValueTask<IAsyncDisposable> TakeAsync(string purpose, TimeSpan patience, CancellationToken cancellationToken) =>
        LockPatience.TakeAsync(token => TakeAsync(purpose, token), patience, time, cancellationToken);

    /// <summary>Who has it now, by what it wrote; null when nobody has. For a moment it keeps others out itself.</summary>
    public async ValueTask<string?> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var free = new FileStream(LockPath, FileMode.Open, FileAccess.Read, FileShare.Read);
            return null;
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (IOException held) when (held.HResult == WouldBlock)
        {
            return await HolderAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StateException($"{LockPath} cannot be read: {failure.Clause()}", "run as the user who runs the daemon (usually root)", failure);
        }
    }

    // A disk with errors is often mounted read-only by the kernel; a lock that is there already can still be taken.
    private FileStream OpenForAny()
    {
        try
        {
            return Open(FileAccess.ReadWrite);
        }
        catch (IOException failure) when (failure.HResult == ReadOnlyFileSystem)
        {
            return Open(FileAccess.Read);
        }
    }

    private FileStream Open(FileAccess access) => new(LockPath, new FileStreamOptions
    {
        Mode = FileMode.OpenOrCreate,
        Access = access,
        Share = FileShare.None,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    });

    private async ValueTask SignAsync(string purpose, CancellationToken cancellationToken)
    {
        try
        {
            var now = time.GetUtcNow().ToString("u", CultureInfo.InvariantCulture);
            await AtomicFile.WriteAsync(HolderPath, Encoding.UTF8.GetBytes($"process {Environment.ProcessId} ({purpose}) since {now}"), cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // What stands there was left by another process, which was killed.
            Unsign();
        }
    }

    private void Unsign()
    {
        try
        {
            File.Delete(HolderPath);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The text is only read while somebody holds the lock.
            return;
        }
    }

    private async ValueTask<string> HolderAsync(CancellationToken cancellationToken)
    {
        try
        {
            var text = await File.ReadAllTextAsync(HolderPath, cancellationToken);
            return text.Length > 0 ? text : "another process";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }

    private sealed class Hold(TargetLock held, FileStream file) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            held.Unsign();
            return file.DisposeAsync();
        }
    }
}
