using System.Diagnostics;
using System.Globalization;
using Shouldly;

namespace AllowlistSync.TestKit.Tests;

public sealed class SandboxTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_runs_inside_with_input_exit_code_and_both_outputs()
    {
        Needs.Sandbox();
        await using var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);

        var result = await sandbox.RunAsync(["bash", "-c", "hostname; cat; echo $LC_ALL $$ >&2; exit 7"], "fed\n", ct: Ct);

        result.ExitCode.ShouldBe(7);
        result.StdOut.ShouldBe($"{sandbox.Name}\nfed\n");
        result.StdErr.ShouldStartWith("C ");
        int.Parse(result.StdErr.Split(' ')[1], CultureInfo.InvariantCulture).ShouldBeLessThan(100, "it has a pid namespace of its own");
        Should.Throw<InvalidOperationException>(result.EnsureSuccess).Message.ShouldContain("7");
    }

    [Fact]
    public async Task Files_written_inside_are_not_seen_outside()
    {
        Needs.Sandbox();
        await using var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);

        // /var/run is an absolute link to /run: it must be that of the sandbox.
        string[] paths = [$"/etc/{sandbox.Name}/a.conf", $"/var/lib/{sandbox.Name}", $"/usr/share/{sandbox.Name}", $"/run/{sandbox.Name}", $"/var/run/{sandbox.Name}-2"];
        foreach (string path in paths)
        {
            await sandbox.WriteFileAsync(path, "content of " + path, ct: Ct);
            File.Exists(path).ShouldBeFalse();
            (await sandbox.ReadFileAsync(path, Ct)).ShouldBe("content of " + path);
            (await sandbox.RunAsync(["cat", path], ct: Ct)).StdOut.ShouldBe("content of " + path);
        }
    }

    [Theory]
    [InlineData("/tmp/x")]
    [InlineData("/root/x")]
    [InlineData("/etc/../root/x")]
    [InlineData("etc/x")]
    public async Task Files_outside_of_the_overlays_are_not_written(string path)
    {
        Needs.Sandbox();
        await using var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);

        await Should.ThrowAsync<ArgumentException>(() => sandbox.WriteFileAsync(path, "x", ct: Ct));
    }

    [Fact]
    public async Task A_program_that_takes_too_long_is_killed_with_its_children()
    {
        Needs.Sandbox();
        await using var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);

        var failure = await Should.ThrowAsync<TimeoutException>(() =>
            sandbox.RunAsync(["bash", "-c", "echo begun; sleep 1234 & sleep 1234"], timeout: TimeSpan.FromSeconds(3), ct: Ct));

        failure.Message.ShouldContain("begun");

        // They have been sent the signal when the program is gone; they end, and are collected, a moment later.
        (await sandbox.RunAsync(["sh", "-c", "for i in $(seq 200); do pgrep sleep >/dev/null || exit 0; sleep 0.05; done; exit 1"], ct: Ct)).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_background_program_can_be_awaited_signalled_and_killed()
    {
        Needs.Sandbox();
        await using var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);
        await using var process = await sandbox.StartProcessAsync(["bash", "-c", "trap 'echo got it; exit 3' TERM; echo up; while :; do read -t 1 <> <(:); done"], Ct);
        (await process.WaitForOutputAsync("up", Ct)).ShouldBeTrue();

        process.Signal(15);
        var result = await process.WaitForExitAsync(Ct);

        result.ExitCode.ShouldBe(3);
        result.StdOut.ShouldBe("up\ngot it\n");
        (await process.WaitForOutputAsync("never", Ct)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_daemon_that_keeps_the_pipe_does_not_hold_up_the_result()
    {
        Needs.Sandbox();
        await using var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);

        var result = await sandbox.RunAsync(["bash", "-c", "setsid sleep 1234 & echo done"], timeout: TimeSpan.FromSeconds(10), ct: Ct);

        result.StdOut.ShouldBe("done\n");
    }

    [Fact]
    public async Task A_program_of_dotnet_runs_inside()
    {
        Needs.Sandbox();
        await using var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);

        var result = await sandbox.RunAsync([Path.Combine(AppContext.BaseDirectory, "TestKit.Tests"), "--help"], ct: Ct);

        result.EnsureSuccess().StdOut.ShouldContain("Usage");
    }

    [Fact]
    public async Task Variables_are_those_of_the_options_and_none_of_this_process()
    {
        Needs.Sandbox();
        var options = new SandboxOptions { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["TOKEN"] = "t" } };
        await using var sandbox = await Sandbox.StartAsync(options, Ct);

        var names = (await sandbox.RunAsync(["env"], ct: Ct)).StdOut.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=')[0]);

        names.Except(["DOTNET_ROOT"], StringComparer.Ordinal).ShouldBe(["PATH", "LC_ALL", "HOME", "TOKEN"], ignoreOrder: true);
    }

    [Fact]
    public async Task Disposing_ends_everything_inside()
    {
        Needs.Sandbox();
        var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);
        var process = await sandbox.StartProcessAsync(["sleep", "1234"], Ct);
        int pid = process.Pid.ShouldNotBeNull();

        await sandbox.DisposeAsync();

        File.Exists($"/proc/{pid}/exe").ShouldBeFalse();
        (await process.WaitForExitAsync(Ct)).ExitCode.ShouldNotBe(0);
        await Should.ThrowAsync<ObjectDisposedException>(() => sandbox.RunAsync(["true"], ct: Ct));
        await process.DisposeAsync();
    }

    [Fact]
    public async Task Ten_sandboxes_come_up_side_by_side()
    {
        Needs.Sandbox();
        long start = Stopwatch.GetTimestamp();

        var labs = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Lab.StartAsync(Ct)));

        Lab.Say($"ten sandboxes with clients: {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms");
        labs.Select(lab => lab.Origin.Name).Distinct(StringComparer.Ordinal).Count().ShouldBe(10);
        start = Stopwatch.GetTimestamp();
        await Task.WhenAll(labs.Select(lab => lab.DisposeAsync().AsTask()));
        Lab.Say($"ten taken down: {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms");
    }

    [Fact]
    public void This_machines_own_namespaces_are_refused()
    {
        Needs.Sandbox();

        Should.Throw<InvalidOperationException>(() => NetNamespace.OfProcess(1));
        Should.Throw<InvalidOperationException>(() => NetNamespace.OfProcess(Environment.ProcessId)).Message.ShouldContain("Refused");
    }
}
