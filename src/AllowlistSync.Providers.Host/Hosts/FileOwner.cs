using System.ComponentModel;
using System.Runtime.InteropServices;

namespace AllowlistSync.Providers.Host.Hosts;

/// <summary>Gives a file that takes the place of another that one's mode and owner.</summary>
internal static partial class FileOwner
{
    // fchownat(2)'s and statx(2)'s own numbers (linux/fcntl.h, linux/stat.h).
    private const int CurrentDirectory = -100;
    private const uint OwnerAndGroup = 0x8 | 0x10;

    /// <summary>Copies mode, owner and group of a file that is there; sets the mode otherwise.</summary>
    public static void CopyOrSet(string from, string to, UnixFileMode mode)
    {
        if (!File.Exists(from))
        {
            File.SetUnixFileMode(to, mode);
            return;
        }

        Demand(StatX(CurrentDirectory, from, 0, OwnerAndGroup, out var was), from);
        Demand(StatX(CurrentDirectory, to, 0, OwnerAndGroup, out var now), to);
        if ((was.Owner, was.Group) != (now.Owner, now.Group))
        {
            Demand(ChangeOwner(to, was.Owner, was.Group), to);
        }

        // Last: chown(2) takes the set-user-ID bits away.
        File.SetUnixFileMode(to, File.GetUnixFileMode(from));
    }

    private static void Demand(int result, string path)
    {
        if (result != 0)
        {
            throw new IOException($"mode and owner of {path} could not be kept: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ChangeOwner(string path, uint owner, uint group);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatX(int directory, string path, int flags, uint mask, out Status status);

    // struct statx has the same layout on every architecture: mask, block size, attributes (8), links, then owner and group; 256 bytes in all.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(20)]
        public uint Owner;

        [FieldOffset(24)]
        public uint Group;
    }
}
