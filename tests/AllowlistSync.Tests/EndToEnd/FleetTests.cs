using System.Globalization;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

/// <summary>Hosts over ssh through the built program. All hosts of the fleet are one sandbox under many names.</summary>
public sealed class FleetTests
{
    // ALLOWLIST_SYNC_FLEET=200 makes it a big one: a tenth of it is dead.
    [Fact]
    public async Task One_target_serves_a_fleet_and_dead_hosts_cost_their_time_out_and_nothing_else()
    {
        var size = int.Parse(Environment.GetEnvironmentVariable("ALLOWLIST_SYNC_FLEET") ?? "24", CultureInfo.InvariantCulture);
        var dead = Math.Max(3, size / 10);
        string[] alive = [.. Enumerable.Range(1, size - dead).Select(i => $"h{i}")];
        string[] gone = [.. Enumerable.Range(1, dead).Select(i => $"h{i}:2229")];
        await using var fleet = await Fleet.StartAsync(Fleet.Group("fleet", alive, "60s") + Fleet.Group("gone", gone, "2s"), Fleet.Target("web", "fleet") + Fleet.Target("old", "gone"));
        await fleet.Origin.NftAsync("table inet dead { chain input { type filter hook input priority -10; tcp dport 2229 drop; }; }");

        var (_, without) = await TimedAsync(fleet, "--target", "web");
        var (diff, took) = await TimedAsync(fleet);

        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{size - dead} hosts: {without.TotalSeconds:0.0} s; with {dead} dead ones beside them: {took.TotalSeconds:0.0} s"));
        var targets = diff.Json["targets"]!.AsArray().Select(target => target!).ToList();
        targets.Select(target => (string)target["name"]!).ShouldBe([.. alive.Select(host => $"web@{host}"), .. gone.Select(host => $"old@{host}")]);
        targets.Take(alive.Length).ShouldAllBe(target => (string)target["status"]! == "differs");
        targets.Skip(alive.Length).ShouldAllBe(target => (string)target["status"]! == "failed" && ((string)target["error"]!["message"]!).Contains("does not answer"));
        diff.Ended(4);

        // Eight at once; a sign-in that fails ends a second after its time-out at the latest.
        took.ShouldBeLessThan((without * 2) + (TimeSpan.FromSeconds(3) * Math.Ceiling(dead / 8.0)) + TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_target_of_a_group_is_applied_under_its_own_name_and_keeps_its_mark()
    {
        await using var fleet = await Fleet.StartAsync(Fleet.Group("fleet", ["h1", "h2"], "60s"), Fleet.Target("web", "fleet"));

        (await fleet.RunAsync("apply", "--yes", "--target", "web@h1")).Ended(0).Saying("web@h1");
        var rules = await fleet.Origin.RulesetAsync();
        rules.ShouldContain("allowlist-sync/web/v4");
        rules.ShouldNotContain("web@");
        (await fleet.RunAsync("diff", "--target", "web")).Ended(0).Saying("web@h1", "web@h2");
        (await fleet.RunAsync("diff", "--target", "web@h3")).Ended(64).Saying("there is no such target");
        (await fleet.RunAsync("rollback", "--yes", "--target", "web@h1")).Ended(0);
        (await fleet.Origin.RulesetAsync()).ShouldNotContain("allowlist-sync/web");
    }

    [Fact]
    public async Task A_confirmation_is_refused_for_a_host_over_ssh_and_nothing_is_changed()
    {
        await using var fleet = await Fleet.StartAsync(Fleet.Group("fleet", ["h1"], "60s"), Fleet.Target("web", "fleet"));
        var before = await fleet.Origin.RulesetAsync();

        (await fleet.RunAsync("apply", "--yes", "--confirm-within", "60s")).Ended(2).Saying("--confirm-within is not done for a host that is reached by ssh");

        (await fleet.Origin.RulesetAsync()).ShouldBe(before);
    }

    private static async Task<(Outcome Outcome, TimeSpan Took)> TimedAsync(Fleet fleet, params string[] arguments)
    {
        var begin = TimeProvider.System.GetTimestamp();
        var outcome = await fleet.RunAsync(["diff", "--output", "json", .. arguments]);
        return (outcome, TimeProvider.System.GetElapsedTime(begin));
    }
}
