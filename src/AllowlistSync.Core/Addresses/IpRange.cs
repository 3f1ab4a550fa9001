using System.Runtime.InteropServices;

namespace AllowlistSync.Core.Addresses;

/// <summary>
/// All addresses from <paramref name="First"/> to <paramref name="Last"/>, both included. Made by hand it is not
/// checked; <see cref="TryCreate"/> checks, and all that takes a range does too.
/// </summary>
/// <param name="Family">The family of both addresses.</param>
/// <param name="First">The first address as a number.</param>
/// <param name="Last">The last address as a number.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct IpRange(IpFamily Family, UInt128 First, UInt128 Last)
{
    /// <summary>Whether the addresses are of the family and in order.</summary>
    public bool IsValid => First <= Last && (Family == IpFamily.IPv6 || (Family == IpFamily.IPv4 && Last <= uint.MaxValue));

    /// <summary>Makes a range; false when the last address is before the first, or not of the family.</summary>
    public static bool TryCreate(IpFamily family, UInt128 first, UInt128 last, out IpRange range)
    {
        range = new(family, first, last);
        if (range.IsValid)
        {
            return true;
        }

        range = default;
        return false;
    }

    /// <summary>The fewest prefixes that hold exactly these addresses, ascending: at most 62 for IPv4, 254 for IPv6.</summary>
    /// <exception cref="InvalidOperationException">The range is not valid.</exception>
    public IEnumerable<IpPrefix> ToPrefixes()
    {
        if (!IsValid)
        {
            throw new InvalidOperationException("The range ends before it starts, or outside of its family.");
        }

        var (first, last) = (Wide.From(First), Wide.From(Last));
        return Family == IpFamily.IPv4
            ? Decomposition.Prefixes<Word, IPv4Math>([new(IPv4Math.Narrow(first), IPv4Math.Narrow(last))])
            : Decomposition.Prefixes<Wide, IPv6Math>([new(first, last)]);
    }
}
