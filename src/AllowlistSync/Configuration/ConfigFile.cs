using System.Text;
using AllowlistSync.Configuration.Reading;
using AllowlistSync.Configuration.Yaml;
using AllowlistSync.Core;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Configuration;

/// <summary>Reads a configuration file from disk. What is wrong with the file itself is a problem like any other.</summary>
public static class ConfigFile
{
    /// <summary>Reads a file of at most 1 MiB of UTF-8, with or without a byte order mark.</summary>
    public static ValueTask<ConfigResult> LoadAsync(string path, IReadOnlyList<ProviderRegistration> providers, CancellationToken cancellationToken) =>
        LoadAsync(path, providers, new SystemSecrets(), cancellationToken);

    /// <summary>The same, with secrets from elsewhere.</summary>
    internal static async ValueTask<ConfigResult> LoadAsync(string path, IReadOnlyList<ProviderRegistration> providers, ISecretStore secrets, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = await ReadAsync(path, cancellationToken);
            return Load(path, bytes.Span, providers, secrets);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return Failed(path, new("the file does not exist", "name another with --config FILE, or let \"allowlist-sync init\" write it"));
        }
        catch (UnauthorizedAccessException) when (Directory.Exists(path))
        {
            return Failed(path, new("this is a directory", "name a file in it with --config FILE"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Failed(path, new($"the file cannot be read: {exception.Clause()}", "let the user that runs allowlist-sync read it"));
        }
    }

    /// <summary>Reads a configuration from the bytes of its file.</summary>
    internal static ConfigResult Load(string path, ReadOnlySpan<byte> bytes, IReadOnlyList<ProviderRegistration> providers, ISecretStore secrets)
    {
        if (TextProblem.Find(bytes) is var (at, fault))
        {
            var log = new ProblemLog(path);
            log.Add(at, "", fault);
            return log.ToResult(null);
        }

        var text = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        return ConfigLoader.Load(path, Encoding.UTF8.GetString(text), providers, secrets);
    }

    // One byte more than is allowed, so that a file that is too large is seen; a device without an end is not read on.
    private static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: false);
        var buffer = new byte[file.CanSeek ? (int)Math.Min(file.Length, ConfigLoader.MaxBytes) + 1 : ConfigLoader.MaxBytes + 1];
        var count = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return buffer.AsMemory(0, count);
    }

    private static ConfigResult Failed(string path, Fault fault)
    {
        var log = new ProblemLog(path);
        log.Add(Place.Start, "", fault);
        return log.ToResult(null);
    }
}
