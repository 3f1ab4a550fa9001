using System.Numerics;

namespace AllowlistSync.Core.Addresses;

/// <summary>
/// What the interval algorithms need to know of an address type. Our own interface rather than
/// <c>IBinaryInteger</c>, so that the ahead-of-time compiler can inline all of it.
/// </summary>
internal interface IAddressMath<T>
    where T : unmanaged
{
    /// <summary>The family these addresses belong to.</summary>
    static abstract IpFamily Family { get; }

    static abstract bool Less(T a, T b);

    static abstract bool Same(T a, T b);

    /// <summary>One more; the highest address becomes zero.</summary>
    static abstract T Next(T value);

    /// <summary>One less; zero becomes the highest address.</summary>
    static abstract T Previous(T value);

    /// <summary>Byte number <paramref name="index"/> of the address; 0 is the lowest.</summary>
    static abstract int Digit(T value, int index);

    /// <summary>The number of host bits of the largest prefix that starts at <paramref name="first"/> and ends by <paramref name="last"/>.</summary>
    static abstract int HostBits(T first, T last);

    /// <summary>The last address of the prefix that starts at <paramref name="first"/>.</summary>
    static abstract T LastOf(T first, int hostBits);

    static abstract Wide Widen(T value);

    static abstract T Narrow(Wide value);
}

/// <summary>IPv4 addresses as numbers of 32 bits.</summary>
internal readonly struct IPv4Math : IAddressMath<Word>
{
    public static IpFamily Family => IpFamily.IPv4;

    public static bool Less(Word a, Word b) => a.Value < b.Value;

    public static bool Same(Word a, Word b) => a.Value == b.Value;

    public static Word Next(Word value) => new(value.Value + 1);

    public static Word Previous(Word value) => new(value.Value - 1);

    public static int Digit(Word value, int index) => (byte)(value.Value >> (index * 8));

    public static int HostBits(Word first, Word last)
    {
        ulong size = (ulong)(last.Value - first.Value) + 1;
        return Math.Min(BitOperations.TrailingZeroCount(first.Value), BitOperations.Log2(size));
    }

    public static Word LastOf(Word first, int hostBits) => new(first.Value | (uint)((1UL << hostBits) - 1));

    public static Wide Widen(Word value) => new(0, value.Value);

    public static Word Narrow(Wide value) => new((uint)value.Low);
}

/// <summary>IPv6 addresses as numbers of 128 bits.</summary>
internal readonly struct IPv6Math : IAddressMath<Wide>
{
    public static IpFamily Family => IpFamily.IPv6;

    public static bool Less(Wide a, Wide b) => a < b;

    public static bool Same(Wide a, Wide b) => a == b;

    public static Wide Next(Wide value) => value.Next();

    public static Wide Previous(Wide value) => value.Previous();

    public static int Digit(Wide value, int index)
        => (byte)((index < 8 ? value.Low : value.High) >> ((index & 7) * 8));

    public static int HostBits(Wide first, Wide last)
    {
        var size = (last - first).Next();
        int fitting = size == default ? 128 : size.High != 0 ? 64 + BitOperations.Log2(size.High) : BitOperations.Log2(size.Low);
        int aligned = first.Low != 0 ? BitOperations.TrailingZeroCount(first.Low) : 64 + BitOperations.TrailingZeroCount(first.High);
        return Math.Min(aligned, fitting);
    }

    public static Wide LastOf(Wide first, int hostBits) => first | Wide.LowOnes(hostBits);

    public static Wide Widen(Wide value) => value;

    public static Wide Narrow(Wide value) => value;
}
