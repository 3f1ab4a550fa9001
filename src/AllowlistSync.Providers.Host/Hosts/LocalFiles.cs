using System.Collections.Immutable;
using AllowlistSync.Core;
using AllowlistSync.Core.Hosts;

namespace AllowlistSync.Providers.Host.Hosts;

/// <summary>
/// The files of this machine. Every call does its work before it returns: the files are small, and a caller that entered another mount namespace
/// with one thread must find all of it done there.
/// </summary>
public sealed class LocalFiles : IHostFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <inheritdoc/>
    public ValueTask<HostFile?> ReadAsync(string path, CancellationToken cancellationToken) => Do(path, "read", () => Read(path), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ImmutableArray<string>> ListAsync(string directory, CancellationToken cancellationToken) => Do(directory, "listed", () => List(directory), cancellationToken);

    /// <inheritdoc/>
    public ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> content, UnixFileMode mode, CancellationToken cancellationToken) =>
        Finish(Do(path, "written", () => Replace(path, content.Span, mode), cancellationToken));

    /// <inheritdoc/>
    public ValueTask DeleteAsync(string path, CancellationToken cancellationToken) => Finish(Do(path, "taken away", () => Delete(path), cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IAsyncDisposable?> TryLockAsync(string path, CancellationToken cancellationToken) => Do<IAsyncDisposable?>(path, "locked", () => FileLock.TryTake(path), cancellationToken);

    private static HostFile? Read(string path)
    {
        try
        {
            return new HostFile(File.ReadAllBytes(path), File.GetUnixFileMode(path));
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static ImmutableArray<string> List(string directory) => Directory.Exists(directory)
        ? [.. Directory.EnumerateFileSystemEntries(directory).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal)]
        : [];

    private static bool Delete(string path)
    {
        if (Directory.Exists(Path.GetDirectoryName(path)))
        {
            File.Delete(path);
        }

        return true;
    }

    // The content is on the disk before the name leads to it, so that no crash leaves an empty file.
    private static bool Replace(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        var place = new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        var temporary = $"{place}.{Path.GetRandomFileName()}.tmp";
        try
        {
            // O_EXCL: a file or a link that somebody laid in the way is not written through (open(2)).
            using (var file = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            FileOwner.CopyOrSet(place, temporary, mode);
            File.Move(temporary, place, overwrite: true);
            return true;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static ValueTask<T> Do<T>(string path, string what, Func<T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return ValueTask.FromResult(work());
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new HostException(HostFailure.Denied, $"{path} could not be {what}: {denied.Clause()}", denied);
        }
        catch (IOException failed)
        {
            throw new HostException(HostFailure.FileFailed, $"{path} could not be {what}: {failed.Message}", failed);
        }
    }

    private static ValueTask Finish(ValueTask<bool> done) => done.IsCompletedSuccessfully ? ValueTask.CompletedTask : new ValueTask(done.AsTask());
}
