using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.RangeFiles;

/// <summary>
/// Carries out one change: note, file, check, reload, note away. The note is there before the file is touched, so that a kill at any point leaves a debt that the next run sees.
/// What fails is taken back. An answer that was lost is looked for in the file itself, and told.
/// </summary>
internal sealed class RangeFileChange(RangeFileTool tool, RangeFileOptions options, string mark)
{
    private HostException? _lost;

    /// <summary>Makes the file be as it shall be; null takes it away.</summary>
    /// <param name="from">What was read.</param>
    /// <param name="after">What shall be.</param>
    /// <param name="cancellationToken">Stops it before the first change, never after.</param>
    public async ValueTask MakeAsync(RangeFileState from, FileText? after, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var way = new RangeFileWayBack(tool, options, from);
        await WriteNoteAsync(from, cancellationToken);
        await RequireSameAsync(way, from);
        if (!FileText.IsSame(from.Stands, after))
        {
            await WriteAsync(way, from, after);
        }

        if (await tool.RunAsync(options.CheckCommand) is { } bad)
        {
            throw await way.AfterCheckAsync(after is null && from.Stands is not null ? ForInclude(bad) : bad);
        }

        if (await tool.RunAsync(options.ReloadCommand) is { } stuck)
        {
            throw await way.AfterReloadAsync(stuck);
        }

        await TakeNoteAwayAsync();
        if (_lost is not null)
        {
            throw RangeFileTool.Failure(_lost, "run again: the next run reads the file afresh", Aftermath.Unknown);
        }
    }

    // What stood before an interrupted change is the way back from this one as well, so its note stays.
    private async ValueTask WriteNoteAsync(RangeFileState from, CancellationToken cancellationToken)
    {
        if (from.Note is not null || (options.CheckCommand.IsEmpty && options.ReloadCommand.IsEmpty))
        {
            return;
        }

        var note = RangeFileNote.Of(mark, from.Stands).Write();
        try
        {
            await tool.PutAsync(options.NotePath, new FileText(note, UnixFileMode.UserRead | UnixFileMode.UserWrite), cancellationToken);
        }
        catch (HostException failed)
        {
            var there = await tool.ReadAsync(options.NotePath, CancellationToken.None);
            if (failed.Failure != HostFailure.TimedOut || there?.Content.Span.SequenceEqual(note) != true)
            {
                throw RangeFileTool.Failure(failed, await RangeFileWayBack.DropNoteAsync(tool, options, $"its directory must be there and writable, with room for two copies of the file; {options.Path} is as it was"));
            }

            _lost = failed;
        }
    }

    // Whoever edited the file since it was read would lose that edit.
    private async ValueTask RequireSameAsync(RangeFileWayBack way, RangeFileState from)
    {
        HostFile? now;
        try
        {
            now = await tool.ReadAsync(options.Path, CancellationToken.None);
        }
        catch (ProviderException failed)
        {
            await way.DropOwnNoteAsync("");
            throw new ProviderException(failed.Kind, Aftermath.Untouched, failed.Message, failed.Remedy, failed);
        }

        if (!FileText.IsSame(from.Stands, now is null ? null : new FileText(now.Content.ToArray(), now.Mode)))
        {
            await way.DropOwnNoteAsync("");
            throw RangeFileProvider.Changed(options);
        }
    }

    private async ValueTask WriteAsync(RangeFileWayBack way, RangeFileState from, FileText? after)
    {
        try
        {
            await tool.PutAsync(options.Path, after, CancellationToken.None);
        }
        catch (HostException failed)
        {
            var now = await StandsAsync(failed);
            if (!FileText.IsSame(now, after))
            {
                var remedy = await way.DropOwnNoteAsync("see that its directory is there, may be written and has room, then run again");
                throw RangeFileTool.Failure(failed, remedy, FileText.IsSame(now, from.Stands) ? Aftermath.Untouched : Aftermath.Unknown);
            }

            if (failed.Failure != HostFailure.TimedOut)
            {
                throw await way.AfterWriteAsync(failed);
            }

            _lost ??= failed;
        }
    }

    private async ValueTask<FileText?> StandsAsync(HostException failed)
    {
        try
        {
            return await tool.ReadAsync(options.Path, CancellationToken.None) is { } file ? new FileText(file.Content.ToArray(), file.Mode) : null;
        }
        catch (ProviderException unreadable)
        {
            throw new ProviderException(unreadable.Kind, Aftermath.Unknown, $"{failed.Message}; and whether it is there could not be read: {unreadable.Message}", unreadable.Remedy, failed);
        }
    }

    private async ValueTask TakeNoteAwayAsync()
    {
        try
        {
            await tool.PutAsync(options.NotePath, null, CancellationToken.None);
        }
        catch (HostException failed)
        {
            throw new ProviderException(FailureKind.Unavailable, Aftermath.Unknown, $"{options.Path} is changed, checked and reloaded, but the note beside it is still there: {failed.Message}", "run again: the next run checks and reloads once more and takes the note away", failed);
        }
    }

    private RangeFileFault ForInclude(RangeFileFault bad) =>
        bad with { Remedy = $"take the line that includes {options.Path} out of the program's configuration first, then run this again" };
}
