using System.Collections.Immutable;
using AllowlistSync.Core.State;

namespace AllowlistSync.Postgres;

/// <summary>Runs and lists as rows.</summary>
internal sealed class PostgresHistory(EntryTable entries, StateScope scope) : IHistory
{
    private const int Largest = 4 << 20;

    public ValueTask AddAsync(RunRecord run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        return entries.AddAsync(Kinds.Run, scope.OfTarget(run.Target), run, StateJson.Default.RunRecord, Largest, cancellationToken);
    }

    public ValueTask<ImmutableArray<RunRecord>> RunsAsync(string target, int newest, CancellationToken cancellationToken) =>
        entries.ReadAsync(Kinds.Run, scope.OfTarget(target), StateJson.Default.RunRecord, newest, cancellationToken);

    public ValueTask AddAsync(ListRecord list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(list);
        return entries.AddAsync(Kinds.List, scope.OfSource(list.Source), list, StateJson.Default.ListRecord, Largest, cancellationToken);
    }

    public ValueTask<ImmutableArray<ListRecord>> ListsAsync(string source, int newest, CancellationToken cancellationToken) =>
        entries.ReadAsync(Kinds.List, scope.OfSource(source), StateJson.Default.ListRecord, newest, cancellationToken);
}
