using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd.Nodes;

/// <summary>Several daemons with one memory, on a real PostgreSQL: who runs what. What takes long stands in classes of its own, so that it is waited for side by side.</summary>
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
        DateTimeOffset killed;
        await using (var three = await Node.DaemonAsync("three", config))
        {
            await cluster.TicksAsync(database, 2);
            three.Signal(Node.Kill);
            killed = TimeProvider.System.GetUtcNow();
        }

        await cluster.TicksAsync(database, 5);
        await using var again = await Node.DaemonAsync("three", config);
        await again.SaysAsync("started on three");
        await cluster.TicksAsync(database, 8);

        // What the killed node had begun comes late, and what it had ended in that moment may come again.
        await Node.UntilAsync(async () => await MissedAsync(database) == "", "no tick is missing", () => "some are");
        (await TwiceAsync(database, killed)).ShouldBe("");
        (await cluster.Server.SqlAsync(database, "SELECT string_agg(DISTINCT name, ',' ORDER BY name) FROM allowlist_sync.entry WHERE kind = 'run' AND name LIKE 'mine%'", Ct)).ShouldBe("mine on one,mine on three,mine on two");
    }

    [Fact]
    public async Task Ticks_that_a_wrong_clock_put_off_come_again()
    {
        var database = await cluster.DatabaseAsync(Ct);
        var config = await cluster.ConfigureAsync("off", database, Cluster.Shared("s1"), EveryFiveSeconds);
        await using var node = await Node.DaemonAsync("one", config);
        await cluster.TicksAsync(database, 1);
        await PutOffAsync(database);
        await cluster.TicksAsync(database, await cluster.CountAsync(database) + 3);
    }

    [Fact]
    public async Task Ticks_that_a_wrong_clock_put_off_come_again_after_a_start()
    {
        var database = await cluster.DatabaseAsync(Ct);
        var config = await cluster.ConfigureAsync("late", database, Cluster.Shared("s1"), EveryFiveSeconds);
        await using (var before = await Node.DaemonAsync("one", config))
        {
            await cluster.TicksAsync(database, 1);
            before.Signal(Node.Terminate);
            (await before.EndAsync()).ShouldBe(0, before.Said);
        }

        await PutOffAsync(database);
        await using var after = await Node.DaemonAsync("one", config);
        await cluster.TicksAsync(database, await cluster.CountAsync(database) + 2);
    }

    private Task<string> TwiceAsync(string database, DateTimeOffset killed) => cluster.Server.SqlAsync(database, $"""
        SELECT name, content::json->>'due', count(*) FROM allowlist_sync.entry WHERE kind = 'run' AND name LIKE 's_' AND content::json->>'due' IS NOT NULL GROUP BY 1, 2
        HAVING count(*) > CASE WHEN bool_or(content::json->>'node' = 'three') AND (content::json->>'due')::timestamptz <= '{killed:O}' THEN 2 ELSE 1 END
        """, Ct);

    // As a node leaves it whose clock was a month ahead: 30 days in units of 100 ns.
    private Task<string> PutOffAsync(string database) =>
        cluster.Server.SqlAsync(database, "UPDATE allowlist_sync.qrtz_triggers SET next_fire_time = next_fire_time + 25920000000000 WHERE trigger_group = 'tick'", Ct);

    // Every multiple of five seconds between a target's first and last tick.
    private Task<string> MissedAsync(string database) => cluster.Server.SqlAsync(database, """
        WITH ran AS (SELECT name, (content::json->>'due')::timestamptz AS due FROM allowlist_sync.entry WHERE kind = 'run' AND name LIKE 's_' AND content::json->>'due' IS NOT NULL),
        bounds AS (SELECT name, min(due) AS a, max(due) AS b FROM ran GROUP BY name)
        SELECT name, tick FROM bounds, generate_series(a, b, interval '5 s') AS tick WHERE NOT EXISTS (SELECT 1 FROM ran WHERE ran.name = bounds.name AND ran.due = tick)
        """, Ct);
}
