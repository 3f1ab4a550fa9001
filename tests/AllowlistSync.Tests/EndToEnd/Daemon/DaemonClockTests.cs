using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd.Daemon;

/// <summary>Somebody sets the clock while the daemon runs. The clock on the wall has no namespace, so libfaketime stands in front of it; the even clock of the kernel stays as it is, as it does in truth.</summary>
public sealed class DaemonClockTests
{
    private const string Offset = "/run/offset";
    private const string EverySecond = "(schedule,";

    [Fact]
    public async Task A_clock_that_is_set_forward_and_back_is_told_and_neither_stops_nor_floods_the_schedule()
    {
        var library = Directory.Exists("/usr/lib") ? Directory.EnumerateFiles("/usr/lib", "libfaketimeMT.so.1", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3 }).FirstOrDefault() : null;
        Assert.SkipWhen(library is null, "faketime is missing");
        await using var origin = await Origin.StartAsync(config: new ConfigText { Lines = RunningDaemon.Often });
        await origin.WriteAsync(Offset, "+0\n");
        await using var daemon = await RunningDaemon.StartAsync(
            origin, "env", $"LD_PRELOAD={library}", $"FAKETIME_TIMESTAMP_FILE={Offset}", "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1", "FAKETIME_DONT_RESET=1");
        await daemon.SaysAsync(EverySecond, 2);

        await SetAsync(origin, daemon, "+2h", "the clock was set by 7");
        await SetAsync(origin, daemon, "-1d", "the clock was set by -9");

        (await origin.RunAsync("diff")).Ended(0);
        await daemon.StopAsync();
    }

    private static async Task SetAsync(Origin origin, RunningDaemon daemon, string offset, string told)
    {
        var (before, began) = (daemon.Count(EverySecond), TimeProvider.System.GetTimestamp());

        // In one step: libfaketime reads it at any time, and ends a program that it finds an empty file for.
        await origin.WriteAsync(Offset + ".new", offset + "\n");
        await origin.ShellAsync("mv", Offset + ".new", Offset);
        await daemon.SaysAsync(told);
        await daemon.SaysAsync(EverySecond, before + 4);

        // One a second; what was missed while it was busy is made up for once.
        (daemon.Count(EverySecond) - before).ShouldBeLessThanOrEqualTo((int)TimeProvider.System.GetElapsedTime(began).TotalSeconds + 4, daemon.Log);
    }
}
