using AllowlistSync.Configuration;
using AllowlistSync.Core.State;
using AllowlistSync.Postgres;
using AllowlistSync.Postgres.Connecting;

namespace AllowlistSync;

/// <summary>Where the memory of a configuration is kept, and what nodes share of it.</summary>
internal static class StateStores
{
    /// <summary>True for a target that is the same firewall whichever node works on it; false for one on the machine of the node itself. The one place that decides it.</summary>
    public static bool IsShared(TargetConfig target) => !HostTable.IsLocal(target);

    /// <summary>True for a source that says the same to every node: all but a file on the node's own disk.</summary>
    public static bool IsShared(SourceConfig source) => source is not FileSourceConfig;

    /// <summary>The connection string of a database; null for files.</summary>
    public static string? ConnectionOf(StateConfig state) => state switch
    {
        StateInDatabase database => database.Connection,
        StateInSecretDatabase secret => secret.Connection.Reveal(),
        _ => null,
    };

    /// <summary>What is wrong with a configured place before it is asked; null when nothing is.</summary>
    public static string? ProblemOf(StateConfig state)
    {
        try
        {
            using var database = DatabaseOf(state);
            return null;
        }
        catch (StateException wrong)
        {
            return $"{wrong.Message}; {wrong.Remedy}";
        }
    }

    /// <summary>The database of a configured place, not opened yet; null for files. Throws <see cref="StateException"/> when the connection string cannot be read.</summary>
    public static PostgresDatabase? DatabaseOf(StateConfig state) => ConnectionOf(state) is { } connection ? new PostgresDatabase(connection) : null;

    /// <summary>The memory of a configuration.</summary>
    public static IStateStore Open(AllowlistConfig config, PostgresDatabase? database)
    {
        if (database is null)
        {
            return new FileStateStore(((StateInFiles)config.State).Directory, TimeProvider.System);
        }

        var targets = config.Targets.Where(IsShared).Select(target => target.Target.Name).ToHashSet(StringComparer.Ordinal);
        var own = config.Sources.Where(source => !IsShared(source)).Select(source => source.Name).ToHashSet(StringComparer.Ordinal);
        return new PostgresStateStore(database, new StateScope(NodeName.Own, targets.Contains, source => !own.Contains(source)));
    }
}
