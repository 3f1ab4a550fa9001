using System.Runtime.InteropServices;

namespace AllowlistSync.Core.Addresses;

/// <summary>
/// An unsigned 128-bit number as two halves. The public surface speaks <see cref="UInt128"/>; inside we use this,
/// because methods that touch UInt128 are not compiled ahead of time (ReadyToRun) and would cost start-up.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct Wide(ulong high, ulong low) : IEquatable<Wide>
{
    internal readonly ulong High = high;
    internal readonly ulong Low = low;

    internal static Wide Max => new(ulong.MaxValue, ulong.MaxValue);

    internal static Wide From(UInt128 value) => new((ulong)(value >> 64), (ulong)value);

    internal UInt128 ToUInt128() => new(High, Low);

    /// <summary>A number whose lowest <paramref name="count"/> bits (0 to 128) are ones.</summary>
    internal static Wide LowOnes(int count) => count switch
    {
        <= 0 => default,
        < 64 => new(0, (1UL << count) - 1),
        64 => new(0, ulong.MaxValue),
        < 128 => new((1UL << (count - 64)) - 1, ulong.MaxValue),
        _ => Max,
    };

    public static bool operator <(Wide a, Wide b) => a.High < b.High || (a.High == b.High && a.Low < b.Low);

    public static bool operator >(Wide a, Wide b) => b < a;

    public static bool operator ==(Wide a, Wide b) => a.High == b.High && a.Low == b.Low;

    public static bool operator !=(Wide a, Wide b) => !(a == b);

    public static Wide operator |(Wide a, Wide b) => new(a.High | b.High, a.Low | b.Low);

    public static Wide operator &(Wide a, Wide b) => new(a.High & b.High, a.Low & b.Low);

    public static Wide operator ~(Wide a) => new(~a.High, ~a.Low);

    public static Wide operator -(Wide a, Wide b) => new(a.High - b.High - (a.Low < b.Low ? 1UL : 0UL), a.Low - b.Low);

    /// <summary>One more; the highest number becomes zero.</summary>
    internal Wide Next() => new(High + (Low == ulong.MaxValue ? 1UL : 0UL), Low + 1);

    /// <summary>One less; zero becomes the highest number.</summary>
    internal Wide Previous() => new(High - (Low == 0 ? 1UL : 0UL), Low - 1);

    public bool Equals(Wide other) => this == other;

    public override bool Equals(object? obj) => obj is Wide other && this == other;

    public override int GetHashCode() => HashCode.Combine(High, Low);
}
