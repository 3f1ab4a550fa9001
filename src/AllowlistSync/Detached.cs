using System.Runtime.InteropServices;

namespace AllowlistSync;

/// <summary>What a process does that shall not hold on to the terminal or the pipes of the one that started it.</summary>
internal static partial class Detached
{
    private const int ReadWrite = 2;

    /// <summary>Points standard input, output and error to /dev/null (dup2(2)), so that whoever reads them sees the end.</summary>
    public static void LetGoOfTheTerminal()
    {
        var nothing = Open("/dev/null", ReadWrite);
        for (var descriptor = 0; nothing >= 0 && descriptor <= 2; descriptor++)
        {
            _ = Dup2(nothing, descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dup2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Dup2(int from, int to);
}
