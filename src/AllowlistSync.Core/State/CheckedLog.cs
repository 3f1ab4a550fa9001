using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AllowlistSync.Core.State;

/// <summary>
/// An append-only file of one value a line, each behind a checksum: <c>CHECKSUM JSON</c>, the first 16 hex digits of the SHA-256 of the JSON. A line that was torn by a kill or a full disk, or that somebody edited, is left out
/// when the file is read, and swallows no other. Lines without a checksum (of versions before 0.6) are read as they are.
/// </summary>
internal sealed class CheckedLog<T>(string path, JsonTypeInfo<T> shape)
    where T : class
{
    private const int ChecksumLength = 16;

    /// <summary>Adds a line and waits until the disk has it.</summary>
    public async ValueTask AppendAsync(T value, CancellationToken cancellationToken)
    {
        StateDirectory.Ensure(Path.GetDirectoryName(path)!);
        var line = Encoding.UTF8.GetBytes(LineOf(value) + "\n");
        try
        {
            await using var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            await file.WriteAsync(AfterTornLine(file) ? [(byte)'\n', .. line] : line, cancellationToken);
            file.Flush(flushToDisk: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw StateDirectory.Unwritable(path, failure);
        }
    }

    /// <summary>The newest values, oldest first; none when there is no file.</summary>
    public async ValueTask<ImmutableArray<T>> ReadAsync(int newest, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = OpenToRead();
            var found = new List<T>();
            await foreach (var line in LinesFromEnd.ReadAsync(file, cancellationToken))
            {
                if (found.Count == newest)
                {
                    break;
                }

                if (Parse(Encoding.UTF8.GetString(line.Span)) is { } value)
                {
                    found.Add(value);
                }
            }

            return [.. Enumerable.Reverse(found)];
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw new StateException($"{path} cannot be read: {denied.Clause()}", "run as the user who runs `apply` (usually root)", denied);
        }
    }

    /// <summary>Once the file has grown past a size, forgets all but the newest lines that fit into half of it; the file is replaced in one step. The caller keeps others from appending.</summary>
    public async ValueTask TrimAsync(long size, CancellationToken cancellationToken)
    {
        if (!File.Exists(path) || new FileInfo(path).Length <= size)
        {
            return;
        }

        try
        {
            await AtomicFile.WriteAsync(path, await NewestAsync((int)(size / 2), cancellationToken), cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw StateDirectory.Unwritable(path, failure);
        }
    }

    // Whole lines, as they stand: nothing of them needs to be understood.
    private async ValueTask<ReadOnlyMemory<byte>> NewestAsync(int room, CancellationToken cancellationToken)
    {
        await using var file = OpenToRead();
        file.Seek(-room, SeekOrigin.End);
        var bytes = new byte[room];
        await file.ReadExactlyAsync(bytes, cancellationToken);
        return bytes.AsMemory(bytes.IndexOf((byte)'\n') is var feed and >= 0 ? feed + 1 : room);
    }

    private FileStream OpenToRead() => new(path, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.Asynchronous });

    private string LineOf(T value)
    {
        var json = JsonSerializer.Serialize(value, shape);
        return $"{ChecksumOf(json)} {json}";
    }

    private static string ChecksumOf(string json) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..ChecksumLength];

    // Goes to the end; true when a process was killed while it wrote the last line.
    private static bool AfterTornLine(FileStream file)
    {
        if (file.Length == 0)
        {
            return false;
        }

        file.Seek(-1, SeekOrigin.End);
        return file.ReadByte() != '\n';
    }

    private T? Parse(string line)
    {
        var json = line.StartsWith('{') ? line : line.Length > ChecksumLength && line[ChecksumLength] == ' ' ? line[(ChecksumLength + 1)..] : "";
        if (json.Length == 0 || (json.Length != line.Length && ChecksumOf(json) != line[..ChecksumLength]))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(json, shape);
        }
        catch (JsonException)
        {
            // A line without a checksum that was torn.
            return null;
        }
    }
}
