using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AllowlistSync.Core.State;
using AllowlistSync.Postgres.Connecting;
using AllowlistSync.Postgres.Leases;
using Npgsql;

namespace AllowlistSync.Postgres;

/// <summary>What is only ever added: journals, runs and lists. An entry that somebody edited or damaged is left out, and costs no other.</summary>
internal sealed class EntryTable(PostgresDatabase database)
{
    private const string Add = """
        INSERT INTO allowlist_sync.entry (kind, name, ticket, content, checksum, size) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (ticket) DO NOTHING
        """;

    private const string AddFenced = """
        WITH fence AS (SELECT 1 FROM allowlist_sync.lease WHERE name = $7 AND token = $8 AND expires_at > clock_timestamp() FOR SHARE),
        kept AS (INSERT INTO allowlist_sync.entry (kind, name, ticket, content, checksum, size) SELECT $1, $2, $3, $4, $5, $6 FROM fence ON CONFLICT (ticket) DO NOTHING)
        SELECT count(*) FROM fence
        """;

    // As with files: what has grown past a size is cut to half of it.
    private const string Trim = """
        DELETE FROM allowlist_sync.entry WHERE kind = $1 AND name = $2
        AND (SELECT sum(size) FROM allowlist_sync.entry WHERE kind = $1 AND name = $2) > $3
        AND id <= (SELECT max(id) FROM (SELECT id, sum(size) OVER (ORDER BY id DESC) AS room FROM allowlist_sync.entry WHERE kind = $1 AND name = $2) AS newest WHERE room > $3 / 2)
        """;

    private const string Read = """
        SELECT content, checksum FROM allowlist_sync.entry
        WHERE kind = $1 AND name = $2 AND checksum = encode(sha256(convert_to(content, 'UTF8')), 'hex') ORDER BY id DESC LIMIT $3
        """;

    /// <summary>Adds an entry under a lease. Throws <see cref="StateException"/> when that was lost.</summary>
    public async ValueTask AddAsync<T>(Lease lease, string kind, string name, T value, JsonTypeInfo<T> shape, CancellationToken cancellationToken)
    {
        var (row, ticket) = (SealedRow.Of(value, shape), Guid.NewGuid());
        var fences = await database.AskAsync(async (connection, token) =>
        {
            await using var command = Adding(AddFenced, connection, kind, name, ticket, row);
            command.Parameters.Add(new() { Value = lease.Name });
            command.Parameters.Add(new() { Value = lease.Token });
            return (long)(await command.ExecuteScalarAsync(token))!;
        }, cancellationToken);
        if (fences == 0)
        {
            throw lease.Lost();
        }
    }

    /// <summary>Adds an entry, and forgets the oldest once all together have grown past a size.</summary>
    public async ValueTask AddAsync<T>(string kind, string name, T value, JsonTypeInfo<T> shape, int largest, CancellationToken cancellationToken)
    {
        var (row, ticket) = (SealedRow.Of(value, shape), Guid.NewGuid());
        await database.AskAsync(async (connection, token) =>
        {
            await using var command = Adding(Add, connection, kind, name, ticket, row);
            await command.ExecuteNonQueryAsync(token);
            await using var trim = new NpgsqlCommand(Trim, connection) { Parameters = { new() { Value = kind }, new() { Value = name }, new() { Value = largest } } };
            return await trim.ExecuteNonQueryAsync(token);
        }, cancellationToken);
    }

    /// <summary>The newest entries, oldest first.</summary>
    public async ValueTask<ImmutableArray<T>> ReadAsync<T>(string kind, string name, JsonTypeInfo<T> shape, int newest, CancellationToken cancellationToken)
        where T : class => await database.AskAsync(async (connection, token) =>
    {
        var found = ImmutableArray.CreateBuilder<T>();
        await using var command = new NpgsqlCommand(Read, connection) { Parameters = { new() { Value = kind }, new() { Value = name }, new() { Value = newest } } };
        await using var reader = await command.ExecuteReaderAsync(token);
        while (await reader.ReadAsync(token))
        {
            if (Open(new SealedRow(reader.GetString(0), reader.GetString(1)), shape) is { } value)
            {
                found.Add(value);
            }
        }

        found.Reverse();
        return found.ToImmutable();
    }, cancellationToken);

    /// <summary>The value of a row; null for one that cannot be believed.</summary>
    public static T? Open<T>(SealedRow row, JsonTypeInfo<T> shape)
        where T : class
    {
        try
        {
            return row.IsWhole ? JsonSerializer.Deserialize(row.Content, shape) : null;
        }
        catch (JsonException)
        {
            // Of another version; history decides nothing, and a journal is for people.
            return null;
        }
    }

    private static NpgsqlCommand Adding(string sql, NpgsqlConnection connection, string kind, string name, Guid ticket, SealedRow row) => new(sql, connection)
    {
        Parameters =
        {
            new() { Value = kind },
            new() { Value = name },
            new() { Value = ticket },
            new() { Value = row.Content },
            new() { Value = row.Checksum },
            new() { Value = Encoding.UTF8.GetByteCount(row.Content) },
        },
    };
}
