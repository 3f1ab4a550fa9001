using System.Globalization;
using AllowlistSync.TestKit;

namespace AllowlistSync.Benchmarks.Proofs;

/// <summary>
/// Listing, reading and proving of long rule sets, each in a sandbox and a process of its own. <c>proof</c> runs all, <c>proof N...</c> the
/// ones of these numbers; <c>--inside N</c> is the part that runs in the sandbox.
/// </summary>
public static class ProofBenchmark
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    /// <summary>Runs the command; 0 done, 1 one of them failed, 2 it cannot run here, 64 wrong usage.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["--inside", var one])
        {
            InsideProof.Run(BigRuleSet.All[int.Parse(one, CultureInfo.InvariantCulture)]);
            return 0;
        }

        if (args.Any(arg => !int.TryParse(arg, CultureInfo.InvariantCulture, out var number) || number < 0 || number >= BigRuleSet.All.Length))
        {
            await Console.Error.WriteLineAsync("usage: proof [NUMBER...]");
            return 64;
        }

        if (Sandbox.CannotRunReason() is { } reason)
        {
            await Console.Error.WriteLineAsync($"no sandbox can be made here: {reason}");
            return 2;
        }

        Console.WriteLine(InsideProof.Header);
        var failed = false;
        foreach (var number in args.Length > 0 ? args : [.. Enumerable.Range(0, BigRuleSet.All.Length).Select(index => index.ToString(CultureInfo.InvariantCulture))])
        {
            await using var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, CancellationToken.None);
            var inside = await sandbox.RunAsync([Environment.ProcessPath!, "proof", "--inside", number], timeout: Limit);
            Console.Write(inside.StdOut);
            await Console.Error.WriteAsync(inside.StdErr);
            failed |= inside.ExitCode != 0;
        }

        return failed ? 1 : 0;
    }
}
