namespace AllowlistSync.Core.Addresses;

/// <summary>Writes addresses and prefixes as ASCII bytes: dotted decimal, and RFC 5952 for IPv6.</summary>
internal static class PrefixFormat
{
    /// <summary>Enough for any prefix: 39 characters of address, or 22 of an IPv4-mapped one, and 4 of length.</summary>
    internal const int MaxLength = 64;

    /// <returns>How many bytes were written.</returns>
    internal static int Write(IpPrefix prefix, Span<byte> to) => Write(prefix.Family, prefix.WideFirst, prefix.Length, to);

    /// <returns>How many bytes were written.</returns>
    internal static int Write(IpFamily family, Wide first, int length, Span<byte> to)
    {
        int at = family == IpFamily.IPv4 ? WriteIPv4((uint)first.Low, to) : WriteIPv6(first, to);
        to[at++] = (byte)'/';
        return WriteDecimal((uint)length, to, at);
    }

    /// <returns>How many bytes were written.</returns>
    internal static int WriteIPv4(uint address, Span<byte> to)
    {
        int at = WriteDecimal(address >> 24, to, 0);
        to[at++] = (byte)'.';
        at = WriteDecimal((address >> 16) & 0xff, to, at);
        to[at++] = (byte)'.';
        at = WriteDecimal((address >> 8) & 0xff, to, at);
        to[at++] = (byte)'.';
        return WriteDecimal(address & 0xff, to, at);
    }

    /// <summary>A number from 0 to 999, without leading zeros.</summary>
    private static int WriteDecimal(uint value, Span<byte> to, int at)
    {
        if (value >= 100)
        {
            uint hundreds = (value * 41) >> 12;
            to[at++] = (byte)('0' + hundreds);
            value -= hundreds * 100;
            uint tens = (value * 103) >> 10;
            to[at++] = (byte)('0' + tens);
            value -= tens * 10;
        }
        else if (value >= 10)
        {
            uint tens = (value * 103) >> 10;
            to[at++] = (byte)('0' + tens);
            value -= tens * 10;
        }

        to[at++] = (byte)('0' + value);
        return at;
    }

    private static int WriteIPv6(Wide address, Span<byte> to)
    {
        // RFC 5952, section 5: addresses of the well-known IPv4-mapped prefix are shown with their IPv4 part.
        if (address.High == 0 && address.Low >> 32 == 0xffff)
        {
            "::ffff:"u8.CopyTo(to);
            return 7 + WriteIPv4((uint)address.Low, to[7..]);
        }

        var (gap, gapLength) = LongestZeroRun(address);
        int at = 0;
        for (int group = 0; group < 8; group++)
        {
            if (group == gap)
            {
                to[at++] = (byte)':';
                to[at++] = (byte)':';
                group += gapLength - 1;
                continue;
            }

            if (group != 0 && group != gap + gapLength)
            {
                to[at++] = (byte)':';
            }

            at = WriteHex(Group(address, group), to, at);
        }

        return at;
    }

    /// <summary>The first longest run of two or more zero groups (RFC 5952, section 4.2); (-1, 0) when there is none.</summary>
    private static (int Start, int Length) LongestZeroRun(Wide address)
    {
        int best = -1;
        int bestLength = 1;
        int run = 0;
        for (int group = 0; group < 8; group++)
        {
            run = Group(address, group) == 0 ? run + 1 : 0;
            if (run > bestLength)
            {
                bestLength = run;
                best = group - run + 1;
            }
        }

        return best < 0 ? (-1, 0) : (best, bestLength);
    }

    private static uint Group(Wide address, int index)
        => (ushort)((index < 4 ? address.High : address.Low) >> (48 - ((index & 3) * 16)));

    private static int WriteHex(uint value, Span<byte> to, int at)
    {
        bool started = false;
        for (int shift = 12; shift >= 0; shift -= 4)
        {
            uint digit = (value >> shift) & 15;
            started |= digit != 0 || shift == 0;
            if (started)
            {
                to[at++] = (byte)(digit < 10 ? '0' + digit : 'a' + digit - 10);
            }
        }

        return at;
    }
}
