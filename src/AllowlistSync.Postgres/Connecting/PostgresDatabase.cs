using AllowlistSync.Core.State;
using AllowlistSync.Postgres.Schema;
using Npgsql;

namespace AllowlistSync.Postgres.Connecting;

/// <summary>One database of this program: its connections, its schema, and what its failures mean. Opens nothing before it is asked something.</summary>
public sealed class PostgresDatabase : IAsyncDisposable, IDisposable
{
    private const int Tries = 4;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    private readonly NpgsqlDataSource _connections;
    private readonly string _settings;
    private readonly SemaphoreSlim _gate = new(1);
    private bool _isReady;
    private long _failedAt;

    /// <summary>A database by its connection string. Throws <see cref="StateException"/> when that cannot be read.</summary>
    public PostgresDatabase(string connection)
    {
        var settings = ConnectionText.Read(connection);
        (Place, _settings) = (ConnectionText.PlaceOf(settings), settings.ConnectionString);
        try
        {
            var builder = new NpgsqlSlimDataSourceBuilder(settings.ConnectionString);
            builder.EnableTransportSecurity().EnableIntegratedSecurity().EnableArrays();
            _connections = builder.Build();
        }
        catch (Exception wrong) when (wrong is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            throw new StateException($"state: the connection string names something that does not fit together: {wrong.Message}", "mend the connection string");
        }
    }

    /// <summary>For messages: which database, without who signs in and how.</summary>
    public string Place { get; }

    /// <summary>How to reach it, with the password: for a library that speaks to the same database, and for nobody's eyes.</summary>
    public string RevealConnection() => _settings;

    /// <summary>Makes or renews the tables unless they are as this version wants them. Throws <see cref="StateException"/>.</summary>
    public async ValueTask PrepareAsync(CancellationToken cancellationToken) =>
        await AskAsync((_, _) => ValueTask.FromResult(0), cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _connections.Dispose();
        _gate.Dispose();
    }

    /// <summary>Ends all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _connections.DisposeAsync();
        _gate.Dispose();
    }

    /// <summary>Does what may be done twice with the same result: also when a connection breaks in the middle, and nobody knows whether it was done, it is done again.</summary>
    internal ValueTask<T> AskAsync<T>(Func<NpgsqlConnection, CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken) => DoAsync(work, mayRepeat: true, cancellationToken);

    /// <summary>Does what must not be done twice: it is tried again only when no connection could be had.</summary>
    internal ValueTask<T> OnceAsync<T>(Func<NpgsqlConnection, CancellationToken, ValueTask<T>> work, CancellationToken cancellationToken) => DoAsync(work, mayRepeat: false, cancellationToken);

    private async ValueTask<T> DoAsync<T>(Func<NpgsqlConnection, CancellationToken, ValueTask<T>> work, bool mayRepeat, CancellationToken cancellationToken)
    {
        var (pause, tries) = (FirstPause, HasJustFailed() ? 1 : Tries);
        for (var tried = 1; ; tried++)
        {
            var isBegun = false;
            try
            {
                await using var connection = await _connections.OpenConnectionAsync(cancellationToken);
                await EnsureSchemaAsync(connection, cancellationToken);
                isBegun = true;
                return await work(connection, cancellationToken);
            }
            catch (Exception failure) when (PostgresFailures.IsPassing(failure) && tried < tries && (mayRepeat || !isBegun))
            {
                await Task.Delay(pause, TimeProvider.System, cancellationToken);
                pause *= 2;
            }
            catch (Exception failure) when (PostgresFailures.Knows(failure))
            {
                Volatile.Write(ref _failedAt, PostgresFailures.IsPassing(failure) ? TimeProvider.System.GetTimestamp() : 0);
                throw PostgresFailures.Tell(failure, Place);
            }
        }
    }

    // Who asks for a thousand targets shall not wait a thousand times for a server that is down.
    private bool HasJustFailed() => Volatile.Read(ref _failedAt) is not 0 and var at && TimeProvider.System.GetElapsedTime(at) < Fresh;

    private async ValueTask EnsureSchemaAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _isReady))
        {
            return;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!_isReady)
            {
                await Migrator.MigrateAsync(connection, Place, cancellationToken);
                Volatile.Write(ref _isReady, true);
            }
        }
        finally
        {
            _gate.Release();
        }
    }
}
