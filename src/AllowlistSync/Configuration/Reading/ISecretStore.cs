using System.Text;
using Microsoft.Win32.SafeHandles;

namespace AllowlistSync.Configuration.Reading;

/// <summary>Where secrets are kept. Each call gives the value, or a fault that does not show it.</summary>
internal interface ISecretStore
{
    (string? Value, Fault? Fault) FromFile(string path);

    (string? Value, Fault? Fault) FromEnvironment(string name);

    /// <summary>Where the secret of the state is kept: no command can do without its state.</summary>
    ISecretStore OfState => this;
}

/// <summary>The file system and the environment of this process.</summary>
internal sealed class SystemSecrets : ISecretStore
{
    /// <summary>No token is longer.</summary>
    private const int MaxBytes = 64 * 1024;

    private const UnixFileMode ReadByOthers = UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public (string? Value, Fault? Fault) FromFile(string path)
    {
        try
        {
            using var handle = File.OpenHandle(path);
            return Read(handle, path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // The path is not shown: the secret itself may stand in its place.
            return (null, new("the file of this secret does not exist", "write the path of a file that holds the secret and nothing else"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return (null, new("the file of this secret cannot be read", "let the user that runs allowlist-sync own it"));
        }
    }

    public (string? Value, Fault? Fault) FromEnvironment(string name)
    {
        var value = Environment.GetEnvironmentVariable(name)?.Trim();
        return string.IsNullOrEmpty(value)
            ? (null, new("the environment variable of this secret is not set, or is empty", "set it where allowlist-sync is started, or use { file: PATH }"))
            : (value, null);
    }

    private static (string? Value, Fault? Fault) Read(SafeFileHandle handle, string path)
    {
        if ((File.GetUnixFileMode(handle) & ReadByOthers) != UnixFileMode.None)
        {
            return (null, new($"the secret in {Shown.Of(path)} can be read by others", $"chmod 600 {Shown.Of(path)}"));
        }

        var bytes = new byte[MaxBytes + 1];
        var count = RandomAccess.Read(handle, bytes, 0);
        var value = Encoding.UTF8.GetString(bytes.AsSpan(0, count)).Trim();
        return count > MaxBytes || value.Length == 0 || value.Any(char.IsControl)
            ? (null, new($"the file {Shown.Of(path)} does not hold a secret: it is empty, longer than 64 KiB or has several lines", "put the secret and nothing else into it"))
            : (value, null);
    }
}
