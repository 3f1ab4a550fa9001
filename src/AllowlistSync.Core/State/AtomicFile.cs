namespace AllowlistSync.Core.State;

/// <summary>Replaces files so that a reader, a crash or a full disk sees the old content or the new, never a part (rename(2) is atomic within a file system).</summary>
public static class AtomicFile
{
    /// <summary>Writes a file that only its owner can read (0600), by way of a temporary file beside it. When it returns, the disk has the content and the name.</summary>
    public static async ValueTask WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        var stream = Create(temporary);
        try
        {
            await using (stream)
            {
                await stream.WriteAsync(content, cancellationToken);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        DirectoryEntries.Flush(Path.GetDirectoryName(path) ?? "/");
    }

    // O_EXCL: a file or a link that somebody laid in the way is not written through (open(2)).
    private static FileStream Create(string path) => new(path, new FileStreamOptions
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.Write,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    });
}
