using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Reachability.Reading;

/// <summary>Reads addresses and prefixes the way iptables and ipset print and take them: host bits may be set, a mask may be dotted.</summary>
internal static class AddressText
{
    private static readonly SearchValues<byte> IPv6Characters = SearchValues.Create("0123456789abcdefABCDEF:."u8);

    /// <summary>The bits of an address of the family: 32 or 128.</summary>
    internal static int Bits(IpFamily family) => family == IpFamily.IPv4 ? 32 : 128;

    /// <summary>The greatest address of the family.</summary>
    internal static UInt128 Greatest(IpFamily family) => family == IpFamily.IPv4 ? uint.MaxValue : UInt128.MaxValue;

    /// <summary>The mask of a prefix length.</summary>
    internal static UInt128 MaskOf(IpFamily family, int length) =>
        length == 0 ? UInt128.Zero : Greatest(family) & (Greatest(family) << (Bits(family) - length));

    /// <summary>Reads one address.</summary>
    internal static bool TryAddress(ReadOnlySpan<byte> text, IpFamily family, out UInt128 address)
    {
        if (family == IpFamily.IPv4)
        {
            var read = TryIPv4(text, out var word);
            address = word;
            return read;
        }

        return TryIPv6(text, out address);
    }

    /// <summary>Reads an address with an optional prefix length or mask; host bits are cleared.</summary>
    internal static bool TryMasked(ReadOnlySpan<byte> text, IpFamily family, out UInt128 address, out UInt128 mask)
    {
        var slash = text.IndexOf((byte)'/');
        mask = Greatest(family);
        if (!TryAddress(slash < 0 ? text : text[..slash], family, out address) || (slash >= 0 && !TryMask(text[(slash + 1)..], family, out mask)))
        {
            return false;
        }

        address &= mask;
        return true;
    }

    /// <summary>Reads a prefix length or a mask written as an address.</summary>
    internal static bool TryMask(ReadOnlySpan<byte> text, IpFamily family, out UInt128 mask)
    {
        if (!TryNumber(text, out var length))
        {
            return TryAddress(text, family, out mask);
        }

        var fits = length <= (uint)Bits(family);
        mask = fits ? MaskOf(family, (int)length) : default;
        return fits;
    }

    /// <summary>Whether the mask is ones followed by zeros, so that it stands for a prefix.</summary>
    internal static bool IsPrefix(UInt128 mask, IpFamily family)
    {
        var host = ~mask & Greatest(family);
        return (host & (host + 1)) == 0;
    }

    /// <summary>Reads a plain decimal number.</summary>
    internal static bool TryNumber(ReadOnlySpan<byte> text, out uint number)
    {
        number = 0;
        if (text.IsEmpty || text.Length > 9)
        {
            return false;
        }

        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            number = (number * 10) + (uint)(digit - '0');
        }

        return true;
    }

    private static bool TryIPv4(ReadOnlySpan<byte> text, out uint address)
    {
        address = 0;
        var (octets, value, digits) = (0, 0u, 0);
        foreach (var c in text)
        {
            if (c == '.')
            {
                if (digits == 0 || ++octets > 3)
                {
                    return false;
                }

                (address, value, digits) = ((address << 8) | value, 0, 0);
            }
            else
            {
                value = (value * 10) + (uint)(c - '0');
                if (c is < (byte)'0' or > (byte)'9' || ++digits > 3 || value > 255)
                {
                    return false;
                }
            }
        }

        address = (address << 8) | value;
        return octets == 3 && digits > 0;
    }

    private static bool TryIPv6(ReadOnlySpan<byte> text, out UInt128 address)
    {
        address = default;
        if (text.IndexOf((byte)':') < 0 || text.ContainsAnyExcept(IPv6Characters) || !IPAddress.TryParse(text, out var parsed))
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        if (!parsed.TryWriteBytes(bytes, out var written) || written != 16)
        {
            return false;
        }

        address = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return true;
    }
}
