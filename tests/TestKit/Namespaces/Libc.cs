using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AllowlistSync.TestKit;

/// <summary>The few calls of Linux that .NET does not wrap. Flags are those of sched.h and fcntl.h on x86-64 and arm64.</summary>
internal static partial class Libc
{
    internal const int CloneFs = 0x200;
    internal const int CloneNewNs = 0x20000;
    internal const int CloneNewNet = 0x40000000;
    internal const int ReadOnlyCloseOnExec = 0x80000;
    internal const int AcceptCloseOnExec = 0x80000;
    internal const int ShutReadWrite = 2;

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    internal static partial int SetNs(SafeFileHandle handle, int kind);

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    internal static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "accept4", SetLastError = true)]
    internal static partial int Accept(SafeHandle listener, nint address, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "shutdown", SetLastError = true)]
    internal static partial int Shutdown(SafeHandle socket, int how);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static partial int Close(int descriptor);

    /// <summary>Throws with the name of the call and errno when a call returned less than 0.</summary>
    internal static void Demand(int result, string call)
    {
        if (result < 0)
        {
            throw new IOException($"{call}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())} (errno {Marshal.GetLastPInvokeError()})");
        }
    }
}
