using System.Diagnostics;
using Shouldly;

namespace AllowlistSync.TestKit.Tests;

/// <summary>A test process that is killed leaves nothing behind: this program is started a second time, holds a sandbox, and is killed.</summary>
public sealed class LeakTests
{
    private const string FileVariable = "TESTKIT_HOLDER_FILE";

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

    /// <summary>Not a test: what the test above starts and kills.</summary>
    [Fact(Explicit = true)]
    public async Task Holder()
    {
        string file = Environment.GetEnvironmentVariable(FileVariable).ShouldNotBeNull();
        await using var lab = await Lab.StartAsync(Ct);
        await using var daemon = await lab.Origin.StartProcessAsync(["sleep", "4321"], Ct);
        var orphan = await lab.Origin.RunAsync(["bash", "-c", "setsid sleep 4322 >/dev/null 2>&1 & echo"], ct: Ct);
        orphan.EnsureSuccess();
        int nested = SleepersUnder(lab.Origin.Pid).ShouldHaveSingleItem();
        await File.WriteAllTextAsync(file, $"{lab.Origin.Name} {lab.Origin.Pid} {daemon.Pid} {nested} end", Ct);
        await Task.Delay(TimeSpan.FromSeconds(60), TimeProvider.System, Ct);
    }

    private static Process StartHolder(string file)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "TestKit.Tests"), ["--explicit", "only", "--filter-method", "*.LeakTests.Holder", "--no-progress"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        start.Environment[FileVariable] = file;
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

    // Orphans of the sandbox become children of its first process, beside the one that waits for the pipe.
    private static List<int> SleepersUnder(int pid)
    {
        return [.. File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(int.Parse).Where(child => File.ReadAllText($"/proc/{child}/comm").Trim() == "sleep")];
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
