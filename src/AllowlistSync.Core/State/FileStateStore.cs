using System.Collections.Immutable;
using System.Text.Json;
using AllowlistSync.Core.Sources;

namespace AllowlistSync.Core.State;

/// <summary>
/// State as files: <c>sources/NAME.json</c> (last known good), <c>targets/NAME/receipt.json</c>, <c>journal.jsonl</c>, <c>lock</c>, <c>holder</c> (while locked), and the history (<see cref="FileHistory"/>).
/// Directories are made when something is written first, 0700; files are 0600.
/// </summary>
public sealed class FileStateStore : IStateStore
{
    // A fetch of a source that hangs takes 45 s at most.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // Longer than somebody looks.
    private static readonly TimeSpan DaemonPatience = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;

    /// <summary>A store in a directory, which need not exist.</summary>
    public FileStateStore(string directory, TimeProvider time)
    {
        Place = directory;
        _time = time;
        History = new FileHistory(directory);
        Notices = new FileNoticeBook(directory, time);
    }

    /// <inheritdoc/>
    public string Place { get; }

    /// <inheritdoc/>
    public IHistory History { get; }

    /// <inheritdoc/>
    public INoticeBook Notices { get; }

    private TargetLock DaemonLock => new(Path.Combine(Place, "daemon"), "daemon", _time);

    /// <inheritdoc/>
    public ValueTask<IAsyncDisposable> LockDaemonAsync(CancellationToken cancellationToken) =>
        DaemonLock.TakeAsync("daemon", DaemonPatience, cancellationToken);

    /// <summary>The daemon that works with this state: process id and since when; null when none does.</summary>
    public ValueTask<string?> DaemonAsync(CancellationToken cancellationToken) => DaemonLock.LookAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<string>> SetAsideDamagedAsync(CancellationToken cancellationToken)
    {
        var said = ImmutableArray.CreateBuilder<string>();
        foreach (var path in FilesIn(Place, "notices.json"))
        {
            Add(await SealedFile.SetAsideIfDamagedAsync(path, _time, cancellationToken));
        }

        foreach (var path in FilesIn(Path.Combine(Place, "sources"), "*.json"))
        {
            await using var hold = await LockSourceAsync(Path.GetFileNameWithoutExtension(path), "repair", cancellationToken);
            Add(await SealedFile.SetAsideIfDamagedAsync(path, _time, cancellationToken));
        }

        foreach (var directory in DirectoriesIn(Path.Combine(Place, "targets")))
        {
            Add(await new FileTargetState(directory, Path.GetFileName(directory), _time).SetAsideDamagedAsync(cancellationToken));
        }

        return said.ToImmutable();

        void Add(string? sentence)
        {
            if (sentence is not null)
            {
                said.Add(sentence);
            }
        }
    }

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
    public async ValueTask<IAsyncDisposable> LockSourceAsync(string source, string purpose, CancellationToken cancellationToken)
    {
        var held = new TargetLock(Path.Combine(Place, "sources", source + ".lock"), source, _time);
        try
        {
            return await held.TakeAsync(purpose, Patience, cancellationToken);
        }
        catch (TargetLockedException locked)
        {
            throw new StateException($"source {source} is being fetched by {locked.Holder}", "wait for that run to end, or end it, then run again", locked);
        }
    }

    /// <inheritdoc/>
    public ITargetState Target(string target) => new FileTargetState(Path.Combine(Place, "targets", target), target, _time);

    private static string[] FilesIn(string directory, string pattern) => Directory.Exists(directory) ? Directory.GetFiles(directory, pattern) : [];

    private static string[] DirectoriesIn(string directory) => Directory.Exists(directory) ? Directory.GetDirectories(directory) : [];

    private string SourcePath(string source) => Path.Combine(Place, "sources", source + ".json");
}
