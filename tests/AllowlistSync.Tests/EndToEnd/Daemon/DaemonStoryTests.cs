using AllowlistSync.TestKit;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd.Daemon;

/// <summary>What a daemon is there for, on a real kernel: sync, repair, follow the list, end.</summary>
public sealed class DaemonStoryTests
{
    private const string Added = "45.64.64.0/22";
    private const string Gone = "131.0.72.0/22";

    // Some runs of a slow machine, so that one of them falls into it.
    private const string Grace = "8s";

    [Fact]
    public async Task It_syncs_repairs_what_an_operator_flushes_and_ends_when_told()
    {
        await using var origin = await Origin.StartAsync(config: new ConfigText { Lines = RunningDaemon.Rarely });
        var oneCommand = await TimedAsync(() => origin.RunAsync("diff"));
        await using var daemon = await RunningDaemon.StartAsync(origin);
        await daemon.SaysAsync("web: changed: 22 added");
        var synced = await origin.RulesetAsync();
        await daemon.SaysAsync("(start,", times: 1);

        // What `systemctl reload nftables` does.
        await origin.NftAsync("flush ruleset\n" + Firewalls.Drop);
        var flushed = TimeProvider.System.GetTimestamp();
        await Origin.UntilAsync(async () => await origin.RulesetAsync() == synced, "what was flushed is back");

        var took = TimeProvider.System.GetElapsedTime(flushed);
        await daemon.SaysAsync("web: somebody else changed it; put back: 22 added");

        // On a machine at rest it is under a second; on a busy one, which it may have become meanwhile, everything takes longer.
        var another = await TimedAsync(async () => (await origin.RunAsync("diff")).Ended(0));
        took.ShouldBeLessThan(TimeSpan.FromSeconds(2) + ((oneCommand > another ? oneCommand : another) * 3));
        await Origin.UntilAsync(async () => (await origin.RunAsync("status")).Ended(0).Saying("run by the daemon", "daemon: process ").Said.Contains("drift", StringComparison.Ordinal), "the history has the repair");
        await daemon.StopAsync();
        (await origin.RunAsync("status")).Ended(0).Saying("daemon: none is running");
        (await origin.RulesetAsync()).ShouldBe(synced);
    }

    private static async Task<TimeSpan> TimedAsync(Func<Task> work)
    {
        var began = TimeProvider.System.GetTimestamp();
        await work();
        return TimeProvider.System.GetElapsedTime(began);
    }

    [Fact]
    public async Task It_follows_the_list_additions_at_once_removals_after_their_grace()
    {
        await using var origin = await Origin.StartAsync(config: new ConfigText { Lines = RunningDaemon.Often, Guard = $"removalGrace: {Grace}" });
        await using var daemon = await RunningDaemon.StartAsync(origin);
        await daemon.SaysAsync("web: changed: 22 added");

        origin.Cloudflare.Publication = Publication.Real.Without(Gone).Plus(Added);
        var between = "";
        await Origin.UntilAsync(async () => (between = await origin.RulesetAsync()).Contains(Added, StringComparison.Ordinal), "the new range is let in");
        await Origin.UntilAsync(async () => !(await origin.RulesetAsync()).Contains(Gone, StringComparison.Ordinal), "the old range leaves");

        between.ShouldContain(Gone, Case.Sensitive, "it stays for its grace");
        await daemon.SaysAsync("source cloudflare: the list changed: 1 added, 1 removed; 15 IPv4 and 7 IPv6 prefixes");
        daemon.Count("somebody else changed it").ShouldBe(0);
        await daemon.StopAsync();
    }

    [Fact]
    public async Task It_starts_from_what_was_believed_before_when_no_source_answers()
    {
        await using var origin = await Origin.StartAsync(config: new ConfigText { Lines = RunningDaemon.Often });
        (await origin.RunAsync("apply", "--yes")).Ended(0);
        var applied = await origin.RulesetAsync();
        await origin.NftAsync("flush ruleset\n" + Firewalls.Drop);
        origin.Cloudflare.AnswerAll(Answers.ServerError());

        await using var daemon = await RunningDaemon.StartAsync(origin);
        await Origin.UntilAsync(async () => await origin.RulesetAsync() == applied, "the last good list is in force after a boot");
        await daemon.SaysAsync("source cloudflare: ");

        (await origin.RulesetAsync()).ShouldBe(applied, "nothing is removed while a source is down");
        await daemon.StopAsync();
    }

    [Fact]
    public async Task A_target_that_is_only_reported_is_told_and_not_touched()
    {
        await using var origin = await Origin.StartAsync(config: new ConfigText { Lines = RunningDaemon.Rarely, More = "mode: report" });
        var before = await origin.RulesetAsync();
        await using var daemon = await RunningDaemon.StartAsync(origin);

        await daemon.SaysAsync("web: differs: 22 to let in, 0 to take out, 0 to repair, and nothing was changed");

        (await origin.RulesetAsync()).ShouldBe(before);
        await daemon.StopAsync();
    }

    [Fact]
    public async Task A_fight_with_another_program_is_recognised_told_and_ended()
    {
        await using var origin = await Origin.StartAsync(config: new ConfigText { Lines = RunningDaemon.Rarely });
        await using var daemon = await RunningDaemon.StartAsync(origin);
        await daemon.SaysAsync("web: changed: 22 added");
        for (var repair = 1; repair <= 5; repair++)
        {
            await origin.NftAsync("flush ruleset\n" + Firewalls.Drop);
            await daemon.SaysAsync("somebody else changed it", repair);
        }

        await daemon.SaysAsync("something else undoes what is repaired: 5 repairs within 10 minutes");
        await origin.NftAsync("flush ruleset\n" + Firewalls.Drop);
        await daemon.SaysAsync("web: differs: 22 to let in");
        (await origin.RulesetAsync()).ShouldNotContain("104.16.0.0/13");

        // A person who has found out says so.
        daemon.Signal(RunningDaemon.Hangup);
        await daemon.SaysAsync("was read again");
        await Origin.UntilAsync(async () => (await origin.RulesetAsync()).Contains("104.16.0.0/13", StringComparison.Ordinal), "it is repaired again");
        await daemon.StopAsync();
    }
}
