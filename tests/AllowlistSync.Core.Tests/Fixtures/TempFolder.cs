namespace AllowlistSync.Core.Tests.Fixtures;

/// <summary>A directory that goes when the test is over.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("allowlist-sync-test-").FullName;

    public string At(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
