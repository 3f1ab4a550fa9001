using System.Diagnostics;

namespace AllowlistSync.Providers.Host.Hosts;

/// <summary>A program that runs until it is let go: it ends when its input ends. Its end is that of the process: what it started may keep its output open for longer.</summary>
internal sealed class HeldProgram(IDisposable owner, Process process, TextWriter input, TextReader output, TextReader error) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>True when it has ended.</summary>
    public bool HasEnded => process.HasExited;

    /// <summary>The next line that it says; null when it ended, or said nothing in time.</summary>
    public async ValueTask<string?> ReadLineAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(limit);
        try
        {
            return await output.ReadLineAsync(stop.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>The exit code and what stood in its standard error; null when it goes on after some time.</summary>
    public async ValueTask<(int ExitCode, string Error)?> EndAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(limit);
        var said = new StringWriter();
        try
        {
            await process.WaitForExitAsync(stop.Token);
            while (await error.ReadLineAsync(stop.Token) is { } line)
            {
                said.WriteLine(line);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return process.HasExited ? (process.ExitCode, said.ToString()) : null;
        }

        return (process.ExitCode, said.ToString());
    }

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
            process.Kill(entireProcessTree: true);
        }
        catch (IOException gone)
        {
            // It ended before it had read what it was given.
            _ = gone;
        }

        owner.Dispose();
    }
}
