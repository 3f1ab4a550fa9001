using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AllowlistSync.Core.State;

/// <summary>Makes the names in a directory outlive a loss of power: after a rename(2) only the directory's own fsync(2) does.</summary>
internal static partial class DirectoryEntries
{
    // O_RDONLY | O_CLOEXEC, the same on x86-64 and arm64; .NET itself opens no directory.
    private const int ReadOnlyCloseOnExec = 0x80000;

    /// <summary>Waits until the disk has them. Throws <see cref="IOException"/>.</summary>
    public static void Flush(string directory)
    {
        using var handle = Open(directory.Length == 0 ? "." : directory, ReadOnlyCloseOnExec);
        if (handle.IsInvalid)
        {
            throw new IOException($"{directory}: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        RandomAccess.FlushToDisk(handle);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle Open(string path, int flags);
}
