using System.Runtime.InteropServices;

namespace AllowlistSync.Core.Addresses;

/// <summary>All addresses from <see cref="First"/> to <see cref="Last"/>, both included; First is never after Last.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct Interval<T>(T first, T last)
    where T : unmanaged
{
    internal readonly T First = first;
    internal readonly T Last = last;
}
