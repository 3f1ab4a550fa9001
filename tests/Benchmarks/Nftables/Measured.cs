using System.Diagnostics;
using System.Globalization;

namespace AllowlistSync.Benchmarks.Nftables;

/// <summary>Wall times of one command, in milliseconds.</summary>
internal sealed class Measured
{
    private readonly List<double> _times = [];

    internal double Min => _times.Min();

    internal double Median => _times.Order().ElementAt(_times.Count / 2);

    /// <summary>Runs a command from start to exit and takes the time; any other exit code than the expected is an error.</summary>
    internal void Run(string[] command, int exitCode = 0) => _times.Add(Time(command, exitCode));

    /// <summary>Runs a command without keeping the time.</summary>
    internal static double Time(string[] command, int exitCode = 0)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start.");
        var error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.BaseStream.CopyTo(Stream.Null, 256 * 1024);
        process.WaitForExit();
        var milliseconds = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        return process.ExitCode == exitCode
            ? milliseconds
            : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}: {error.Result}");
    }

    /// <summary>Minimum and median.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Min:F0} / {Median:F0}");

    /// <summary>The ratio of minima, and of medians.</summary>
    internal string Over(Measured other) => string.Create(CultureInfo.InvariantCulture, $"{Min / other.Min:F2} / {Median / other.Median:F2}");
}
