namespace AllowlistSync.Core.Addresses;

/// <summary>Reads IPv6 addresses (RFC 4291, section 2.2): groups, at most one <c>::</c>, and a dotted IPv4 tail.</summary>
internal static class IPv6Text
{
    private const string TooMany = "an IPv6 address has no more than eight groups";

    internal static bool TryParse(ReadOnlySpan<byte> text, out Wide address, out TextFault fault)
    {
        address = default;
        Span<ushort> groups = stackalloc ushort[8];
        if (!TryReadGroups(text, groups, out int count, out int gap, out fault))
        {
            return false;
        }

        if (gap < 0 ? count != 8 : count == 8)
        {
            fault = new(0, gap < 0 ? "an IPv6 address without \"::\" has eight groups" : TooMany);
            return false;
        }

        if (gap >= 0)
        {
            int tail = count - gap;
            groups[gap..count].CopyTo(groups[(8 - tail)..]);
            groups[gap..(8 - tail)].Clear();
        }

        address = new(Half(groups[..4]), Half(groups[4..]));
        return true;
    }

    private static ulong Half(ReadOnlySpan<ushort> groups)
        => ((ulong)groups[0] << 48) | ((ulong)groups[1] << 32) | ((ulong)groups[2] << 16) | groups[3];

    /// <summary>Reads all groups one after the other; <paramref name="gap"/> is the group before which the <c>::</c> stood, or -1.</summary>
    private static bool TryReadGroups(ReadOnlySpan<byte> text, Span<ushort> groups, out int count, out int gap, out TextFault fault)
    {
        count = 0;
        gap = text.StartsWith("::"u8) ? 0 : -1;
        int at = gap == 0 ? 2 : 0;
        fault = default;
        while (at < text.Length)
        {
            if (count == 8)
            {
                fault = new(at, TooMany);
                return false;
            }

            var rest = text[at..];
            int end = rest.IndexOf((byte)':');
            if (end < 0 && rest.Has((byte)'.'))
            {
                return TryReadTail(rest, at, groups, ref count, out fault);
            }

            if (!TryReadGroup(end < 0 ? rest : rest[..end], at, out groups[count], out fault))
            {
                return false;
            }

            count++;
            at += end < 0 ? rest.Length : end;
            if (!TrySkipColons(text, count, ref at, ref gap, out fault))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TrySkipColons(ReadOnlySpan<byte> text, int count, ref int at, ref int gap, out TextFault fault)
    {
        fault = default;
        if (at == text.Length)
        {
            return true;
        }

        if (!text[at..].StartsWith("::"u8))
        {
            at++;
            fault = at == text.Length ? new(at - 1, "the IPv6 address ends in a single colon") : default;
            return fault.Reason is null;
        }

        fault = gap >= 0 ? new(at, "an IPv6 address has no more than one \"::\"") : default;
        gap = count;
        at += 2;
        return fault.Reason is null;
    }

    private static bool TryReadGroup(ReadOnlySpan<byte> text, int offset, out ushort group, out TextFault fault)
    {
        group = 0;
        string? reason = text.Length switch
        {
            0 when offset == 0 => "the IPv6 address starts with a single colon",
            0 => "there is a colon too many",
            > 4 => "a group of an IPv6 address has no more than four digits",
            _ => null,
        };
        if (reason is null)
        {
            foreach (byte digit in text)
            {
                int value = HexValue(digit);
                reason = value < 0 ? "a group of the IPv6 address is not hexadecimal" : reason;
                group = (ushort)((group << 4) | (value & 15));
            }
        }

        fault = reason is null ? default : new(offset, reason);
        return reason is null;
    }

    private static int HexValue(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };

    private static bool TryReadTail(ReadOnlySpan<byte> text, int offset, Span<ushort> groups, ref int count, out TextFault fault)
    {
        if (!IPv4Text.TryParse(text, out uint address, out fault))
        {
            fault = new(offset + fault.Offset, fault.Reason);
            return false;
        }

        if (count > 6)
        {
            fault = new(offset, TooMany);
            return false;
        }

        groups[count++] = (ushort)(address >> 16);
        groups[count++] = (ushort)address;
        return true;
    }
}
