using System.Globalization;
using AllowlistSync.Core.State;
using AllowlistSync.Postgres.Schema;
using AllowlistSync.TestKit;
using Shouldly;
using Xunit;

namespace AllowlistSync.Postgres.Tests;

/// <summary>The tables: made once, never taken back, and not by everybody.</summary>
public sealed class SchemaTests(Server server)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Six_nodes_that_start_at_once_make_the_tables_once()
    {
        await using var database = await TestDatabase.CreateAsync(server, Ct);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => database.Open().PrepareAsync(Ct).AsTask()));
        (await database.SqlAsync("SELECT string_agg(version::text, ',' ORDER BY version) FROM allowlist_sync.schema_version", Ct)).ShouldBe(string.Join(',', Migrations.All.Select(step => step.Version)));
    }

    [Fact]
    public async Task An_older_database_is_brought_forward_and_keeps_what_is_in_it()
    {
        await using var database = await TestDatabase.CreateAsync(server, Ct);
        await database.SqlAsync("CREATE SCHEMA allowlist_sync; CREATE TABLE allowlist_sync.schema_version (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now()); INSERT INTO allowlist_sync.schema_version VALUES (1)", Ct);
        await database.SqlAsync(Migrations.All[0].Sql, Ct);
        await database.SqlAsync("INSERT INTO allowlist_sync.entry (kind, name, ticket, content, checksum, size) VALUES ('run', 'web', gen_random_uuid(), '', '', 0)", Ct);
        await database.Open().PrepareAsync(Ct);
        (await database.SqlAsync("SELECT count(*) FROM allowlist_sync.entry", Ct)).ShouldBe("1");
        (await database.SqlAsync("SELECT max(version) FROM allowlist_sync.schema_version", Ct)).ShouldBe(Migrations.Newest.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_refused_and_left_as_it_is()
    {
        await using var database = await TestDatabase.CreateAsync(server, Ct);
        await database.Open().PrepareAsync(Ct);
        await database.SqlAsync("INSERT INTO allowlist_sync.schema_version VALUES (99)", Ct);
        var refused = await Should.ThrowAsync<StateException>(async () => await database.Store().Target("web").LoadReceiptAsync(Ct));
        refused.Message.ShouldContain("version 99 by a newer program");
        refused.Remedy.ShouldContain("install the newer version");
    }

    [Fact]
    public async Task A_user_who_may_only_read_can_look_at_what_is_there_and_is_told_what_it_lacks()
    {
        await using var database = await TestDatabase.CreateAsync(server, Ct);
        var secret = $"Password={PostgresCluster.Password}";
        var refused = await Should.ThrowAsync<StateException>(async () => await database.Open(PostgresCluster.Stranger, secret).PrepareAsync(Ct));
        refused.Message.ShouldContain("permission denied");
        refused.Remedy.ShouldContain("GRANT CREATE ON DATABASE");

        await database.Open().PrepareAsync(Ct);
        await database.SqlAsync($"GRANT USAGE ON SCHEMA allowlist_sync TO {PostgresCluster.Stranger}; GRANT SELECT ON ALL TABLES IN SCHEMA allowlist_sync TO {PostgresCluster.Stranger}", Ct);
        await database.Open(PostgresCluster.Stranger, secret).PrepareAsync(Ct);
    }
}
