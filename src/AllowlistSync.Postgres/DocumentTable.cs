using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AllowlistSync.Core.State;
using AllowlistSync.Postgres.Connecting;
using AllowlistSync.Postgres.Leases;
using Npgsql;

namespace AllowlistSync.Postgres;

/// <summary>One value each: receipts, what is remembered of sources, what people were told.</summary>
internal sealed class DocumentTable(PostgresDatabase database)
{
    private const string Load = "SELECT content, checksum FROM allowlist_sync.document WHERE kind = $1 AND name = $2";

    // One statement: the row of the lease is locked until the value is written, so nobody can take it over in between.
    private const string Save = """
        WITH fence AS (SELECT 1 FROM allowlist_sync.lease WHERE name = $1 AND token = $2 AND expires_at > clock_timestamp() FOR SHARE),
        kept AS (
            INSERT INTO allowlist_sync.document (kind, name, content, checksum) SELECT $3, $4, $5, $6 FROM fence
            ON CONFLICT (kind, name) DO UPDATE SET content = excluded.content, checksum = excluded.checksum, saved_at = now())
        SELECT count(*) FROM fence
        """;

    private const string Damaged = "SELECT kind, name FROM allowlist_sync.document WHERE checksum <> encode(sha256(convert_to(content, 'UTF8')), 'hex') ORDER BY kind, name";

    private const string SetAside = """
        WITH gone AS (DELETE FROM allowlist_sync.document WHERE kind = $1 AND name = $2 AND checksum <> encode(sha256(convert_to(content, 'UTF8')), 'hex') RETURNING kind, name, content, checksum)
        INSERT INTO allowlist_sync.damaged (kind, name, content, checksum) SELECT kind, name, content, checksum FROM gone
        """;

    /// <summary>A value; null when there is none. Throws <see cref="StateException"/> for one that is damaged.</summary>
    public async ValueTask<T?> LoadAsync<T>(string kind, string name, JsonTypeInfo<T> shape, CancellationToken cancellationToken)
        where T : class =>
        await database.AskAsync((connection, token) => RowAsync(connection, Load, kind, name, token), cancellationToken) is { } row ? Open(row, kind, name, shape) : null;

    /// <summary>Replaces a value under a lease. Throws <see cref="StateException"/> when that was lost.</summary>
    public async ValueTask SaveAsync<T>(Lease lease, string kind, string name, T value, JsonTypeInfo<T> shape, CancellationToken cancellationToken)
    {
        var row = SealedRow.Of(value, shape);
        var fences = await database.AskAsync(async (connection, token) =>
        {
            await using var command = new NpgsqlCommand(Save, connection)
            {
                Parameters = { new() { Value = lease.Name }, new() { Value = lease.Token }, new() { Value = kind }, new() { Value = name }, new() { Value = row.Content }, new() { Value = row.Checksum } },
            };
            return (long)(await command.ExecuteScalarAsync(token))!;
        }, cancellationToken);
        if (fences == 0)
        {
            throw lease.Lost();
        }
    }

    /// <summary>The values whose checksum does not fit.</summary>
    public async ValueTask<ImmutableArray<(string Kind, string Name)>> DamagedAsync(CancellationToken cancellationToken) => await database.AskAsync(async (connection, token) =>
    {
        var found = ImmutableArray.CreateBuilder<(string, string)>();
        await using var command = new NpgsqlCommand(Damaged, connection);
        await using var reader = await command.ExecuteReaderAsync(token);
        while (await reader.ReadAsync(token))
        {
            found.Add((reader.GetString(0), reader.GetString(1)));
        }

        return found.ToImmutable();
    }, cancellationToken);

    /// <summary>Moves a damaged value to where nobody reads it, and says so; null when it is whole by now.</summary>
    public async ValueTask<string?> SetAsideAsync(string kind, string name, CancellationToken cancellationToken)
    {
        var moved = await database.AskAsync(async (connection, token) =>
        {
            await using var command = new NpgsqlCommand(SetAside, connection) { Parameters = { new() { Value = kind }, new() { Value = name } } };
            return await command.ExecuteNonQueryAsync(token);
        }, cancellationToken);
        return moved == 0 ? null : $"{database.Place}: {kind} {name} is damaged (its content does not match its checksum) and was moved to the table allowlist_sync.damaged; the next run is a first run for it";
    }

    /// <summary>Reads a row.</summary>
    public static async ValueTask<SealedRow?> RowAsync(NpgsqlConnection connection, string sql, string kind, string name, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = kind }, new() { Value = name } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new SealedRow(reader.GetString(0), reader.GetString(1)) : null;
    }

    /// <summary>The value of a row.</summary>
    public T? Open<T>(SealedRow row, string kind, string name, JsonTypeInfo<T> shape)
        where T : class
    {
        var delete = $"DELETE FROM allowlist_sync.document WHERE kind = '{kind}' AND name = '{name}'";
        if (!row.IsWhole)
        {
            throw new StateException($"{database.Place}: {kind} {name} is damaged: its content does not match its checksum", $"start the daemon, which moves it aside, or remove it (`{delete}`); the next run starts as a first run for it");
        }

        try
        {
            return JsonSerializer.Deserialize(row.Content, shape);
        }
        catch (JsonException other)
        {
            throw new StateException($"{database.Place}: {kind} {name} was written by another version of this program: {other.Message}", $"run that version, or remove it (`{delete}`); the next run starts as a first run for it", other);
        }
    }
}
