using System.Text.Json;
using AllowlistSync.Core.Sources;

namespace AllowlistSync.Core.State;

/// <summary>
/// State as files: <c>sources/NAME.json</c> (last known good), <c>targets/NAME/receipt.json</c>, <c>journal.jsonl</c>, <c>lock</c>, <c>holder</c> (while locked).
/// Directories are made when something is written first, 0700; files are 0600.
/// </summary>
public sealed class FileStateStore : IStateStore
{
    private readonly TimeProvider _time;

    /// <summary>A store in a directory, which need not exist.</summary>
    public FileStateStore(string directory, TimeProvider time)
    {
        Place = directory;
        _time = time;
    }

    /// <inheritdoc/>
    public string Place { get; }

    /// <inheritdoc/>
    public ValueTask<SourceMemory?> LoadSourceAsync(string source, CancellationToken cancellationToken) =>
        SealedFile.ReadAsync(SourcePath(source), StateJson.Default.SourceMemory, cancellationToken);

    /// <inheritdoc/>
    public ValueTask SaveSourceAsync(string source, SourceMemory memory, CancellationToken cancellationToken)
    {
        var path = SourcePath(source);
        StateDirectory.Ensure(Path.GetDirectoryName(path)!);
        return StateDirectory.WriteAsync(path, JsonSerializer.SerializeToUtf8Bytes(memory, StateJson.Default.SourceMemory), cancellationToken);
    }

    /// <inheritdoc/>
    public ITargetState Target(string target) => new FileTargetState(Path.Combine(Place, "targets", target), target, _time);

    private string SourcePath(string source) => Path.Combine(Place, "sources", source + ".json");
}
