using AllowlistSync.TestKit;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd.Daemon;

/// <summary>SIGTERM in each phase of a run, with the real nft: it ends in time and well, the firewall is old or new, and nothing is left over that the next run stumbles on.</summary>
public sealed class DaemonStopTests
{
    private const int All = 22;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Fact]
    public Task While_it_fetches_it_ends_at_once() => StopAsync(
        origin => Do(() => origin.Cloudflare.AnswerAll(Answers.Slow(TimeSpan.FromMinutes(1)))),
        (origin, _) => Origin.UntilAsync(() => Task.FromResult(origin.Cloudflare.RequestCount > 0), "a source is asked"),
        0);

    [Fact]
    public Task While_it_looks_the_run_ends_first() => StopAsync(
        origin => SlowNft.SlowAsync(origin, SlowNft.Look, 1),
        (origin, _) => SlowNft.BegunAsync(origin),
        0, All);

    [Fact]
    public Task While_it_changes_the_transaction_ends_first() => StopAsync(
        origin => SlowNft.SlowAsync(origin, SlowNft.Change, 2),
        (origin, _) => SlowNft.BegunAsync(origin),
        All);

    [Fact]
    public Task While_a_change_hangs_it_is_given_up_and_nothing_is_changed() => StopAsync(
        origin => SlowNft.SlowAsync(origin, SlowNft.Change, 300),
        (origin, _) => SlowNft.BegunAsync(origin),
        0);

    [Fact]
    public Task While_it_waits_it_ends_at_once() => StopAsync(
        _ => Task.CompletedTask,
        (_, daemon) => daemon.SaysAsync("web: changed: 22 added"),
        All);

    // A busy machine takes its time for everything: so a command is the measure beside the limit.
    private static async Task StopAsync(Func<Origin, Task> prepare, Func<Origin, RunningDaemon, Task> reached, params int[] listed)
    {
        await using var origin = await Origin.StartAsync(config: new ConfigText { Lines = RunningDaemon.Rarely });
        await SlowNft.InstallAsync(origin);
        await prepare(origin);
        await using var daemon = await RunningDaemon.LaunchAsync(origin);
        await reached(origin, daemon);
        var began = TimeProvider.System.GetTimestamp();
        await daemon.StopAsync();
        var stopped = TimeProvider.System.GetElapsedTime(began);

        await SlowNft.QuickAsync(origin);
        Listed(await origin.RulesetAsync()).ShouldBeOneOf(listed);
        origin.Cloudflare.AnswerAll(Answers.Normal());
        began = TimeProvider.System.GetTimestamp();
        (await origin.RunAsync("apply", "--yes")).Ended(0);
        stopped.ShouldBeLessThan(Limit + TimeProvider.System.GetElapsedTime(began), daemon.Log);
        Listed(await origin.RulesetAsync()).ShouldBe(All);
    }

    private static Task Do(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private static int Listed(string ruleset) => Publication.Real.IPv4.Concat(Publication.Real.IPv6).Count(prefix => ruleset.Contains(prefix, StringComparison.Ordinal));
}
