namespace AllowlistSync.Core.Addresses;

/// <summary>Reads a line that holds nothing but an IPv4 prefix or address. Whatever else it meets, it says no and leaves the line alone.</summary>
internal static class FastIPv4Line
{
    /// <summary><c>255.255.255.255/32</c>, CR and LF. The last lines of a file, which may be shorter, take the strict path.</summary>
    private const int Longest = 20;

    internal static bool TryRead(ReadOnlySpan<byte> utf8, ref int position, out uint first, out uint last)
    {
        first = 0;
        last = 0;
        if (utf8.Length - position < Longest)
        {
            return false;
        }

        var line = utf8.Slice(position, Longest);
        int at = 0;
        for (int octet = 0; octet < 4; octet++)
        {
            if (!TryReadNumber(line, ref at, out uint value) || value > 255 || (octet < 3 && line[at++] != '.'))
            {
                return false;
            }

            first = (first << 8) | value;
        }

        uint length = 32;
        if (line[at] == '/')
        {
            at++;
            if (!TryReadNumber(line, ref at, out length) || length > 32)
            {
                return false;
            }
        }

        uint hostMask = (uint)((ulong)uint.MaxValue >> (int)length);
        last = first | hostMask;
        return (first & hostMask) == 0 && TryEndLine(line, at, ref position);
    }

    /// <summary>One to three digits without a leading zero.</summary>
    private static bool TryReadNumber(ReadOnlySpan<byte> line, ref int at, out uint value)
    {
        int start = at;
        value = (uint)line[at] - '0';
        if (value > 9)
        {
            return false;
        }

        at++;
        uint digit = (uint)line[at] - '0';
        if (digit > 9)
        {
            return true;
        }

        value = (value * 10) + digit;
        at++;
        digit = (uint)line[at] - '0';
        if (digit <= 9)
        {
            value = (value * 10) + digit;
            at++;
        }

        return line[start] != '0';
    }

    private static bool TryEndLine(ReadOnlySpan<byte> line, int at, ref int position)
    {
        if (at < Longest && line[at] == '\r')
        {
            at++;
        }

        if (at >= Longest || line[at] != '\n')
        {
            return false;
        }

        position += at + 1;
        return true;
    }
}
