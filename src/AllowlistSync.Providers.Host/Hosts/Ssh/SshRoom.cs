namespace AllowlistSync.Providers.Host.Hosts.Ssh;

/// <summary>
/// A directory of this machine that is ours alone: the socket of a connection, the sockets that lead on from it, and what ssh says. A lock in it shows that its owner lives, also to a process with other process ids;
/// what a killed one left is swept by the first room of the next.
/// </summary>
internal sealed class SshRoom : IDisposable
{
    private const string Prefix = "als-ssh-";
    private const string LockName = "lock";

    // Whoever makes a room takes its lock a moment later.
    private static readonly TimeSpan Young = TimeSpan.FromMinutes(1);
    private static int s_swept;

    private readonly FileLock? _lock;
    private int _count;

    /// <summary>Makes one in the temporary directory.</summary>
    public SshRoom()
    {
        _lock = FileLock.TryTake(Path.Combine(Directory, LockName));
        if (Interlocked.Exchange(ref s_swept, 1) == 0)
        {
            SweepBeside(Directory);
        }
    }

    /// <summary>Its path. 0700: whoever can write to the socket of the connection is signed in.</summary>
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory(Prefix).FullName;

    /// <summary>A name that nobody used before.</summary>
    public string Next(string kind) => $"{Directory}/{kind}{Interlocked.Increment(ref _count)}";

    /// <summary>What ssh said, which is gone then.</summary>
    public static string Take(string log)
    {
        try
        {
            var said = File.ReadAllText(log);
            File.Delete(log);
            return said;
        }
        catch (IOException absent)
        {
            return absent is FileNotFoundException ? "" : $"{absent.Message}\n";
        }
    }

    /// <summary>Deletes the rooms of this user whose owners are dead. Rooms of others are not touched: deleting in a directory that somebody else can change leads anywhere.</summary>
    public static void SweepBeside(string room)
    {
        var others = System.IO.Directory.GetDirectories(Path.GetDirectoryName(room)!, Prefix + "*").Where(other => other != room);
        foreach (var other in others)
        {
            try
            {
                SweepOne(room, other);
            }
            catch (Exception stays) when (stays is IOException or UnauthorizedAccessException)
            {
                // It is somebody's work to have gone, or to stay; ours goes on.
                _ = stays;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Delete(Directory);
        _lock?.Dispose();
    }

    private static void SweepOne(string room, string other)
    {
        var path = Path.Combine(other, LockName);
        if (!FileOwner.IsOfSameUser(room, other) || !File.Exists(path) || TimeProvider.System.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(path) < Young)
        {
            return;
        }

        // A free lock is the death of its owner.
        using var free = FileLock.TryTake(path);
        if (free is not null)
        {
            Delete(other);
        }
    }

    private static void Delete(string directory)
    {
        try
        {
            System.IO.Directory.Delete(directory, recursive: true);
        }
        catch (IOException stays)
        {
            // The work is done whatever becomes of it.
            _ = stays;
        }
    }
}
