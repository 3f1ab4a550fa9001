using System.Diagnostics;

namespace AllowlistSync.TestKit;

/// <summary>Runs a program in a network namespace that has no sandbox around it: half the time of one, as nothing but sockets and rules is its own.</summary>
public static class NetTool
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Runs a program inside and waits for its end.</summary>
    /// <param name="net">Where.</param>
    /// <param name="argv">The program and its arguments.</param>
    /// <param name="stdin">Its whole input; null for none.</param>
    /// <param name="ct">Kills the program when cancelled.</param>
    /// <exception cref="TimeoutException">It took longer than 30 seconds and was killed.</exception>
    public static async Task<SandboxResult> RunAsync(NetNamespace net, IReadOnlyList<string> argv, string? stdin = null, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(net);
        ArgumentNullException.ThrowIfNull(argv);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        stop.CancelAfter(Limit);

        // A program belongs to the namespace of the thread that starts it; all else may happen anywhere.
        await using var process = await net.RunAsync(() => SandboxProcess.Start(StartInfo(argv)));
        try
        {
            await process.FeedAsync(stdin, stop.Token);
            return await process.WaitForExitAsync(stop.Token);
        }
        catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException($"{string.Join(' ', argv)} did not end within {Limit}.\nstderr: {process.StdErr}", late);
        }
    }

    private static ProcessStartInfo StartInfo(IReadOnlyList<string> argv)
    {
        var start = new ProcessStartInfo(SandboxSupport.PathOf(argv[0]), argv.Skip(1));
        start.Environment["LC_ALL"] = "C";

        // x_tables is per namespace, its lock file is not: without this, tests would wait for each other and for the machine's own firewall.
        start.Environment["XTABLES_LOCKFILE"] = "/dev/null";
        return start;
    }
}
