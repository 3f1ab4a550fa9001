using System.Security.Authentication;
using AllowlistSync.Core.State;
using AllowlistSync.Postgres.Connecting;
using AllowlistSync.TestKit;
using Npgsql;
using Shouldly;
using Xunit;

namespace AllowlistSync.Postgres.Tests;

/// <summary>What an operator reads when the database, or the way to it, is not as it should be.</summary>
public sealed class FailureTests(Server server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wrong_password_is_told_without_it()
    {
        await using var database = await TestDatabase.CreateAsync(server, Ct);
        var failure = await FailAsync(database.Open(PostgresCluster.Stranger, "Password=wrong-hunter3"));
        failure.Message.ShouldContain("does not let this program in: password authentication failed");
        failure.Remedy.ShouldContain("pg_hba.conf");
        failure.ToString().ShouldNotContain("hunter3");
    }

    [Fact]
    public async Task A_password_that_is_lacking_is_told()
    {
        await using var database = await TestDatabase.CreateAsync(server, Ct);
        (await FailAsync(database.Open(PostgresCluster.Stranger))).Remedy.ShouldContain("state: { file: PATH }");
    }

    [Fact]
    public void A_certificate_that_is_not_trusted_is_told_as_one()
    {
        var failure = PostgresFailures.Tell(new NpgsqlException("Exception while performing SSL handshake", new AuthenticationException("The remote certificate was rejected")), "PostgreSQL database state on 127.0.0.1");
        failure.Message.ShouldContain("cannot agree on TLS: The remote certificate was rejected");
        failure.Remedy.ShouldContain("Root Certificate=PATH");
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_told_with_the_way_to_make_it()
    {
        var cluster = await server.ClusterAsync(Ct);
        await using var database = new PostgresDatabase(cluster.Connection("nothere"));
        var failure = await FailAsync(database);
        failure.Message.ShouldContain("PostgreSQL database nothere on 127.0.0.1");
        failure.Remedy.ShouldContain("createdb");
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_after_a_few_tries()
    {
        await using var database = new PostgresDatabase("Host=127.0.0.1;Port=1;Database=x;Username=u;Password=hunter4");
        var began = TimeProvider.System.GetTimestamp();
        var failure = await FailAsync(database);
        failure.Message.ShouldContain("cannot be reached");
        failure.Remedy.ShouldContain("nothing is changed in a firewall");
        failure.ToString().ShouldNotContain("hunter4");
        TimeProvider.System.GetElapsedTime(began).ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_read_only_server_can_be_read_and_says_why_nothing_is_kept()
    {
        await using var database = await TestDatabase.CreateAsync(server, Ct);
        await database.Open().PrepareAsync(Ct);
        await database.SqlAsync($"ALTER DATABASE {database.Name} SET default_transaction_read_only = on", Ct);
        var store = database.Store();
        (await store.Target("web").LoadReceiptAsync(Ct)).ShouldBeNull();
        var failure = await Should.ThrowAsync<StateException>(async () => await store.Target("web").LockAsync("run", Ct));
        failure.Message.ShouldContain("is read-only, as a standby is");
        failure.Remedy.ShouldContain("Target Session Attributes=primary");
    }

    [Fact]
    public async Task Connections_that_were_cut_between_two_questions_cost_nothing()
    {
        await using var database = await TestDatabase.CreateAsync(server, Ct);
        var store = database.Store();
        await using var hold = await store.Target("web").LockAsync("run", Ct);
        for (var time = 0; time < 3; time++)
        {
            await database.SqlAsync($"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{database.Name}' AND pid <> pg_backend_pid()", Ct);
            await store.Target("web").AppendAsync(Samples.Entry($"{time}"), Ct);
        }

        (await store.Target("web").ReadJournalAsync(10, Ct)).Select(entry => entry.Step).ShouldBe(["0", "1", "2"]);
    }

    [Fact]
    public async Task A_server_that_crashes_is_told_and_used_again_when_it_is_back()
    {
        await using var cluster = await PostgresCluster.StartAsync(Ct);
        await using var database = new PostgresDatabase(cluster.Connection("postgres"));
        var store = new PostgresStateStore(database, new StateScope("one", _ => true, _ => true));
        var books = store.Target("web");
        await using var hold = await books.LockAsync("run", Ct);
        await books.SaveReceiptAsync(Samples.Receipt(), Ct);
        await cluster.CrashAsync(Ct);
        (await Should.ThrowAsync<StateException>(async () => await books.EnsureHeldAsync(Ct))).Message.ShouldContain("PostgreSQL database postgres on 127.0.0.1");
        await cluster.LaunchAsync(Ct);
        await books.EnsureHeldAsync(Ct);
        (await books.LoadReceiptAsync(Ct)).ShouldBe(Samples.Receipt());
    }

    [Theory]
    [InlineData("postgres://us%40er:hunter5@db.example.org:6432/allow?sslmode=require", "PostgreSQL database allow on db.example.org:6432")]
    [InlineData("postgresql://db.example.org/allow", "PostgreSQL database allow on db.example.org")]
    [InlineData("Host=/run/postgresql;Database=allow", "PostgreSQL database allow on /run/postgresql")]
    public async Task Both_ways_of_naming_a_database_are_understood(string text, string place)
    {
        await using var database = new PostgresDatabase(text);
        database.Place.ShouldBe(place);
    }

    [Theory]
    [InlineData("mysql://u:hunter6@db/allow")]
    [InlineData("Host=db;Password=hunter6;Nonsense=1")]
    [InlineData("Host=db;Port=hunter6")]
    [InlineData("postgres://u:hunter6@db:99999999/allow")]
    public void A_connection_string_that_cannot_be_read_is_refused_and_never_shown(string text)
    {
        var failure = Should.Throw<StateException>(() => new PostgresDatabase(text));
        failure.Remedy.ShouldContain("Host=db.example.org");
        failure.ToString().ShouldNotContain("hunter6");
    }

    private static async Task<StateException> FailAsync(PostgresDatabase database) => await Should.ThrowAsync<StateException>(async () => await database.PrepareAsync(Ct));
}
