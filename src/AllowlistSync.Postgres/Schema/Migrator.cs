using AllowlistSync.Core.State;
using Npgsql;

namespace AllowlistSync.Postgres.Schema;

/// <summary>Brings a database to the version of this program: one transaction a step, one program at a time, and never back.</summary>
internal static class Migrator
{
    // pg_advisory_xact_lock(bigint): any number will do that no other program takes; these are the letters "allowsyn".
    private const long LockNumber = 0x616C6C6F7773796E;

    private const string Table = """
        CREATE SCHEMA IF NOT EXISTS allowlist_sync;
        CREATE TABLE IF NOT EXISTS allowlist_sync.schema_version (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())
        """;

    /// <summary>Carries out what is missing. Throws <see cref="StateException"/> when the database is newer than this program.</summary>
    public static async ValueTask MigrateAsync(NpgsqlConnection connection, string place, CancellationToken cancellationToken)
    {
        // A user who may only read, and a standby, need no right to write as long as nothing is missing.
        if (await VersionAsync(connection, place, cancellationToken) == Migrations.Newest)
        {
            return;
        }

        await StepAsync(connection, Table, cancellationToken);
        while (await NextAsync(connection, place, cancellationToken))
        {
        }
    }

    private static async ValueTask<int> VersionAsync(NpgsqlConnection connection, string place, CancellationToken cancellationToken)
    {
        await using var there = new NpgsqlCommand("SELECT to_regclass('allowlist_sync.schema_version')::text", connection);
        if (await there.ExecuteScalarAsync(cancellationToken) is not string)
        {
            return 0;
        }

        await using var newest = new NpgsqlCommand("SELECT coalesce(max(version), 0) FROM allowlist_sync.schema_version", connection);
        var version = (int)(await newest.ExecuteScalarAsync(cancellationToken))!;
        return version <= Migrations.Newest
            ? version
            : throw new StateException($"{place} was brought to version {version} by a newer program than this one, which knows version {Migrations.Newest}; nothing was read or written", "install the newer version of allowlist-sync on this node as well");
    }

    // Three nodes that start at once wait for each other here, and the second finds nothing left to do.
    private static async ValueTask<bool> NextAsync(NpgsqlConnection connection, string place, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LockAsync(connection, cancellationToken);
        var version = await VersionAsync(connection, place, cancellationToken);
        if (version == Migrations.Newest)
        {
            return false;
        }

        var step = Migrations.All.First(step => step.Version > version);
        await ExecuteAsync(connection, step.Sql, cancellationToken);
        await using var note = new NpgsqlCommand("INSERT INTO allowlist_sync.schema_version (version) VALUES ($1)", connection) { Parameters = { new() { Value = step.Version } } };
        await note.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static async ValueTask StepAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LockAsync(connection, cancellationToken);
        await ExecuteAsync(connection, sql, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async ValueTask LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1)", connection) { Parameters = { new() { Value = LockNumber } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // Statements that need no parameter may go together.
    private static async ValueTask ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
