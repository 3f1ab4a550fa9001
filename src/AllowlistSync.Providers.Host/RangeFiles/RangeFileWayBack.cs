using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.RangeFiles;

/// <summary>Puts back what stood before a change, and says truly what became of it.</summary>
internal sealed class RangeFileWayBack(RangeFileTool tool, RangeFileOptions options, RangeFileState from)
{
    // After an interrupted change nobody knows what the program has read; the file that it had for sure is in that note.
    private FileText? Old => from.Note is null ? from.Stands : from.Note.Old;

    private string OldInWords => Old is null ? $"{options.Path} was taken away again, as there was none before" : $"the old {options.Path} was put back";

    /// <summary>The check did not pass: back, and asked again, so that a mistake that was there before is told from ours.</summary>
    public async ValueTask<ProviderException> AfterCheckAsync(RangeFileFault bad)
    {
        if (await PutBackAsync(bad) is { } stuck)
        {
            return stuck;
        }

        var again = await tool.RunAsync(options.CheckCommand);
        if (again is not null)
        {
            return await BrokenBeforeAsync(bad, again);
        }

        // Only a change that was interrupted may have been read already.
        return from.Note is not null && await tool.RunAsync(options.ReloadCommand) is { } unread
            ? Unknown(bad, $"{OldInWords} and passes, but then {unread.Said}", unread.Remedy)
            : await RolledBackAsync(bad, $"{OldInWords} and passes the check");
    }

    /// <summary>The reload failed: back, and reloaded again.</summary>
    public async ValueTask<ProviderException> AfterReloadAsync(RangeFileFault bad)
    {
        if (await PutBackAsync(bad) is { } stuck)
        {
            return stuck;
        }

        return await tool.RunAsync(options.ReloadCommand) is { } again
            ? Unknown(bad, $"{OldInWords}, but that could not be reloaded either: {again.Said}", again.Remedy)
            : await RolledBackAsync(bad, $"{OldInWords} and reloaded");
    }

    /// <summary>The file was written, and the host says that something went wrong with it: back.</summary>
    public async ValueTask<ProviderException> AfterWriteAsync(HostException failed)
    {
        var bad = new RangeFileFault(FailureKind.Unavailable, failed.Message, "mend what the message names and run again");
        return await PutBackAsync(bad) ?? await RolledBackAsync(bad, OldInWords);
    }

    /// <summary>Takes the note of this change away, not one that an earlier change left. What to do, with a word about the note if it stays.</summary>
    public ValueTask<string> DropOwnNoteAsync(string remedy) => from.Note is null ? DropNoteAsync(tool, options, remedy) : ValueTask.FromResult(remedy);

    /// <summary>Takes the note away. What to do, with a word about the note if it stays.</summary>
    public static async ValueTask<string> DropNoteAsync(RangeFileTool tool, RangeFileOptions options, string remedy)
    {
        try
        {
            await tool.PutAsync(options.NotePath, null, CancellationToken.None);
            return remedy;
        }
        catch (HostException stays)
        {
            return $"{remedy}; {options.NotePath} stays until the next run ({stays.Message})";
        }
    }

    private async ValueTask<ProviderException?> PutBackAsync(RangeFileFault bad)
    {
        try
        {
            await tool.PutAsync(options.Path, Old, CancellationToken.None);
            return null;
        }
        catch (HostException failed)
        {
            return Unknown(bad, $"the old {options.Path} could not be put back: {failed.Message}", $"the old text is in {options.NotePath} (`before`, base64); mend what the message names and run again");
        }
    }

    // The debt of an interrupted change stays in its note: what the program has read of it is not known as long as it cannot be reloaded.
    private async ValueTask<ProviderException> BrokenBeforeAsync(RangeFileFault bad, RangeFileFault again)
    {
        var remedy = await DropOwnNoteAsync(bad.Remedy);
        return new ProviderException(bad.Kind, Aftermath.RolledBack, $"{bad.Said}; {OldInWords} and does not pass either ({again.Said}): the configuration was broken before this change, which made it no worse", remedy);
    }

    private async ValueTask<ProviderException> RolledBackAsync(RangeFileFault bad, string what) =>
        new(bad.Kind, Aftermath.RolledBack, $"{bad.Said}; {what}", await DropNoteAsync(tool, options, bad.Remedy));

    private static ProviderException Unknown(RangeFileFault bad, string what, string remedy) => new(bad.Kind, Aftermath.Unknown, $"{bad.Said}; {what}", remedy);
}
