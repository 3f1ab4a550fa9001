using System.Runtime.InteropServices;

namespace AllowlistSync.Core.Addresses;

/// <summary>
/// An IPv4 address as a number. A type of our own rather than <see cref="uint"/>, because generic code is compiled
/// ahead of time (ReadyToRun) for our own types only; with uint all set algebra would be compiled at every start.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct Word(uint value)
{
    internal readonly uint Value = value;
}
