using AllowlistSync.TestKit;

namespace AllowlistSync.Benchmarks;

/// <summary>Runs the inner part of a benchmark, this very program with <c>NAME --inside PROGRAM FOLDER</c>, in a sandbox: this machine's own firewall is not touched.</summary>
internal static class InSandbox
{
    /// <summary>Runs it, and prints what it prints; its exit code, or 2 when no sandbox can be made here.</summary>
    /// <param name="name">The benchmark.</param>
    /// <param name="program">The program that is measured.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="prepare">What is done in the sandbox before.</param>
    /// <param name="afterwards">What is done when it ended with 0, with the folder of the benchmark; its exit code takes that one's place.</param>
    public static async Task<int> RunAsync(string name, string program, TimeSpan limit, Func<Sandbox, Task>? prepare = null, Func<Sandbox, string, Task<int>>? afterwards = null)
    {
        if (Sandbox.CannotRunReason() is { } reason)
        {
            await Console.Error.WriteLineAsync($"no sandbox can be made here: {reason}");
            return 2;
        }

        // On a disk of this machine and not in the sandbox's memory: an apply waits for its state to be on disk.
        var folder = Directory.CreateTempSubdirectory("allowlist-sync-bench-");
        try
        {
            await using var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, CancellationToken.None);
            await (prepare?.Invoke(sandbox) ?? Task.CompletedTask);
            var inside = await sandbox.RunAsync([Environment.ProcessPath!, name, "--inside", Path.GetFullPath(program), folder.FullName], timeout: limit);
            Console.Write(inside.StdOut);
            Console.Error.Write(inside.StdErr);
            return inside.ExitCode != 0 || afterwards is null ? inside.ExitCode : await afterwards(sandbox, folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
