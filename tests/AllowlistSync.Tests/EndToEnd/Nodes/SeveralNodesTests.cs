using System.Globalization;
using System.Net.Sockets;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd.Nodes;

/// <summary>Several daemons with one memory, on a real PostgreSQL.</summary>
public sealed class SeveralNodesTests(Cluster cluster) : IClassFixture<Cluster>
{
    private const string EveryFiveSeconds = "0/5 * * * * ?";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_tick_of_a_shared_target_comes_once_while_a_node_is_killed_and_started_again()
    {
        var database = await cluster.DatabaseAsync(Ct);
        var config = await cluster.ConfigureAsync("ticks", database, Cluster.Shared("s1") + Cluster.Shared("s2") + Cluster.Shared("s3") + cluster.Local("mine"), EveryFiveSeconds);
        await using var one = await Node.DaemonAsync("one", config);
        await using var two = await Node.DaemonAsync("two", config);
        await using (var three = await Node.DaemonAsync("three", config))
        {
            await TicksAsync(database, 2);
            three.Signal(Node.Kill);
        }

        await TicksAsync(database, 5);
        await using var again = await Node.DaemonAsync("three", config);
        await again.SaysAsync("started on three");
        await TicksAsync(database, 8);

        var twice = await cluster.Server.SqlAsync(database, "SELECT name, content::json->>'due', count(*) FROM allowlist_sync.entry WHERE kind = 'run' AND name LIKE 's_' AND content::json->>'due' IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1", Ct);
        twice.ShouldBe("");
        (await MissedAsync(database)).ShouldBe("");
        (await cluster.Server.SqlAsync(database, "SELECT string_agg(DISTINCT name, ',' ORDER BY name) FROM allowlist_sync.entry WHERE kind = 'run' AND name LIKE 'mine%'", Ct)).ShouldBe("mine on one,mine on three,mine on two");
    }

    [Fact]
    public async Task A_node_that_stood_still_past_its_lease_writes_nothing_when_it_goes_on()
    {
        var database = await cluster.DatabaseAsync(Ct);
        var (begun, go) = (Path.Combine(cluster.Directory, "begun"), Path.Combine(cluster.Directory, "go"));
        var wait = $", reload: [sh, -c, 'touch {begun}; while [ ! -e {go} ]; do sleep 0.1; done']";
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
        await TicksAsync(database, 2);
        await cluster.Server.CrashAsync(Ct);
        await one.SaysAsync("fail: allowlist-sync[110]");
        await two.SaysAsync("fail: allowlist-sync[110]");
        one.Said.ShouldContain("start PostgreSQL");
        await cluster.Server.LaunchAsync(Ct);
        await one.SaysAsync("can be reached again");
        await two.SaysAsync("can be reached again");
        await TicksAsync(database, await CountAsync(database) + 3);
        one.Signal(Node.Terminate);
        (await one.EndAsync()).ShouldBe(0, one.Said);
        (await cluster.Server.SqlAsync(database, "SELECT string_agg(name, ',') FROM allowlist_sync.node", Ct)).ShouldBe("two");
    }

    [Fact]
    public async Task Different_configurations_are_told_in_the_log_by_status_and_in_numbers()
    {
        var database = await cluster.DatabaseAsync(Ct);
        var port = FreePort();
        var old = await cluster.ConfigureAsync("old", database, cluster.Local("a"), listen: $"127.0.0.1:{port}");
        var changed = await cluster.ConfigureAsync("new", database, cluster.Local("a") + cluster.Local("b"));
        await using var one = await Node.DaemonAsync("one", old);
        await using var two = await Node.DaemonAsync("two", changed);
        await one.SaysAsync("node two has another configuration");
        await two.SaysAsync("node one has another configuration");

        await using var status = Node.Start("one", old, "status");
        (await status.EndAsync()).ShouldBe(0, status.Said);
        status.Said.ShouldContain("node two: live");
        status.Said.ShouldContain("the nodes have different configurations");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var numbers = await http.GetStringAsync("metrics", Ct);
        numbers.ShouldContain("allowlist_sync_nodes{config=\"same\"} 1");
        numbers.ShouldContain("allowlist_sync_nodes{config=\"different\"} 1");
        (await http.GetStringAsync("readyz", Ct)).ShouldContain("note: node two has another configuration");

        await using var second = Node.Start("one", old, "daemon");
        (await second.EndAsync()).ShouldBe(5, second.Said);
    }

    [Fact]
    public async Task A_connection_string_in_a_secret_is_never_shown_and_a_wrong_one_is_told()
    {
        await cluster.DatabaseAsync(Ct);
        var secret = Path.Combine(cluster.Directory, "secret");
        await File.WriteAllTextAsync(secret, cluster.Server.Connection("postgres", TestKit.PostgresCluster.Stranger, "Password=hunter9"), Ct);
        File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var config = await cluster.ConfigureAsync("secret", "x", cluster.Local("web"));
        await File.WriteAllTextAsync(config, (await File.ReadAllTextAsync(config, Ct)).Replace("state: " + cluster.Server.Connection("x"), $"state: {{ file: {secret} }}", StringComparison.Ordinal), Ct);

        await using var status = Node.Start("one", config, "status");
        (await status.EndAsync()).ShouldBe(2, status.Said);
        status.Said.ShouldContain("password authentication failed");
        status.Said.ShouldContain("mend user and password");
        status.Said.ShouldNotContain("hunter9");

        await File.WriteAllTextAsync(secret, "Host=db;Prot=hunter9", Ct);
        await using var unreadable = Node.Start("one", config, "status");
        (await unreadable.EndAsync()).ShouldBe(78, unreadable.Said);
        unreadable.Said.ShouldNotContain("hunter9");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    private Task<string> BooksAsync(string database) => cluster.Server.SqlAsync(database, "SELECT kind, name, content FROM allowlist_sync.document UNION ALL SELECT kind, name, content FROM allowlist_sync.entry WHERE kind = 'journal' ORDER BY 1, 2, 3", Ct);

    private async Task<int> CountAsync(string database) =>
        int.Parse(await cluster.Server.SqlAsync(database, "SELECT count(DISTINCT content::json->>'due') FROM allowlist_sync.entry WHERE kind = 'run' AND name = 's1'", Ct), CultureInfo.InvariantCulture);

    private Task TicksAsync(string database, int number) => Node.UntilAsync(async () => await CountAsync(database) >= number, $"{number} ticks", () => "fewer");

    // Every multiple of five seconds between a target's first and last tick.
    private Task<string> MissedAsync(string database) => cluster.Server.SqlAsync(database, """
        WITH ran AS (SELECT name, (content::json->>'due')::timestamptz AS due FROM allowlist_sync.entry WHERE kind = 'run' AND name LIKE 's_' AND content::json->>'due' IS NOT NULL),
        bounds AS (SELECT name, min(due) AS a, max(due) AS b FROM ran GROUP BY name)
        SELECT name, tick FROM bounds, generate_series(a, b, interval '5 s') AS tick WHERE NOT EXISTS (SELECT 1 FROM ran WHERE ran.name = bounds.name AND ran.due = tick)
        """, Ct);
}
