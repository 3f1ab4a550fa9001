using Microsoft.Win32.SafeHandles;

namespace AllowlistSync.TestKit;

/// <summary>
/// Reads and writes files of a sandbox on a thread that entered its mount namespace.
/// Not through /proc/PID/root: an absolute link on the way (/var/run, many in /etc) would lead back to this machine's own files.
/// </summary>
internal sealed class SandboxFiles : IDisposable
{
    private readonly SafeFileHandle _mounts;

    internal SandboxFiles(int pid)
    {
        NamespaceGuard.DemandForeign($"{pid}", "mnt");
        _mounts = Libc.Open($"/proc/{pid}/ns/mnt", Libc.ReadOnlyCloseOnExec);
        Libc.Demand(_mounts.IsInvalid ? -1 : 0, $"open /proc/{pid}/ns/mnt");
    }

    internal Task<T> RunAsync<T>(Func<T> work)
    {
        return NamespaceThread.RunAsync(() =>
        {
            // A thread may change its mount namespace only when it shares its root and working directory with no other.
            Libc.Demand(Libc.Unshare(Libc.CloneFs), "unshare");
            Libc.Demand(Libc.SetNs(_mounts, Libc.CloneNewNs), "setns");
            return work();
        });
    }

    internal static bool Write(string path, string content, UnixFileMode? mode)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        if (mode is { } bits && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, bits);
        }

        return true;
    }

    public void Dispose()
    {
        _mounts.Dispose();
    }
}
