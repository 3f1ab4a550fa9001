namespace AllowlistSync.Architecture.Tests;

/// <summary>The files of this checkout.</summary>
internal static class Repository
{
    /// <summary>The directory that holds the solution.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    public static string Read(params string[] parts) => File.ReadAllText(PathOf(parts));

    /// <summary>C# files below a directory, without what the build made.</summary>
    public static IEnumerable<string> Sources(params string[] below) =>
        Directory.EnumerateFiles(PathOf(below), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && !path.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    public static string Relative(string path) => Path.GetRelativePath(Root, path);

    private static string FindRoot(string directory) =>
        File.Exists(Path.Combine(directory, "AllowlistSync.sln")) ? directory : FindRoot(Path.GetDirectoryName(directory)!);
}
