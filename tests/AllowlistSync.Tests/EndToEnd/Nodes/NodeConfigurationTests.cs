using AllowlistSync.TestKit;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd.Nodes;

/// <summary>Nodes whose configurations differ, and what is told of it.</summary>
public sealed class NodeConfigurationTests(Cluster cluster) : IClassFixture<Cluster>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Different_configurations_are_told_in_the_log_by_status_and_in_numbers()
    {
        var database = await cluster.DatabaseAsync(Ct);
        var port = QuietPort.Find();
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
        await Node.UntilAsync(async () => (await http.GetAsync("readyz", Ct)).IsSuccessStatusCode, "the first run of the target", () => one.Said);
        (await http.GetStringAsync("readyz", Ct)).ShouldContain("note: node two has another configuration");

        await using var second = Node.Start("one", old, "daemon");
        (await second.EndAsync()).ShouldBe(5, second.Said);
    }

    [Fact]
    public async Task A_target_that_left_the_configuration_leaves_the_shared_schedule_once_no_node_has_it()
    {
        var database = await cluster.DatabaseAsync(Ct);
        const string often = "0/2 * * * * ?";
        var both = await cluster.ConfigureAsync("both", database, Cluster.Shared("s1") + Cluster.Shared("s2"), often);
        var one = await cluster.ConfigureAsync("one", database, Cluster.Shared("s1"), often);
        await using var stays = await Node.DaemonAsync("stays", both);
        await using var changed = await Node.DaemonAsync("changed", one);
        await changed.SaysAsync("node stays has another configuration");
        (await JobsAsync(database)).ShouldBe("s1,s2");

        stays.Signal(Node.Terminate);
        await stays.EndAsync();

        await changed.SaysAsync("s2: no node has it in its configuration any more");
        (await JobsAsync(database)).ShouldBe("s1");
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

    private Task<string> JobsAsync(string database) => cluster.Server.SqlAsync(database, "SELECT string_agg(job_name, ',' ORDER BY job_name) FROM allowlist_sync.qrtz_job_details", Ct);
}
