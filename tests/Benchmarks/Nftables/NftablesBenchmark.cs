
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
                return await InSandbox.RunAsync("nftables", program, Limit, afterwards: async (sandbox, folder) => await LossBenchmark.RunAsync(sandbox, new NftWorkshop(Path.GetFullPath(program), folder)) == 0 ? 0 : 1);
            default:
                await Console.Error.WriteLineAsync("usage: nftables --program FILE (made by `dotnet publish src/AllowlistSync`)");
                return 64;
        }
    }

}
