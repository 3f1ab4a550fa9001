namespace AllowlistSync.Providers.Host.Hosts.Ssh;

/// <summary>A directory of this machine that is ours alone: the socket of a connection, the sockets that lead on from it, and what ssh says.</summary>
internal sealed class SshRoom : IDisposable
{
    private int _count;

    /// <summary>Its path. 0700: whoever can write to the socket of the connection is signed in.</summary>
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("als-ssh-").FullName;

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

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
        catch (IOException stays)
        {
            // The work is done whatever becomes of it.
            _ = stays;
        }
    }
}
