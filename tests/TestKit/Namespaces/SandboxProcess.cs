using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace AllowlistSync.TestKit;

/// <summary>A program that runs in a sandbox. Disposing kills it with everything that it started and that still hangs on it.</summary>
public sealed class SandboxProcess : IAsyncDisposable
{
    /// <summary>How long to wait for output after the program ended: a daemon that it left behind may hold the pipe for ever.</summary>
    private const int GraceRounds = 20;
    private static readonly TimeSpan GraceRound = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;
    private readonly OutputPump _out;
    private readonly OutputPump _err;

    private SandboxProcess(Process process)
    {
        _process = process;
        _out = OutputPump.Start(process.StandardOutput);
        _err = OutputPump.Start(process.StandardError);
    }

    /// <summary>The process id as this machine sees it; null when the program ended before it could be read.</summary>
    public int? Pid { get; private set; }

    /// <summary>What it has printed so far.</summary>
    public string StdOut => _out.Text;

    /// <summary>What it has printed to standard error so far.</summary>
    public string StdErr => _err.Text;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Waits for its end and gives exit code and output.</summary>
    public async Task<SandboxResult> WaitForExitAsync(CancellationToken ct)
    {
        await _process.WaitForExitAsync(ct);
        await DrainAsync(Task.WhenAll(_out.Completion, _err.Completion), ct);
        return new SandboxResult(_process.ExitCode, StdOut, StdErr);
    }

    /// <summary>Waits until standard output or standard error holds the text; false when the program ended without having printed it.</summary>
    public async Task<bool> WaitForOutputAsync(string text, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var waits = new List<Task<bool>> { _out.WaitForAsync(text, stop.Token), _err.WaitForAsync(text, stop.Token) };
        try
        {
            while (waits.Count > 0)
            {
                var first = await Task.WhenAny(waits);
                if (await first)
                {
                    return true;
                }

                waits.Remove(first);
            }

            return false;
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    /// <summary>Sends a signal to the program itself (15 is TERM, 1 is HUP, 9 is KILL).</summary>
    /// <exception cref="Win32Exception">It has ended.</exception>
    public void Signal(int signal)
    {
        if (Pid is not { } pid || _process.HasExited || Libc.Kill(pid, signal) != 0)
        {
            throw new Win32Exception($"Signal {signal} could not be sent: the program has ended.");
        }
    }

    /// <summary>Kills the program and its children, and waits for its end.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    // In rounds, of which each waits for a thread as the pumps do: where the tests keep all threads busy, one long wait would be over before the pumps had their turn.
    private static async Task DrainAsync(Task drained, CancellationToken ct)
    {
        for (var round = 0; round < GraceRounds && !drained.IsCompleted && !ct.IsCancellationRequested; round++)
        {
            await Task.WhenAny(drained, Task.Delay(GraceRound, TimeProvider.System, ct));
        }
    }

    internal static SandboxProcess Start(ProcessStartInfo start)
    {
        start.UseShellExecute = false;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return new SandboxProcess(Process.Start(start)!);
    }

    /// <summary>Writes the whole input and closes it. A program that ends without reading its input is no error.</summary>
    internal async Task FeedAsync(string? input, CancellationToken ct)
    {
        try
        {
            if (input is not null)
            {
                await _process.StandardInput.WriteAsync(input.AsMemory(), ct);
            }

            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // EPIPE: the exit code says more than this would.
        }
    }

    /// <summary>nsenter forks, as only a child gets into the pid namespace: the program is that child.</summary>
    internal async Task FindPidAsync(CancellationToken ct)
    {
        while (Pid is null && !_process.HasExited)
        {
            Pid = ChildOf(_process.Id);
            if (Pid is null)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, ct);
            }
        }
    }

    /// <summary>The first child of a process, null when it has none or has ended.</summary>
    internal static int? ChildOf(int pid)
    {
        try
        {
            var children = File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return children.Length == 0 ? null : int.Parse(children[0], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
