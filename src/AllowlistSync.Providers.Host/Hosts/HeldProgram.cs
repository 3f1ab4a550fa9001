using System.Diagnostics;
using System.Text;

namespace AllowlistSync.Providers.Host.Hosts;

/// <summary>A program that runs until it is let go: it ends when its input ends. Its end is that of the process: what it started may keep its output open for longer.</summary>
internal sealed class HeldProgram(IDisposable owner, Process process, TextWriter input, TextReader output, TextReader error) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>True when it has ended.</summary>
    public bool HasEnded => process.HasExited;

    /// <summary>The next line that it says; null when it ended, or said nothing in time. After a time-out or a cancellation it can only be let go.</summary>
    public async ValueTask<string?> ReadLineAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            // A read of a pipe cannot be cancelled; the end of the program ends it.
            return await output.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(limit, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>The exit code and what stood in its standard error; null when it goes on after some time.</summary>
    public async ValueTask<(int ExitCode, string Error)?> EndAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var said = new StringBuilder();
        try
        {
            await process.WaitForExitAsync(cancellationToken).WaitAsync(limit, cancellationToken);
            while (await error.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(limit, cancellationToken) is { } line)
            {
                said.Append(line).Append('\n');
            }
        }
        catch (TimeoutException)
        {
            return process.HasExited ? (process.ExitCode, said.ToString()) : null;
        }

        return (process.ExitCode, said.ToString());
    }

    /// <summary>Ends it at once.</summary>
    public void Kill() => process.Kill(entireProcessTree: true);

    /// <summary>Ends its input, and waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        using var stop = new CancellationTokenSource(Patience);
        try
        {
            await input.DisposeAsync();
            await process.WaitForExitAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            Kill();
        }
        catch (IOException gone)
        {
            // It ended before it had read what it was given.
            _ = gone;
        }

        owner.Dispose();
    }
}
