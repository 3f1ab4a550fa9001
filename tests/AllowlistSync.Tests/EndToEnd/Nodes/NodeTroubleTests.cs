using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd.Nodes;

/// <summary>A node that stands still, and a database that goes away.</summary>
public sealed class NodeTroubleTests(Cluster cluster) : IClassFixture<Cluster>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_that_stood_still_past_its_lease_writes_nothing_when_it_goes_on()
    {
        var database = await cluster.DatabaseAsync(Ct);
        var (begun, go) = (Path.Combine(cluster.Directory, "begun"), Path.Combine(cluster.Directory, "go"));
        var wait = $", reload: [sh, -c, 'touch {begun}; while [ ! -e {go} ]; do sleep 0.1; done'], timeout: 5m";
        var config = await cluster.ConfigureAsync("stop", database, cluster.Local("web", wait));
        await using var slow = Node.Start("one", config, "apply", "--yes");
        await Node.UntilAsync(() => Task.FromResult(File.Exists(begun)), "the change", () => slow.Said);
        slow.Signal(Node.Stop);
        await File.WriteAllTextAsync(go, "", Ct);

        await using (var early = Node.Start("one", config, "apply", "--yes"))
        {
            (await early.EndAsync()).ShouldBe(5, early.Said);
            early.Said.ShouldContain("a process that was killed holds it for");
        }

        await Node.UntilAsync(async () => await cluster.Server.SqlAsync(database, "SELECT bool_and(expires_at < clock_timestamp()) FROM allowlist_sync.lease WHERE name = 'target/web on one'", Ct) == "t", "the end of the lease", () => "");
        await using (var quick = Node.Start("one", config, "apply", "--yes"))
        {
            (await quick.EndAsync()).ShouldBe(0, quick.Said);
        }

        var before = await BooksAsync(database);
        slow.Signal(Node.Continue);
        await slow.EndAsync();
        slow.Said.ShouldContain("the lock of target web was lost");
        (await BooksAsync(database)).ShouldBe(before);
    }

    [Fact]
    public async Task A_database_that_crashes_is_told_outlived_and_used_again()
    {
        var database = await cluster.DatabaseAsync(Ct);
        var config = await cluster.ConfigureAsync("crash", database, Cluster.Shared("s1") + cluster.Local("kept"), "0/2 * * * * ?");
        await using var one = await Node.DaemonAsync("one", config);
        await using var two = await Node.DaemonAsync("two", config);
        await cluster.TicksAsync(database, 2);
        await cluster.Server.CrashAsync(Ct);
        await one.SaysAsync("fail: allowlist-sync[110]");
        await two.SaysAsync("fail: allowlist-sync[110]");
        await one.SaysAsync("start PostgreSQL");
        await cluster.Server.LaunchAsync(Ct);
        await one.SaysAsync("can be reached again");
        await two.SaysAsync("can be reached again");
        await cluster.TicksAsync(database, await cluster.CountAsync(database) + 3);
        one.Signal(Node.Terminate);
        (await one.EndAsync()).ShouldBe(0, one.Said);
        (await cluster.Server.SqlAsync(database, "SELECT string_agg(name, ',') FROM allowlist_sync.node", Ct)).ShouldBe("two");
    }

    [Fact]
    public async Task A_reload_while_the_database_is_away_leaves_a_daemon_that_works_once_it_is_back()
    {
        var database = await cluster.DatabaseAsync(Ct);
        var config = await cluster.ConfigureAsync("away", database, cluster.Local("kept"), "0/2 * * * * ?");
        await using var one = await Node.DaemonAsync("one", config);
        await one.SaysAsync("kept: inSync (schedule");
        await cluster.Server.CrashAsync(Ct);
        one.Signal(Node.Hangup);
        await one.SaysAsync("cannot begin either");
        await cluster.Server.LaunchAsync(Ct);
        await one.SaysAsync("is not taken over and the one before");
        var runs = one.Said.Split("kept: inSync (schedule").Length;
        await Node.UntilAsync(() => Task.FromResult(one.Said.Split("kept: inSync (schedule").Length > runs), "a run by the schedule", () => one.Said);
        one.Signal(Node.Terminate);
        (await one.EndAsync()).ShouldBe(0, one.Said);
    }

    private Task<string> BooksAsync(string database) => cluster.Server.SqlAsync(database, "SELECT kind, name, content FROM allowlist_sync.document UNION ALL SELECT kind, name, content FROM allowlist_sync.entry WHERE kind = 'journal' ORDER BY 1, 2, 3", Ct);
}
