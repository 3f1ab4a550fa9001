namespace AllowlistSync.Core.Addresses;

/// <summary>Why a text is not an address or a prefix, and at which byte of it (from 0).</summary>
internal readonly record struct TextFault(int Offset, string Reason);

/// <summary>Reads one prefix or bare address from ASCII bytes. The strict and explaining way; lists have a faster one.</summary>
internal static class PrefixText
{
    /// <summary>No prefix is longer, not even with every group written out.</summary>
    internal const int MaxLength = 128;

    internal const string TooLong = "it is far too long for a prefix";

    internal static bool TryParse(ReadOnlySpan<byte> text, out IpPrefix prefix, out TextFault fault)
    {
        prefix = default;
        if (TextShape.FindFault(text) is { } shape)
        {
            fault = shape;
            return false;
        }

        int slash = text.IndexOf((byte)'/');
        if (!TryParseAddress(slash < 0 ? text : text[..slash], out var family, out var first, out fault))
        {
            return false;
        }

        int length = family.Bits();
        if (slash >= 0 && !TryParseLength(text[(slash + 1)..], slash + 1, family, out length, out fault))
        {
            return false;
        }

        return TryMake(family, first, length, out prefix, out fault);
    }

    /// <summary>Reads an address without a length.</summary>
    internal static bool TryParseAddress(ReadOnlySpan<byte> text, out IpFamily family, out Wide address, out TextFault fault)
    {
        if (text.Has((byte)':'))
        {
            family = IpFamily.IPv6;
            return IPv6Text.TryParse(text, out address, out fault) && IsNotMapped(address, out fault);
        }

        family = IpFamily.IPv4;
        bool parsed = IPv4Text.TryParse(text, out uint number, out fault);
        address = new(0, number);
        return parsed;
    }

    private static bool IsNotMapped(Wide address, out TextFault fault)
    {
        fault = default;
        if (address.High != 0 || address.Low >> 32 != 0xffff)
        {
            return true;
        }

        fault = new(0, $"it is an IPv4-mapped IPv6 address, which no packet carries; write it as IPv4: {ShowIPv4((uint)address.Low)}");
        return false;
    }

    private static bool TryParseLength(ReadOnlySpan<byte> text, int offset, IpFamily family, out int length, out TextFault fault)
    {
        length = 0;
        fault = default;
        if (text.IsEmpty || !text.IsDigits())
        {
            fault = new(offset, LengthReason(text));
        }
        else if (text[0] == '0' && text.Length > 1)
        {
            fault = new(offset, "the length has a leading zero");
        }
        else
        {
            foreach (byte digit in text)
            {
                length = Math.Min((length * 10) + digit - '0', 100_000);
            }

            if (length > family.Bits())
            {
                fault = new(offset, $"the length /{Excerpt.Of(text)} is out of range; {family} has 0 to {family.Bits()}");
            }
        }

        return fault.Reason is null;
    }

    private static string LengthReason(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return "the length after the slash is missing";
        }

        return IPv4Text.TryParse(text, out uint mask, out _) && uint.IsPow2(~mask + 1)
            ? $"it has a netmask; write a length: /{uint.PopCount(mask)}"
            : "the length after the slash is not a number";
    }

    private static bool TryMake(IpFamily family, Wide first, int length, out IpPrefix prefix, out TextFault fault)
    {
        var network = first & ~Wide.LowOnes(family.Bits() - length);
        prefix = IpPrefix.Trusted(family, network, length);
        fault = default;
        if (network == first)
        {
            return true;
        }

        var single = IpPrefix.Trusted(family, first, family.Bits());
        fault = new(0, $"it has bits set after the first {length} (host bits); the prefix would be {prefix}, the one address {single}");
        prefix = default;
        return false;
    }

    private static string ShowIPv4(uint address)
    {
        Span<byte> text = stackalloc byte[PrefixFormat.MaxLength];
        return System.Text.Encoding.ASCII.GetString(text[..PrefixFormat.WriteIPv4(address, text)]);
    }
}
