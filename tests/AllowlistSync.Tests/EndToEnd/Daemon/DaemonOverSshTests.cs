using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd.Daemon;

/// <summary>A daemon with hosts over ssh: the same as on its own machine, and nobody waits for a host that is down.</summary>
public sealed class DaemonOverSshTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_syncs_a_host_over_ssh_repairs_it_within_seconds_and_signs_in_once()
    {
        await using var fleet = await Fleet.StartAsync(Fleet.Group("fleet", ["h1"], "60s"), Fleet.Target("web", "fleet"), RunningDaemon.Rarely);
        await using var daemon = await RunningDaemon.StartAsync(fleet.Origin);
        await daemon.SaysAsync("web@h1: changed: 22 added");
        await daemon.SaysAsync("web@h1: watching `nft monitor`");
        var synced = await fleet.Origin.RulesetAsync();

        await fleet.Origin.NftAsync("flush ruleset\n" + Firewalls.Drop);
        await Origin.UntilAsync(async () => await fleet.Origin.RulesetAsync() == synced, "what was flushed is back");
        await daemon.SaysAsync("web@h1: somebody else changed it; put back: 22 added");
        fleet.Server.SignIns.ShouldBe(1);

        await daemon.StopAsync();
        (await fleet.Origin.RulesetAsync()).ShouldBe(synced);
        await fleet.Server.ShellAsync("for i in $(seq 100); do pgrep -f 'nft [m]onitor' >/dev/null || exit 0; sleep 0.05; done; exit 1", Ct);
    }

    [Fact]
    public async Task A_connection_that_broke_is_made_anew()
    {
        await using var fleet = await Fleet.StartAsync(Fleet.Group("fleet", ["h1"], "60s"), Fleet.Target("web", "fleet"), RunningDaemon.Often);
        await using var daemon = await RunningDaemon.StartAsync(fleet.Origin);
        await daemon.SaysAsync("web@h1: changed: 22 added");
        var synced = await fleet.Origin.RulesetAsync();

        fleet.Server.Cut();
        await fleet.Origin.NftAsync("flush ruleset\n" + Firewalls.Drop);
        await Origin.UntilAsync(async () => await fleet.Origin.RulesetAsync() == synced, "the schedule finds it over a new connection");
        fleet.Server.SignIns.ShouldBe(2);
        await daemon.StopAsync();
    }

    [Fact]
    public async Task A_reload_that_cannot_begin_leaves_hosts_that_can_be_worked_on()
    {
        await using var fleet = await Fleet.StartAsync(Fleet.Group("fleet", ["h1"], "60s"), Fleet.Target("web", "fleet"), RunningDaemon.Often);
        await using var daemon = await RunningDaemon.StartAsync(fleet.Origin);
        await daemon.SaysAsync("web@h1: changed: 22 added");
        var synced = await fleet.Origin.RulesetAsync();

        var other = (await fleet.Origin.ShellAsync("cat", Origin.ConfigPath)).Replace(Origin.StatePath, "/run/other", StringComparison.Ordinal);
        await fleet.Origin.ShellAsync("mkdir", "-p", "/run/other/sources/cloudflare.json");
        await fleet.Origin.WriteAsync(Origin.ConfigPath, other);
        daemon.Signal(RunningDaemon.Hangup);
        await daemon.SaysAsync("is not taken over and the one before");
        await fleet.Origin.NftAsync("flush ruleset\n" + Firewalls.Drop);

        await Origin.UntilAsync(async () => await fleet.Origin.RulesetAsync() == synced, "the configuration before signs in and repairs");
        await daemon.StopAsync();
    }

    [Fact]
    public async Task Hosts_that_are_down_keep_no_other_target_waiting()
    {
        // More dead hosts than there is room for, each with a time-out that is longer than a start takes on any machine.
        var groups = Fleet.Group("fleet", ["h1"], "60s") + Fleet.Group("gone", Enumerable.Range(1, 12).Select(i => $"h{i}:2229"), "100s");
        await using var fleet = await Fleet.StartAsync(groups, Fleet.Target("old", "gone") + Fleet.Target("web", "fleet") + Fleet.Target("here", "local"), RunningDaemon.Rarely + "\nparallelism: 4\nlisten: off");
        await fleet.Origin.NftAsync("table inet dead { chain input { type filter hook input priority -10; tcp dport 2229 drop; }; }");
        await using var daemon = await RunningDaemon.StartAsync(fleet.Origin);

        await daemon.SaysAsync("here: ");
        daemon.Count("does not answer").ShouldBe(0, "the dead have not even timed out");
        await daemon.StopAsync();
    }
}
