using System.ComponentModel;
using AllowlistSync.TestKit;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd.Daemon;

/// <summary>The built program as a daemon on a host.</summary>
internal sealed class RunningDaemon : IAsyncDisposable
{
    /// <summary>SIGHUP, SIGKILL, SIGTERM (signal(7)).</summary>
    public const int Hangup = 1;
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>A schedule that does not come in a test.</summary>
    public const string Rarely = "schedule: { cron: \"0 0 4 1 1 ?\", jitter: 0s }";

    /// <summary>A schedule that comes all the time.</summary>
    public const string Often = "schedule: { cron: \"* * * * * ?\", jitter: 0s }";

    private readonly SandboxProcess _process;

    private RunningDaemon(SandboxProcess process) => _process = process;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>What it logged.</summary>
    public string Log => _process.StdOut + _process.StdErr;

    /// <summary>Starts it; returns when it says so.</summary>
    public static async Task<RunningDaemon> StartAsync(Origin origin, params string[] before)
    {
        var daemon = await LaunchAsync(origin, before);
        await daemon.SaysAsync("started on");
        return daemon;
    }

    /// <summary>Starts it and waits for nothing. Whoever runs the tests under nohup(1) has SIGHUP ignored, which a process hands down (env(1)).</summary>
    public static async Task<RunningDaemon> LaunchAsync(Origin origin, params string[] before) =>
        new(await origin.Sandbox.StartProcessAsync(["env", "--default-signal=HUP", .. before, Origin.Program, "daemon"], Ct));

    /// <summary>Waits until the log holds a text, a number of times.</summary>
    public async Task SaysAsync(string text, int times = 1)
    {
        try
        {
            await Origin.UntilAsync(() => Task.FromResult(Count(text) >= times || (_process.HasExited && Fail(text))), $"the daemon says `{text}` {times} times");
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}; it said:\n{Log}", late);
        }
    }

    /// <summary>How often the log holds a text.</summary>
    public int Count(string text) => Log.Split(text).Length - 1;

    /// <summary>Sends it a signal; it must be there.</summary>
    public void Signal(int signal)
    {
        try
        {
            _process.Signal(signal);
        }
        catch (Win32Exception ended)
        {
            throw new InvalidOperationException($"{ended.Message} It said:\n{Log}", ended);
        }
    }

    /// <summary>Ends it as systemd does; it must end well and in time.</summary>
    public async Task StopAsync()
    {
        Signal(Terminate);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        late.CancelAfter(TimeSpan.FromSeconds(30));
        var result = await _process.WaitForExitAsync(late.Token);
        result.ExitCode.ShouldBe(0, Log);
        Log.ShouldContain("stopped");
    }

    /// <summary>Its exit code.</summary>
    public async Task<int> EndAsync() => (await _process.WaitForExitAsync(Ct)).ExitCode;

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private bool Fail(string text) => throw new InvalidOperationException($"the daemon ended before it said `{text}`:\n{Log}");
}
