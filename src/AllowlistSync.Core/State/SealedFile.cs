using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AllowlistSync.Core.State;

/// <summary>A file whose first line is the SHA-256 of the rest: a torn, truncated or edited file is noticed and never believed.</summary>
public static class SealedFile
{
    private const string Header = "allowlist-sync-state 1 sha256 ";

    /// <summary>Writes content with its seal, atomically, 0600.</summary>
    public static ValueTask WriteAsync(string path, ReadOnlySpan<byte> content, CancellationToken cancellationToken)
    {
        var header = Encoding.ASCII.GetBytes($"{Header}{Convert.ToHexStringLower(SHA256.HashData(content))}\n");
        return AtomicFile.WriteAsync(path, (byte[])[.. header, .. content], cancellationToken);
    }

    /// <summary>Reads a value of a known shape; null when there is no file. A whole file of another shape is refused like a damaged one.</summary>
    public static async ValueTask<T?> ReadAsync<T>(string path, JsonTypeInfo<T> shape, CancellationToken cancellationToken)
        where T : class
    {
        if (await ReadAsync(path, cancellationToken) is not { } content)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(content.Span, shape);
        }
        catch (JsonException other)
        {
            throw new StateException($"{path} was written by another version of this program: {other.Message}", $"run that version, or move the file away (`mv {path} {path}.other`) and run again; the next run starts as a first run for it", other);
        }
    }

    /// <summary>Reads content whose seal is whole; null when there is no file.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        byte[] file;
        try
        {
            file = await File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw new StateException($"{path} cannot be read: {denied.Clause()}", "run as the user who runs `apply` (usually root), or set `state` to a directory of your own", denied);
        }

        var content = ContentOf(file);
        return IsWhole(file, content)
            ? content
            : throw new StateException($"{path} is damaged: its content does not match its checksum", $"move it away (`mv {path} {path}.damaged`) and run again; the next run starts as a first run for it");
    }

    /// <summary>Moves a file away whose seal is broken, and says so; null when it is whole or not there. The caller keeps others from writing it.</summary>
    public static async ValueTask<string?> SetAsideIfDamagedAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var file = await File.ReadAllBytesAsync(path, cancellationToken);
            if (IsWhole(file, ContentOf(file)))
            {
                return null;
            }

            var aside = string.Create(CultureInfo.InvariantCulture, $"{path}.damaged-{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}");
            File.Move(path, aside, overwrite: true);
            return $"{path} is damaged (its content does not match its checksum) and was moved to {aside}; the next run is a first run for it";
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw StateDirectory.Unwritable(path, failure);
        }
    }

    private static Memory<byte> ContentOf(byte[] file) => file.AsMemory(Math.Min(file.Length, Header.Length + 64 + 1));

    private static bool IsWhole(byte[] file, Memory<byte> content) =>
        file.AsSpan().StartsWith(Encoding.ASCII.GetBytes($"{Header}{Convert.ToHexStringLower(SHA256.HashData(content.Span))}\n"));
}
