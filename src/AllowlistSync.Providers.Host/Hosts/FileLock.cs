namespace AllowlistSync.Providers.Host.Hosts;

/// <summary>A record lock of a whole file (fcntl(2)): the lock that ufw and others take with lockf(3). The kernel releases it when the process ends in whatever way.</summary>
internal sealed class FileLock : IAsyncDisposable
{
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Takes it, or null when another process has it.</summary>
    public static IAsyncDisposable? TryTake(string path)
    {
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
        });
        try
        {
            file.Lock(0, 0);
            return new FileLock(file);
        }
        catch (IOException)
        {
            file.Dispose();
            return null;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
