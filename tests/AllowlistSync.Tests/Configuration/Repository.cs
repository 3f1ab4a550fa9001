namespace AllowlistSync.Tests.Configuration;

/// <summary>Finds files of the repository that the tests run in.</summary>
internal static class Repository
{
    internal static string PathOf(string path)
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "AllowlistSync.sln")))
        {
            directory = directory.Parent;
        }

        return Path.Combine(directory?.FullName ?? throw new InvalidOperationException("AllowlistSync.sln is not above the tests"), path);
    }
}
