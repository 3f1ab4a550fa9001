using AllowlistSync.TestKit;

namespace AllowlistSync.CrashHost;

/// <summary>Holds a sandbox with a client and two daemons until it is killed, and writes their names into a file: for the test that nothing stays.</summary>
internal static class SandboxHolding
{
    public static async Task<int> RunAsync(string file)
    {
        await using var origin = await Sandbox.StartAsync(SandboxOptions.Default, CancellationToken.None);
        await using var client = await origin.ConnectClientAsync(CancellationToken.None);
        await using var daemon = await origin.StartProcessAsync(["sleep", "4321"], CancellationToken.None);
        var orphan = await origin.RunAsync(["bash", "-c", "setsid sleep 4322 >/dev/null 2>&1 & echo"], ct: CancellationToken.None);
        orphan.EnsureSuccess();
        await File.WriteAllTextAsync(file, $"{origin.Name} {origin.Pid} {daemon.Pid} {SleeperUnder(origin.Pid)} end");
        await Task.Delay(TimeSpan.FromSeconds(60), TimeProvider.System);
        return 1;
    }

    // Orphans of the sandbox become children of its first process, beside the one that waits for the pipe.
    private static int SleeperUnder(int pid) => File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(int.Parse).Single(child => File.ReadAllText($"/proc/{child}/comm").Trim() == "sleep");
}
