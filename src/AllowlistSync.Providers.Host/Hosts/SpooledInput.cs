namespace AllowlistSync.Providers.Host.Hosts;

/// <summary>An input as a finished file in a directory of its own that only we can read; gone when disposed.</summary>
internal sealed class SpooledInput : IDisposable
{
    private readonly DirectoryInfo _directory;

    private SpooledInput(DirectoryInfo directory) => _directory = directory;

    public string Path => System.IO.Path.Combine(_directory.FullName, "input");

    public static async Task<SpooledInput> CreateAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
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

    public void Dispose() => _directory.Delete(recursive: true);
}
