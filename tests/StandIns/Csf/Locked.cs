using System.Text;

namespace AllowlistSync.StandIns.Csf;

/// <summary>A file under flock(2), which .NET takes for its sharing modes: <see cref="FileShare.None"/> is LOCK_EX, <see cref="FileShare.Read"/> of a reader LOCK_SH.</summary>
internal sealed class Locked : IDisposable
{
    private readonly FileStream _file;

    private Locked(FileStream file) => _file = file;

    public static Locked Shared(string path) => new(Wait(path, FileMode.Open, FileAccess.Read, FileShare.Read));

    public static Locked Exclusive(string path) => new(Wait(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));

    public string ReadAll()
    {
        _file.Position = 0;
        var bytes = new byte[_file.Length];
        _file.ReadExactly(bytes);
        return Encoding.Latin1.GetString(bytes);
    }

    public void WriteAll(string text)
    {
        _file.Position = 0;
        _file.SetLength(0);
        _file.Write(Encoding.Latin1.GetBytes(text));
    }

    public void Dispose() => _file.Dispose();

    // Any other trouble than a lock that is held repeats itself at the last try.
    private static FileStream Wait(string path, FileMode mode, FileAccess access, FileShare share)
    {
        for (var tries = 0; tries < 2000; tries++)
        {
            try
            {
                return new FileStream(path, mode, access, share);
            }
            catch (IOException held) when (held is not (FileNotFoundException or DirectoryNotFoundException))
            {
                Thread.Sleep(5);
            }
        }

        return new FileStream(path, mode, access, share);
    }
}

/// <summary>The lock of a csf that starts or stops: whoever comes second ends at once, with EAGAIN as its exit code.</summary>
internal static class CsfLock
{
    private const int TryAgain = 11;

    public static IDisposable Take()
    {
        try
        {
            return new FileStream(Places.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new ExitException(TryAgain, "", "Error: csf is being restarted, try again in a moment: Resource temporarily unavailable at /usr/sbin/csf line 1.\n");
        }
    }
}
