using AllowlistSync.Core.Hosts;

namespace AllowlistSync.Providers.Host.Hosts;

/// <summary>An input as a finished file in a directory of its own that only we can read; gone when disposed.</summary>
internal sealed class SpooledInput : IDisposable
{
    private readonly DirectoryInfo _directory;

    private SpooledInput(DirectoryInfo directory) => _directory = directory;

    public string Path => System.IO.Path.Combine(_directory.FullName, "input");

    /// <summary>Writes the input of a program into a file; a place that is full or cannot be written is a <see cref="HostException"/> that names it.</summary>
    public static async Task<SpooledInput> CreateAsync(HostCommand command, CancellationToken cancellationToken)
    {
        try
        {
            return await WriteAsync(command.Input, cancellationToken);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new HostException(
                HostFailure.CannotStart,
                $"the input of `{command}` ({command.Input.Length} bytes) could not be written into a file below {System.IO.Path.GetTempPath()}: {refused.Message}; the program was not started",
                refused);
        }
    }

    /// <summary>Takes the file away, as far as the place lets us: the program has run, and its answer matters more than what stays in a directory that only we can read.</summary>
    public void Dispose()
    {
        try
        {
            _directory.Delete(recursive: true);
        }
        catch (Exception stays) when (stays is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    private static async Task<SpooledInput> WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        // 0700, with an unguessable name: nobody else can put a file or a link there.
        var spooled = new SpooledInput(Directory.CreateTempSubdirectory("allowlist-sync-"));
        try
        {
            await using var file = new FileStream(spooled.Path, FileMode.CreateNew, FileAccess.Write);
            await file.WriteAsync(content, cancellationToken);
            return spooled;
        }
        catch
        {
            spooled.Dispose();
            throw;
        }
    }
}
