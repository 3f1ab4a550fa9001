using System.Globalization;
using System.Runtime.InteropServices;

namespace AllowlistSync;

/// <summary>What a process does that shall not hold on to the terminal or the pipes of the one that started it.</summary>
internal static partial class Detached
{
    private const int ReadWrite = 2;
    private const int StandardError = 2;

    /// <summary>
    /// Points standard input, output and error to /dev/null (dup2(2)), so that whoever reads them sees the end. The runtime keeps
    /// duplicates of these descriptors for its console streams; they are found by what they lead to and pointed away as well.
    /// </summary>
    public static void LetGoOfTheTerminal()
    {
        var open = Directory.EnumerateFiles("/proc/self/fd")
            .Select(path => (Descriptor: int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture), Leads: new FileInfo(path).LinkTarget))
            .ToList();
        var standard = open.Where(file => file.Descriptor <= StandardError).Select(file => file.Leads).ToHashSet();
        var nothing = Open("/dev/null", ReadWrite);
        foreach (var (descriptor, _) in open.Where(file => nothing >= 0 && standard.Contains(file.Leads)))
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
