using Microsoft.Win32.SafeHandles;

namespace AllowlistSync.TestKit;

/// <summary>
/// A network namespace, kept alive by an open descriptor: when this process ends in whatever way, the kernel takes it down, veths included.
/// Never this machine's own one.
/// </summary>
public sealed class NetNamespace : IDisposable
{
    private readonly SafeFileHandle _handle;

    private NetNamespace(SafeFileHandle handle)
    {
        _handle = handle;
    }

    /// <summary>A path for programs that this process starts: <c>ip link set v0 netns PATH</c>. Good as long as this object is not disposed of.</summary>
    internal string Path => $"/proc/{Environment.ProcessId}/fd/{_handle.DangerousGetHandle()}";

    /// <summary>The network namespace of a process.</summary>
    /// <exception cref="InvalidOperationException">It is this machine's own.</exception>
    public static NetNamespace OfProcess(int pid)
    {
        NamespaceGuard.DemandForeign($"{pid}", "net");
        return new NetNamespace(Open($"/proc/{pid}/ns/net"));
    }

    /// <summary>A new network namespace, without a name and with its loopback down.</summary>
    public static Task<NetNamespace> CreateAsync()
    {
        return NamespaceThread.RunAsync(() =>
        {
            Libc.Demand(Libc.Unshare(Libc.CloneNewNet), "unshare");
            NamespaceGuard.DemandForeign("thread-self", "net");
            return new NetNamespace(Open("/proc/thread-self/ns/net"));
        });
    }

    /// <summary>
    /// Runs work on a new thread inside the namespace. Sockets made there stay there for good, and programs started there run there.
    /// The work must not await.
    /// </summary>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return NamespaceThread.RunAsync(() =>
        {
            Libc.Demand(Libc.SetNs(_handle, Libc.CloneNewNet), "setns");
            NamespaceGuard.DemandForeign("thread-self", "net");
            return work();
        });
    }

    /// <inheritdoc cref="RunAsync{T}" />
    public Task RunAsync(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return RunAsync(() =>
        {
            work();
            return true;
        });
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _handle.Dispose();
    }

    private static SafeFileHandle Open(string path)
    {
        var handle = Libc.Open(path, Libc.ReadOnlyCloseOnExec);
        Libc.Demand(handle.IsInvalid ? -1 : 0, $"open {path}");
        return handle;
    }
}
