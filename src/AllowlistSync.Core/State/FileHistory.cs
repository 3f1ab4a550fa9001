using System.Collections.Immutable;

namespace AllowlistSync.Core.State;

/// <summary>History as files: <c>targets/NAME/runs.jsonl</c> and <c>sources/NAME.lists.jsonl</c>.</summary>
internal sealed class FileHistory(string directory) : IHistory
{
    // A run in sync is a line of about 13 KiB with the proof of both families and two ports; four megabytes are three days at one run in 15 minutes.
    private const long Largest = 4 << 20;

    public async ValueTask AddAsync(RunRecord run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        var log = Runs(run.Target);
        await log.AppendAsync(run, cancellationToken);
        await log.TrimAsync(Largest, cancellationToken);
    }

    public ValueTask<ImmutableArray<RunRecord>> RunsAsync(string target, int newest, CancellationToken cancellationToken) => Runs(target).ReadAsync(newest, cancellationToken);

    public async ValueTask AddAsync(ListRecord list, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(list);
        var log = Lists(list.Source);
        await log.AppendAsync(list, cancellationToken);
        await log.TrimAsync(Largest, cancellationToken);
    }

    public ValueTask<ImmutableArray<ListRecord>> ListsAsync(string source, int newest, CancellationToken cancellationToken) => Lists(source).ReadAsync(newest, cancellationToken);

    private CheckedLog<RunRecord> Runs(string target) => new(Path.Combine(directory, "targets", target, "runs.jsonl"), StateJson.Default.RunRecord);

    private CheckedLog<ListRecord> Lists(string source) => new(Path.Combine(directory, "sources", source + ".lists.jsonl"), StateJson.Default.ListRecord);
}
