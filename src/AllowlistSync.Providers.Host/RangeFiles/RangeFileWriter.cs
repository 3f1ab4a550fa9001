using System.Collections.Immutable;
using AllowlistSync.Core.Formats;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.RangeFiles;

/// <summary>Says what the file shall be, and what was done, in words. Pure.</summary>
internal static class RangeFileWriter
{
    /// <summary>The file that a change wants; null when it shall not be there.</summary>
    /// <exception cref="ProviderException">The list is empty: to a web server that may mean everybody, so it is never written.</exception>
    public static FileText? Wanted(RangeFileOptions options, string mark, ChangeSet changes)
    {
        if (changes.Desired.IsNothing)
        {
            return null;
        }

        if (changes.Result.IsEmpty)
        {
            throw new ProviderException(FailureKind.InvalidInput, Aftermath.Untouched, $"nothing would be listed in {options.Path}, and to some programs an empty list means everybody; the file was left as it is", "give the target a source with ranges, or take the file away with `remove`");
        }

        var mode = ((RangeFileState)changes.Observed.Native!).Stands?.Mode ?? FileText.NewMode;
        return new FileText(options.Format.Write(changes.Result.Sources, new RangeFileLabel(mark, options.Name)), mode);
    }

    /// <summary>What was done.</summary>
    public static ImmutableArray<string> Actions(RangeFileOptions options, bool isWritten, FileText? after)
    {
        var written = after is null ? $"{options.Path} deleted" : $"{options.Path} written: {options.Format.Read(after.Content, options.Name).Ranges} as {options.Format.Name}";
        return
        [
            .. isWritten ? new[] { written } : [],
            .. options.CheckCommand.IsEmpty ? [] : new[] { $"checked by `{string.Join(' ', options.CheckCommand)}`" },
            .. options.ReloadCommand.IsEmpty ? [] : new[] { $"reloaded by `{string.Join(' ', options.ReloadCommand)}`" },
        ];
    }
}
