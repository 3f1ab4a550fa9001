using System.Diagnostics;

namespace AllowlistSync.TestKit;

/// <summary>
/// The first process of a sandbox. It waits for the end of our pipe: when this process ends, even by kill -9, the pipe closes,
/// the first process ends, and the kernel ends all others in the pid namespace and frees its mounts and devices.
/// (A death signal would not do: .NET starts programs from any thread, and it fires when that thread ends.)
/// </summary>
internal sealed class SandboxHolder : IAsyncDisposable
{
    // The upper layers lie on a tmpfs that is put on /run and taken away from there again: the overlays keep it. Nothing is mounted or
    // made outside of the new mount namespace. bash, because it reaps orphans; cat, because bash reaps while it waits for it.
    private const string Script = """
        set -e
        own=$1 name=$2; shift 2
        [ "$(readlink /proc/self/ns/mnt)" != "$own" ] || { echo 'still in the mount namespace of the machine' >&2; exit 1; }
        mount -t tmpfs -o mode=755 layers /run
        n=0
        for d in "$@"; do
          n=$((n+1)); mkdir -p /run/$n/upper /run/$n/work
          chmod --reference="$d" /run/$n/upper
          mount -t overlay layers -o "lowerdir=$d,upperdir=/run/$n/upper,workdir=/run/$n/work" "$d"
        done
        umount /run
        mount -t tmpfs -o mode=755 run /run
        mkdir -p /run/lock /run/dbus /run/netns
        mount -t sysfs -o ro sys /sys || echo 'sysfs stays that of the machine' >&2
        hostname "$name"
        ip link set lo up
        echo ready
        cat >/dev/null
        """;

    private readonly Process _process;

    private SandboxHolder(Process process, int pid)
    {
        _process = process;
        Pid = pid;
    }

    internal int Pid { get; }

    internal static async Task<SandboxHolder> StartAsync(string name, SandboxOptions options, CancellationToken ct)
    {
        string[] argv =
        [
            "--mount", "--net", "--pid", "--uts", "--fork", "--kill-child", "--mount-proc", "--propagation", "private",
            "bash", "-c", Script, "sandbox", NamespaceGuard.IdentityOf("self", "mnt"), name, .. options.Overlays,
        ];
        var start = new ProcessStartInfo(SandboxSupport.PathOf("unshare"), argv)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = Sandbox.Path;
        start.Environment["LC_ALL"] = "C";
        var process = Process.Start(start)!;
        try
        {
            return new SandboxHolder(process, await WaitUntilReadyAsync(process, options.StartTimeout, ct));
        }
        catch
        {
            process.StandardInput.Close();
            process.Dispose();
            throw;
        }
    }

    /// <summary>Closes the pipe and waits until the kernel has taken everything down.</summary>
    public async ValueTask DisposeAsync()
    {
        // SIGKILL, as the first process of a pid namespace ignores all others that it has no handler for; 0 or ESRCH are both fine.
        if (!_process.HasExited)
        {
            _ = Libc.Kill(Pid, 9);
        }

        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<int> WaitUntilReadyAsync(Process process, TimeSpan timeout, CancellationToken ct)
    {
        string? line = await process.StandardOutput.ReadLineAsync(ct).AsTask().WaitAsync(timeout, TimeProvider.System, ct);
        if (line != "ready")
        {
            string said = await process.StandardError.ReadToEndAsync(ct);
            throw new InvalidOperationException($"The sandbox did not start: {said.Trim()}");
        }

        return SandboxProcess.ChildOf(process.Id) ?? throw new InvalidOperationException("The first process of the sandbox is gone.");
    }
}
