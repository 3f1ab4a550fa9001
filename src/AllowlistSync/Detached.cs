using System.Globalization;
using System.Runtime.InteropServices;

namespace AllowlistSync;

/// <summary>What a process does that shall not hold on to the terminal or the pipes of the one that started it.</summary>
internal static partial class Detached
{
    private const int ReadWrite = 2;
    private const string OwnDescriptors = "/proc/self/fd";

    /// <summary>
    /// Points standard input, output and error to /dev/null (dup2(2)), so that whoever reads them sees the end. The copies too: the
    /// console of .NET writes to a duplicate of descriptor 1, and one that stays open keeps the reader waiting.
    /// </summary>
    public static void LetGoOfTheTerminal()
    {
        var nothing = Open("/dev/null", ReadWrite);
        if (nothing < 0)
        {
            return;
        }

        var standard = Enumerable.Range(0, 3).Select(TargetOf).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var entry in Directory.GetFiles(OwnDescriptors))
        {
            if (int.TryParse(Path.GetFileName(entry), CultureInfo.InvariantCulture, out var descriptor) && TargetOf(descriptor) is { } target && standard.Contains(target))
            {
                _ = Dup2(nothing, descriptor);
            }
        }
    }

    // What a descriptor leads to, for example pipe:[4711]; null when it is closed by now.
    private static string? TargetOf(int descriptor) => new FileInfo(string.Create(CultureInfo.InvariantCulture, $"{OwnDescriptors}/{descriptor}")).LinkTarget;

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dup2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Dup2(int from, int to);
}
