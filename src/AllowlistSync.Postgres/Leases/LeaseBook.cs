using System.Collections.Concurrent;
using AllowlistSync.Core.State;
using AllowlistSync.Postgres.Connecting;
using Npgsql;

namespace AllowlistSync.Postgres.Leases;

/// <summary>Takes, renews and gives back leases, and knows those of this process.</summary>
internal sealed class LeaseBook(PostgresDatabase database, string node, TimeSpan lasts)
{
    private const string Take = """
        INSERT INTO allowlist_sync.lease AS held (name, node, process, purpose, attempt, token, since, expires_at)
        VALUES ($1, $2, $3, $4, $5, nextval('allowlist_sync.lease_token'), clock_timestamp(), clock_timestamp() + make_interval(secs => $6))
        ON CONFLICT (name) DO UPDATE SET node = excluded.node, process = excluded.process, purpose = excluded.purpose, attempt = excluded.attempt,
            token = nextval('allowlist_sync.lease_token'), since = clock_timestamp(), expires_at = clock_timestamp() + make_interval(secs => $6)
        WHERE held.expires_at <= clock_timestamp() OR held.attempt = excluded.attempt
        RETURNING token
        """;

    private const string Who = "SELECT node, process, purpose, since, token, expires_at - clock_timestamp() FROM allowlist_sync.lease WHERE name = $1 AND expires_at > clock_timestamp()";

    private const string Renew = "UPDATE allowlist_sync.lease SET expires_at = clock_timestamp() + make_interval(secs => $3) WHERE name = $1 AND token = $2 AND expires_at > clock_timestamp()";

    private const string Release = "UPDATE allowlist_sync.lease SET expires_at = '-infinity' WHERE name = $1 AND token = $2";

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, Lease> _held = new(StringComparer.Ordinal);

    /// <summary>For messages: where the leases are.</summary>
    public string Place => database.Place;

    /// <summary>How long a lease lasts that is not renewed.</summary>
    public TimeSpan Lasts => lasts;

    /// <summary>The lease of this process, also when it was lost meanwhile; null when it took none.</summary>
    public Lease? Held(string name) => _held.GetValueOrDefault(name);

    /// <summary>Takes it; otherwise the one who has it.</summary>
    public async ValueTask<(Lease? Lease, LeaseHolder? Holder)> TakeAsync(string name, string subject, string purpose, CancellationToken cancellationToken)
    {
        var attempt = Guid.NewGuid();
        while (true)
        {
            var token = await database.AskAsync((connection, token) => TakeAsync(connection, name, purpose, attempt, token), cancellationToken);
            if (token is { } mine)
            {
                var lease = new Lease(this, name, subject, mine);
                _held[name] = lease;
                return (lease, null);
            }

            if (await database.AskAsync((connection, token) => WhoAsync(connection, name, token), cancellationToken) is { } holder)
            {
                return (null, holder);
            }
        }
    }

    /// <summary>The same, and waits for the one who has it, for a while.</summary>
    public async ValueTask<(Lease? Lease, LeaseHolder? Holder)> TakeWithinAsync(TimeSpan patience, string name, string subject, string purpose, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var taken = await TakeAsync(name, subject, purpose, cancellationToken);
            if (taken.Lease is not null || TimeProvider.System.GetElapsedTime(start) >= patience)
            {
                return taken;
            }

            await Task.Delay(s_pause, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>True when it is ours for the whole time again; false when it was lost.</summary>
    public async ValueTask<bool> RenewAsync(Lease lease, CancellationToken cancellationToken) => await database.AskAsync(async (connection, token) =>
    {
        await using var command = new NpgsqlCommand(Renew, connection) { Parameters = { new() { Value = lease.Name }, new() { Value = lease.Token }, new() { Value = lasts.TotalSeconds } } };
        return await command.ExecuteNonQueryAsync(token) == 1;
    }, cancellationToken);

    /// <summary>Gives it back. When that cannot be said, it ends by itself.</summary>
    public async ValueTask ReleaseAsync(Lease lease)
    {
        _held.TryRemove(KeyValuePair.Create(lease.Name, lease));
        try
        {
            await database.AskAsync(async (connection, token) =>
            {
                await using var command = new NpgsqlCommand(Release, connection) { Parameters = { new() { Value = lease.Name }, new() { Value = lease.Token } } };
                return await command.ExecuteNonQueryAsync(token);
            }, CancellationToken.None);
        }
        catch (StateException)
        {
            // It ends by itself, and what was done under it is told already.
            return;
        }
    }

    private async ValueTask<long?> TakeAsync(NpgsqlConnection connection, string name, string purpose, Guid attempt, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Take, connection)
        {
            Parameters = { new() { Value = name }, new() { Value = node }, new() { Value = Environment.ProcessId }, new() { Value = purpose }, new() { Value = attempt }, new() { Value = lasts.TotalSeconds } },
        };
        return (long?)await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async ValueTask<LeaseHolder?> WhoAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Who, connection) { Parameters = { new() { Value = name } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new LeaseHolder(reader.GetString(0), reader.GetInt32(1), reader.GetString(2), reader.GetDateTime(3), reader.GetInt64(4), reader.GetTimeSpan(5))
            : null;
    }
}

/// <summary>Who has a lease.</summary>
internal sealed record LeaseHolder(string Node, int Process, string Purpose, DateTime Since, long Token, TimeSpan Left)
{
    /// <summary>For messages.</summary>
    public override string ToString() => $"node {Node}, process {Process} ({Purpose}) since {Since:u}; a process that was killed holds it for {Math.Max(1, Math.Ceiling(Left.TotalSeconds)):0} s more";
}
