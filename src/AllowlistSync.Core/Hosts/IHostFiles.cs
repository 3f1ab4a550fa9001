using System.Collections.Immutable;

namespace AllowlistSync.Core.Hosts;

/// <summary>
/// The configuration files of a host: small ones, read and replaced as a whole. Paths are absolute. What a user may not do, and what the disk
/// refuses, is a <see cref="HostException"/> that names the path; then the file is as it was.
/// </summary>
public interface IHostFiles
{
    /// <summary>A file; null when there is none.</summary>
    ValueTask<HostFile?> ReadAsync(string path, CancellationToken cancellationToken);

    /// <summary>The names of what is in a directory, sorted; empty when there is no such directory.</summary>
    ValueTask<ImmutableArray<string>> ListAsync(string directory, CancellationToken cancellationToken);

    /// <summary>
    /// Puts a file in the place of another in one step (rename(2)): whoever reads, and a crash, finds the old content or the new. Mode and owner of a file that is
    /// there stay, and a link goes on leading to it.
    /// </summary>
    /// <param name="path">Its path; the directory must be there.</param>
    /// <param name="content">The new content.</param>
    /// <param name="mode">The mode of a file that was not there; it belongs to the user that runs.</param>
    /// <param name="cancellationToken">Nothing is changed when it is cancelled in time.</param>
    ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> content, UnixFileMode mode, CancellationToken cancellationToken);

    /// <summary>Takes a file away; one that is not there is no error.</summary>
    ValueTask DeleteAsync(string path, CancellationToken cancellationToken);

    /// <summary>Takes the record lock of a whole file (fcntl(2), as lockf(3) does) until disposed, and makes the file if need be; null when another process has it.</summary>
    ValueTask<IAsyncDisposable?> TryLockAsync(string path, CancellationToken cancellationToken);
}

/// <summary>A file as it was read.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="Mode">Its mode.</param>
public sealed record HostFile(ReadOnlyMemory<byte> Content, UnixFileMode Mode)
{
    /// <summary>Its content as UTF-8.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(Content.Span);
}
