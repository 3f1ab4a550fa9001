using System.Diagnostics;

namespace AllowlistSync.TestKit;

/// <summary>
/// An origin host for a test: network, mount, pid and uts namespaces of its own, with /etc, /var and /usr that may be changed freely and a
/// private /run. /tmp, /root and /home are those of this machine. Nothing stays behind, even when the test process is killed.
/// Any number may run side by side.
/// </summary>
public sealed class Sandbox : IAsyncDisposable
{
    internal const string Path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);
    private static int _count;

    private readonly SandboxHolder _holder;
    private readonly SandboxOptions _options;
    private readonly SandboxFiles _files;
    private readonly string _identity;
    private bool _disposed;

    private Sandbox(string name, SandboxHolder holder, SandboxOptions options)
    {
        Name = name;
        _holder = holder;
        _options = options;
        EnterPrefix = [SandboxSupport.PathOf("nsenter"), "-t", $"{Pid}", "-m", "-n", "-p", "-u", "--"];
        NamespaceGuard.DemandForeign($"{Pid}", "pid");
        _identity = NamespaceGuard.IdentityOf($"{Pid}", "net");
        Net = NetNamespace.OfProcess(Pid);
        _files = new SandboxFiles(Pid);
    }

    /// <summary>The first process of the sandbox, as this machine numbers it.</summary>
    public int Pid => _holder.Pid;

    /// <summary>The host name inside, unique on this machine.</summary>
    public string Name { get; }

    /// <summary>What to put before a command line so that it runs inside: <c>nsenter -t PID -m -n -p -u --</c>. The working directory becomes /.</summary>
    public IReadOnlyList<string> EnterPrefix { get; }

    /// <summary>Its network, for sockets that this process opens inside.</summary>
    public NetNamespace Net { get; }

    /// <summary>Why no sandbox can be made here, such as "needs root"; null when it can.</summary>
    public static string? CannotRunReason()
    {
        return SandboxSupport.CannotRunReason;
    }

    /// <summary>Brings a sandbox up.</summary>
    /// <exception cref="InvalidOperationException">It cannot be made here; the message says why.</exception>
    public static async Task<Sandbox> StartAsync(SandboxOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (CannotRunReason() is { } reason)
        {
            throw new InvalidOperationException($"No sandbox can be made here: {reason}.");
        }

        string name = $"als-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}";
        var holder = await SandboxHolder.StartAsync(name, options, ct);
        try
        {
            return new Sandbox(name, holder, options);
        }
        catch
        {
            await holder.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a program inside and waits for its end.</summary>
    /// <param name="argv">The program and its arguments.</param>
    /// <param name="stdin">Its whole input; null for none.</param>
    /// <param name="timeout">30 seconds when null.</param>
    /// <param name="ct">Kills the program when cancelled.</param>
    /// <exception cref="TimeoutException">It took too long and was killed with its children; the message holds what it had printed.</exception>
    public async Task<SandboxResult> RunAsync(IReadOnlyList<string> argv, string? stdin = null, TimeSpan? timeout = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(argv);
        var limit = timeout ?? DefaultTimeout;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        stop.CancelAfter(limit);
        await using var process = SandboxProcess.Start(StartInfo(argv));
        try
        {
            await process.FeedAsync(stdin, stop.Token);
            return await process.WaitForExitAsync(stop.Token);
        }
        catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException($"{string.Join(' ', argv)} did not end within {limit}.\nstderr: {process.StdErr}\nstdout: {process.StdOut}", late);
        }
    }

    /// <summary>Starts a program inside and leaves it running; its input is empty.</summary>
    public async Task<SandboxProcess> StartProcessAsync(IReadOnlyList<string> argv, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(argv);
        var process = SandboxProcess.Start(StartInfo(argv));
        await process.FeedAsync(null, ct);
        await process.FindPidAsync(ct);
        return process;
    }

    /// <summary>The text of a file inside.</summary>
    /// <exception cref="IOException">It is absent or cannot be read.</exception>
    public Task<string> ReadFileAsync(string path, CancellationToken ct = default)
    {
        Demand(path);
        return _files.RunAsync(() => File.ReadAllText(path)).WaitAsync(ct);
    }

    /// <summary>Whether a file or directory exists inside.</summary>
    public Task<bool> ExistsAsync(string path, CancellationToken ct = default)
    {
        Demand(path);
        return _files.RunAsync(() => System.IO.Path.Exists(path)).WaitAsync(ct);
    }

    /// <summary>Writes a file inside and the directories above it. Under /tmp, /root and /home this machine's own files would change: those are refused.</summary>
    public Task WriteFileAsync(string path, string content, UnixFileMode? mode = null, CancellationToken ct = default)
    {
        Demand(path);
        if (!path.StartsWith("/run/", StringComparison.Ordinal) && !_options.Overlays.Any(top => path.StartsWith(top + "/", StringComparison.Ordinal)))
        {
            throw new ArgumentException($"{path} is not under an overlay of the sandbox or /run: writing it would change this machine. Nothing was written.", nameof(path));
        }

        return _files.RunAsync(() => SandboxFiles.Write(path, content, mode)).WaitAsync(ct);
    }

    /// <summary>Does synchronous work with files as a program inside sees them. Under /tmp, /root and /home they are this machine's own.</summary>
    public Task<T> WithFilesAsync<T>(Func<T> work)
    {
        DemandAlive();
        return _files.RunAsync(work);
    }

    /// <summary>Joins "the whole Internet" to this host: see <see cref="PacketClient" />. Once per sandbox.</summary>
    public Task<PacketClient> ConnectClientAsync(CancellationToken ct = default)
    {
        DemandAlive();
        return PacketClient.ConnectAsync(this, ct);
    }

    /// <summary>Ends everything that runs inside and frees it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            Net.Dispose();
            _files.Dispose();
            await _holder.DisposeAsync();
        }
    }

    private ProcessStartInfo StartInfo(IReadOnlyList<string> argv)
    {
        DemandAlive();
        var start = new ProcessStartInfo(EnterPrefix[0], EnterPrefix.Skip(1).Concat(argv));
        start.Environment.Clear();
        start.Environment["PATH"] = Path;
        start.Environment["LC_ALL"] = "C";
        start.Environment["HOME"] = "/root";
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root)
        {
            start.Environment["DOTNET_ROOT"] = root;
        }

        foreach (var (name, value) in _options.Environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private void Demand(string path)
    {
        DemandAlive();
        if (System.IO.Path.GetFullPath(path) != path)
        {
            throw new ArgumentException($"{path} is not an absolute path without dots.", nameof(path));
        }
    }

    // A dead sandbox's process id may have been given to another process, and entering that one's namespaces would be entering this machine.
    private void DemandAlive()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (NamespaceGuard.IdentityOf($"{Pid}", "net") != _identity)
        {
            throw new InvalidOperationException($"The sandbox {Name} is gone: process {Pid} is another one now.");
        }
    }
}
