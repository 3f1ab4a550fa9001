using System.Runtime.InteropServices;

namespace AllowlistSync;

/// <summary>Standard streams that a process was started without.</summary>
internal static partial class ClosedStreams
{
    private const int ReadWrite = 2;
    private const int StandardError = 2;
    private const int GetFlags = 1;

    /// <summary>
    /// Opens /dev/null in the place of each standard stream that is closed (<c>2&gt;&amp;-</c>). Otherwise the next file or socket gets its number, and what is said would be written into that. open(2) takes the lowest
    /// number that is free, so they are filled from below. The lowest of them may be taken already: the runtime keeps /dev/urandom open, see <see cref="Output.StandardStream"/>.
    /// </summary>
    public static void Replace()
    {
        for (var descriptor = 0; descriptor <= StandardError; descriptor++)
        {
            if (Control(descriptor, GetFlags) < 0)
            {
                _ = Open("/dev/null", ReadWrite);
            }
        }
    }

    /// <summary>Standard input; nothing when it is closed and the runtime has opened /dev/urandom under its number, which would be read without an end.</summary>
    public static TextReader Input => new FileInfo("/proc/self/fd/0").LinkTarget == "/dev/urandom" ? TextReader.Null : Console.In;

    [LibraryImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Control(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);
}
