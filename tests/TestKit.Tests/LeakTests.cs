using System.Diagnostics;
using Shouldly;

namespace AllowlistSync.TestKit.Tests;

/// <summary>A test process that is killed leaves nothing behind: a program that holds a sandbox is started and killed.</summary>
public sealed class LeakTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_stays_when_the_test_process_is_killed()
    {
        Needs.Sandbox("nft");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        stop.CancelAfter(TimeSpan.FromSeconds(60));
        string file = Path.GetTempFileName();
        try
        {
            using var holder = StartHolder(file);
            string[] facts = await ReadFactsAsync(holder, file, stop.Token);
            var (name, pids) = (facts[0], facts[1..]);
            pids.Length.ShouldBe(3);
            pids.ShouldAllBe(pid => Directory.Exists($"/proc/{pid}"));

            holder.Kill();
            await holder.WaitForExitAsync(stop.Token);

            long killed = Stopwatch.GetTimestamp();
            stop.CancelAfter(TimeSpan.FromSeconds(5));
            await UntilAsync(() => pids.All(HasEnded), stop.Token);
            Lab.Say($"all gone {Stopwatch.GetElapsedTime(killed).TotalMilliseconds:F0} ms after kill -9");
            (await File.ReadAllTextAsync("/proc/self/mounts", Ct)).ShouldNotContain(name);
            File.Exists($"/run/netns/{name}").ShouldBeFalse();
            Directory.Exists("/sys/class/net/v0").ShouldBeFalse("no veth fell back to this machine");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Process StartHolder(string file)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "CrashHost"), ["hold", file])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        var holder = Process.Start(start)!;
        holder.BeginOutputReadLine();
        return holder;
    }

    private static async Task<string[]> ReadFactsAsync(Process holder, string file, CancellationToken ct)
    {
        await UntilAsync(() => holder.HasExited || File.ReadAllText(file).EndsWith(" end", StringComparison.Ordinal), ct);
        holder.HasExited.ShouldBeFalse("the holder must wait to be killed");
        return (await File.ReadAllTextAsync(file, ct)).Split(' ')[..^1];
    }

    private static async Task UntilAsync(Func<bool> condition, CancellationToken ct)
    {
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, ct);
        }
    }

    // A zombie waits only to be collected by this machine's first process: its namespaces and files are gone.
    private static bool HasEnded(string pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1].StartsWith('Z');
        }
        catch (IOException)
        {
            return true;
        }
    }
}
