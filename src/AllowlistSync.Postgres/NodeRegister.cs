using System.Collections.Immutable;
using AllowlistSync.Core.State;
using AllowlistSync.Postgres.Connecting;
using Npgsql;

namespace AllowlistSync.Postgres;

/// <summary>A daemon that keeps its state in the database.</summary>
/// <param name="Name">The node.</param>
/// <param name="Version">Its program.</param>
/// <param name="ConfigHash">The first digits of the digest of its configuration.</param>
/// <param name="StartedAt">When its daemon started.</param>
/// <param name="LastSeen">When it was last heard of.</param>
/// <param name="Silent">For how long it has not been heard of, by the clock of the database.</param>
public sealed record NodeRow(string Name, string Version, string ConfigHash, DateTimeOffset StartedAt, DateTimeOffset LastSeen, TimeSpan Silent)
{
    /// <summary>After this time without a word a node counts as gone.</summary>
    public static readonly TimeSpan Gone = TimeSpan.FromSeconds(20);

    /// <summary>True for one that was heard of lately.</summary>
    public bool IsLive => Silent < Gone;
}

/// <summary>A run of a target that all nodes share, as it is kept.</summary>
/// <param name="Id">Its place in the order of all.</param>
/// <param name="Run">The run.</param>
public sealed record SharedRun(long Id, RunRecord Run);

/// <summary>The nodes of a database, and what they tell each other.</summary>
public sealed class NodeRegister(PostgresDatabase database)
{
    private const string Write = """
        INSERT INTO allowlist_sync.node (name, version, config_hash, started_at, last_seen) VALUES ($1, $2, $3, $4, clock_timestamp())
        ON CONFLICT (name) DO UPDATE SET version = excluded.version, config_hash = excluded.config_hash, started_at = excluded.started_at, last_seen = excluded.last_seen
        """;

    // One that never came back is forgotten.
    private const string Forget = "DELETE FROM allowlist_sync.node WHERE last_seen < clock_timestamp() - interval '1 day'";

    private const string All = "SELECT name, version, config_hash, started_at, last_seen, clock_timestamp() - last_seen FROM allowlist_sync.node ORDER BY name";

    private const string Leave = "DELETE FROM allowlist_sync.node WHERE name = $1 AND started_at = $2";

    private const string Runs = """
        SELECT id, content, checksum FROM allowlist_sync.entry WHERE kind = 'run' AND id > $1 AND position(' on ' in name) = 0 ORDER BY id LIMIT 1000
        """;

    private const string Newest = "SELECT coalesce(max(id), 0) FROM allowlist_sync.entry WHERE kind = 'run'";

    /// <summary>Says that a node lives.</summary>
    public async ValueTask SayAsync(string name, string version, string configHash, DateTimeOffset startedAt, CancellationToken cancellationToken) =>
        await ExecuteAsync(Write, [name, version, configHash, startedAt.ToUniversalTime()], cancellationToken);

    /// <summary>Forgets the nodes that were not heard of for a day.</summary>
    public async ValueTask ForgetAsync(CancellationToken cancellationToken) => await ExecuteAsync(Forget, [], cancellationToken);

    /// <summary>Takes a node out that ends in order.</summary>
    public async ValueTask LeaveAsync(string name, DateTimeOffset startedAt, CancellationToken cancellationToken) =>
        await ExecuteAsync(Leave, [name, startedAt.ToUniversalTime()], cancellationToken);

    /// <summary>All nodes that were not taken out.</summary>
    public async ValueTask<ImmutableArray<NodeRow>> ReadAsync(CancellationToken cancellationToken) => await database.AskAsync(async (connection, token) =>
    {
        var rows = ImmutableArray.CreateBuilder<NodeRow>();
        await using var command = new NpgsqlCommand(All, connection);
        await using var reader = await command.ExecuteReaderAsync(token);
        while (await reader.ReadAsync(token))
        {
            rows.Add(new NodeRow(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3), reader.GetFieldValue<DateTimeOffset>(4), reader.GetTimeSpan(5)));
        }

        return rows.ToImmutable();
    }, cancellationToken);

    /// <summary>The place of the newest run.</summary>
    public async ValueTask<long> NewestRunAsync(CancellationToken cancellationToken) => await database.AskAsync(async (connection, token) =>
    {
        await using var command = new NpgsqlCommand(Newest, connection);
        return (long)(await command.ExecuteScalarAsync(token))!;
    }, cancellationToken);

    /// <summary>The runs of shared targets after a place in the order, oldest first.</summary>
    public async ValueTask<ImmutableArray<SharedRun>> RunsSinceAsync(long id, CancellationToken cancellationToken) => await database.AskAsync(async (connection, token) =>
    {
        var runs = ImmutableArray.CreateBuilder<SharedRun>();
        await using var command = new NpgsqlCommand(Runs, connection) { Parameters = { new() { Value = id } } };
        await using var reader = await command.ExecuteReaderAsync(token);
        while (await reader.ReadAsync(token))
        {
            if (EntryTable.Open(new SealedRow(reader.GetString(1), reader.GetString(2)), StateJson.Default.RunRecord) is { } run)
            {
                runs.Add(new SharedRun(reader.GetInt64(0), run));
            }
        }

        return runs.ToImmutable();
    }, cancellationToken);

    private async ValueTask ExecuteAsync(string sql, ImmutableArray<object> values, CancellationToken cancellationToken) => await database.AskAsync(async (connection, token) =>
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(values.Select(value => new NpgsqlParameter { Value = value }).ToArray());
        return await command.ExecuteNonQueryAsync(token);
    }, cancellationToken);
}
