using System.Runtime.InteropServices;

namespace AllowlistSync.Providers.Host.Hosts;

/// <summary>
/// A record lock of a whole file (fcntl(2)): the lock that ufw and others take with lockf(3). The kernel releases it when the process ends in whatever way. Such a lock belongs
/// to the process: its own second one would be granted, and would end the first when it is closed. So this process keeps count of its own.
/// </summary>
internal sealed class FileLock : IAsyncDisposable, IDisposable
{
    private static readonly HashSet<FileIdentity> Held = [];

    private readonly FileStream _file;
    private readonly FileIdentity _identity;

    private FileLock(FileStream file, FileIdentity identity) => (_file, _identity) = (file, identity);

    /// <summary>Takes it, or null when another process, or another part of this one, has it.</summary>
    public static FileLock? TryTake(string path)
    {
        lock (Held)
        {
            return File.Exists(path) && Held.Contains(FileOwner.IdentityOf(path)) ? null : Take(path);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (Held)
        {
            Held.Remove(_identity);
            _file.Dispose();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private static FileLock? Take(string path)
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
        }
        catch (IOException)
        {
            file.Dispose();
            return null;
        }

        var identity = FileOwner.IdentityOf(path);
        Held.Add(identity);
        return new FileLock(file, identity);
    }
}

/// <summary>Which file it is, whatever its path: two mount namespaces may have two under one.</summary>
/// <param name="Major">The device.</param>
/// <param name="Minor">The device.</param>
/// <param name="Node">The number within it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FileIdentity(uint Major, uint Minor, ulong Node);
