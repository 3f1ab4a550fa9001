using System.Diagnostics;

namespace AllowlistSync.Benchmarks.Addresses;

/// <summary>Runs a program from start to exit, its output drained to a file, and takes the wall time.</summary>
internal static class TimedProcess
{
    /// <returns>Milliseconds.</returns>
    internal static double Run(string[] command, string outputFile)
    {
        var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (string argument in command[1..])
        {
            start.ArgumentList.Add(argument);
        }

        using var output = File.Create(outputFile);
        long began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start.");
        process.StandardOutput.BaseStream.CopyTo(output, 256 * 1024);
        process.WaitForExit();
        double milliseconds = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        return process.ExitCode == 0
            ? milliseconds
            : throw new InvalidOperationException($"{command[0]} ended with {process.ExitCode}.");
    }
}
