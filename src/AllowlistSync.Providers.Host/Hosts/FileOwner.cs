using System.ComponentModel;
using System.Runtime.InteropServices;

namespace AllowlistSync.Providers.Host.Hosts;

/// <summary>Gives a file that takes the place of another that one's mode and owner.</summary>
internal static partial class FileOwner
{
    // fchownat(2)'s and statx(2)'s own numbers (linux/fcntl.h, linux/stat.h).
    private const int CurrentDirectory = -100;
    private const int LinkItself = 0x100;
    private const uint OwnerAndGroup = 0x8 | 0x10;
    private const uint Number = 0x100;

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

    /// <summary>Which file a path leads to.</summary>
    public static FileIdentity IdentityOf(string path)
    {
        Demand(StatX(CurrentDirectory, path, 0, Number, out var status), path);
        return new FileIdentity(status.DeviceMajor, status.DeviceMinor, status.Node);
    }

    /// <summary>Whether two directories belong to one user; a link is never followed, and belongs to who made it.</summary>
    public static bool IsOfSameUser(string one, string other)
    {
        Demand(StatX(CurrentDirectory, one, LinkItself, OwnerAndGroup, out var first), one);
        Demand(StatX(CurrentDirectory, other, LinkItself, OwnerAndGroup, out var second), other);
        return first.Owner == second.Owner;
    }

    private static void Demand(int result, string path)
    {
        if (result != 0)
        {
            throw new IOException($"{path} could not be asked or given its mode and owner: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ChangeOwner(string path, uint owner, uint group);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatX(int directory, string path, int flags, uint mask, out Status status);

    // struct statx has the same layout on every architecture: mask, block size, attributes (8), links, owner, group, mode (2, and 2 spare), number ... device; 256 bytes in all.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(20)]
        public uint Owner;

        [FieldOffset(24)]
        public uint Group;

        [FieldOffset(32)]
        public ulong Node;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }
}
