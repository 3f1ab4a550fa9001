using AllowlistSync.Core.State;

namespace AllowlistSync.Postgres.Tests;

/// <summary>The promises, kept by files.</summary>
public sealed class FileStateContractTests : StateContract
{
    private readonly string _directory = Directory.CreateTempSubdirectory("als-state-").FullName;

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    protected override IStateStore Open() => new FileStateStore(_directory, TimeProvider.System);

    protected override Task SpoilAsync(string kind, string name) => File.AppendAllTextAsync(
        Path.Combine(_directory, kind switch { "source" => $"sources/{name}.json", "receipt" => $"targets/{name}/receipt.json", _ => "notices.json" }), "x", Ct);
}

/// <summary>The promises, kept by PostgreSQL.</summary>
public sealed class PostgresStateContractTests(Server server) : StateContract
{
    private TestDatabase _database = null!;

    public override async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync(server, Ct);

    public override ValueTask DisposeAsync() => _database.DisposeAsync();

    protected override IStateStore Open() => _database.Store();

    protected override Task SpoilAsync(string kind, string name) =>
        _database.SqlAsync($"UPDATE allowlist_sync.document SET content = content || 'x' WHERE kind = '{kind}' AND ('{name}' = '' OR name = '{name}')", Ct);
}
