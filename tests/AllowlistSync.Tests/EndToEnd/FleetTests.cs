using System.Globalization;
using AllowlistSync.TestKit;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

/// <summary>Hosts over ssh through the built program. All hosts of the fleet are one sandbox under many names.</summary>
public sealed class FleetTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // ALLOWLIST_SYNC_FLEET=200 makes it a big one: a tenth of it is dead.
    [Fact]
    public async Task One_target_serves_a_fleet_and_dead_hosts_cost_their_time_out_and_nothing_else()
    {
        var size = int.Parse(Environment.GetEnvironmentVariable("ALLOWLIST_SYNC_FLEET") ?? "24", CultureInfo.InvariantCulture);
        var dead = Math.Max(3, size / 10);
        string[] alive = [.. Enumerable.Range(1, size - dead).Select(i => $"h{i}")];
        string[] gone = [.. Enumerable.Range(1, dead).Select(i => $"h{i}:2229")];
        await using var origin = await StartAsync(Group("fleet", alive, "60s") + Group("gone", gone, "2s"), Target("web", "fleet") + Target("old", "gone"));
        await origin.NftAsync("table inet dead { chain input { type filter hook input priority -10; tcp dport 2229 drop; }; }");

        var (_, without) = await TimedAsync(origin, "--target", "web");
        var (diff, took) = await TimedAsync(origin);

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
        await using var origin = await StartAsync(Group("fleet", ["h1", "h2"], "60s"), Target("web", "fleet"));

        (await origin.RunAsync("apply", "--yes", "--target", "web@h1")).Ended(0).Saying("web@h1");
        var rules = await origin.RulesetAsync();
        rules.ShouldContain("allowlist-sync/web/v4");
        rules.ShouldNotContain("web@");
        (await origin.RunAsync("diff", "--target", "web")).Ended(0).Saying("web@h1", "web@h2");
        (await origin.RunAsync("diff", "--target", "web@h3")).Ended(64).Saying("there is no such target");
        (await origin.RunAsync("rollback", "--yes", "--target", "web@h1")).Ended(0);
        (await origin.RulesetAsync()).ShouldNotContain("allowlist-sync/web");
    }

    [Fact]
    public async Task A_confirmation_is_refused_for_a_host_over_ssh_and_nothing_is_changed()
    {
        await using var origin = await StartAsync(Group("fleet", ["h1"], "60s"), Target("web", "fleet"));
        var before = await origin.RulesetAsync();

        (await origin.RunAsync("apply", "--yes", "--confirm-within", "60s")).Ended(2).Saying("--confirm-within is not done for a host that is reached by ssh");

        (await origin.RulesetAsync()).ShouldBe(before);
    }

    private static async Task<(Outcome Outcome, TimeSpan Took)> TimedAsync(Fleet fleet, params string[] arguments)
    {
        var begin = TimeProvider.System.GetTimestamp();
        var outcome = await fleet.RunAsync(["diff", "--output", "json", .. arguments]);
        return (outcome, TimeProvider.System.GetElapsedTime(begin));
    }

    private static string Group(string name, IEnumerable<string> hosts, string timeout) => $"""
          {name}:
            hosts: [{string.Join(", ", hosts.Select(host => $"ssh://root@{host}"))}]
            connectTimeout: {timeout}
            identityFile: {SshServer.Place}/id

        """;

    private static string Target(string name, string group) => $"""
          - name: {name}
            provider: nftables
            host: {group}
            allow: [cloudflare]
            {ConfigText.RuleWay}

        """;

    private static async Task<Fleet> StartAsync(string groups, string targets)
    {
        Needs.Sandbox([.. SshServer.Programs, "nft"]);
        var origin = await Origin.StartAsync();
        await origin.WriteAsync(Origin.ConfigPath, $"""
            version: 1
            sources:
              - name: cloudflare
                type: cloudflare
                apiUrl: {origin.Cloudflare.ApiUrl}
                textUrls: [{origin.Cloudflare.TextIPv4Url}, {origin.Cloudflare.TextIPv6Url}]
            state: {Origin.StatePath}
            hosts:
            {groups}
            targets:
            {targets}
            """);
        return new Fleet(origin, await SshServer.StartAsync(origin.Sandbox, ct: Ct));
    }

    private sealed class Fleet(Origin origin, SshServer server) : IAsyncDisposable
    {
        public async Task<Outcome> RunAsync(params string[] arguments) =>
            Outcome.Of(await origin.Sandbox.RunAsync([Origin.Program, .. arguments], timeout: TimeSpan.FromMinutes(5), ct: Ct));

        public Task NftAsync(string script) => origin.NftAsync(script);

        public Task<string> RulesetAsync() => origin.RulesetAsync();

        public async ValueTask DisposeAsync()
        {
            await server.DisposeAsync();
            await origin.DisposeAsync();
        }
    }
}
