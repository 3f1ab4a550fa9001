using AllowlistSync.Postgres.Connecting;
using AllowlistSync.Postgres.Tests;
using AllowlistSync.TestKit;
using Xunit;

[assembly: AssemblyFixture(typeof(Server))]

namespace AllowlistSync.Postgres.Tests;

/// <summary>One server for all tests of this project; each test has a database of its own.</summary>
public sealed class Server : IAsyncLifetime
{
    private readonly SemaphoreSlim _gate = new(1);
    private PostgresCluster? _cluster;

    /// <summary>The server; started when the first test asks for it, so that a skip is told by the test.</summary>
    public async Task<PostgresCluster> ClusterAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return _cluster ??= await PostgresCluster.StartAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        _gate.Dispose();
    }
}

/// <summary>A database of a test, and nodes that keep their state in it.</summary>
internal sealed class TestDatabase(PostgresCluster cluster, string name) : IAsyncDisposable
{
    private readonly List<PostgresDatabase> _opened = [];

    public PostgresCluster Cluster => cluster;

    public string Name => name;

    public static async Task<TestDatabase> CreateAsync(Server server, CancellationToken cancellationToken)
    {
        var cluster = await server.ClusterAsync(cancellationToken);
        return new TestDatabase(cluster, await cluster.CreateDatabaseAsync(cancellationToken));
    }

    /// <summary>A store of a node: all is shared but what begins with <c>local</c>.</summary>
    public PostgresStateStore Store(string node = "node-1", TimeSpan? leaseTime = null) =>
        new(Open(), new StateScope(node, target => !target.StartsWith("local", StringComparison.Ordinal), source => !source.StartsWith("local", StringComparison.Ordinal)), leaseTime);

    public PostgresDatabase Open(string user = PostgresCluster.Superuser, string more = "")
    {
        var database = new PostgresDatabase(cluster.Connection(name, user, more));
        _opened.Add(database);
        return database;
    }

    public Task<string> SqlAsync(string sql, CancellationToken cancellationToken) => cluster.SqlAsync(name, sql, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _opened)
        {
            await database.DisposeAsync();
        }
    }
}
