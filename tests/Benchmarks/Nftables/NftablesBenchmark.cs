using AllowlistSync.TestKit;

namespace AllowlistSync.Benchmarks.Nftables;

/// <summary>
/// The published program against bare <c>nft</c>, as whole processes, alternating in one run, in a sandbox.
/// <c>nftables --program FILE</c> runs all; <c>--inside</c> is the part that runs in the sandbox, so that no <c>nsenter</c> is measured.
/// </summary>
public static class NftablesBenchmark
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

    /// <summary>Runs the command; 0 done, 1 connections were lost or the number of processes grew, 2 it cannot run here, 64 wrong usage.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        switch (args)
        {
            case ["--inside", var program, var folder]:
                return InsideBenchmark.Run(new NftWorkshop(program, folder)) ? 0 : 1;
            case ["--program", var program] when File.Exists(program):
                return await OutsideAsync(Path.GetFullPath(program));
            default:
                await Console.Error.WriteLineAsync("usage: nftables --program FILE (made by `dotnet publish src/AllowlistSync`)");
                return 64;
        }
    }

    private static async Task<int> OutsideAsync(string program)
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
            var inside = await sandbox.RunAsync([Environment.ProcessPath!, "nftables", "--inside", program, folder.FullName], timeout: Limit);
            Console.Write(inside.StdOut);
            Console.Error.Write(inside.StdErr);
            var lost = await LossBenchmark.RunAsync(sandbox, new NftWorkshop(program, folder.FullName));
            return inside.ExitCode != 0 ? inside.ExitCode : lost == 0 ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
