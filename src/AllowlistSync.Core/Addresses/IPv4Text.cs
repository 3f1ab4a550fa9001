namespace AllowlistSync.Core.Addresses;

/// <summary>Reads dotted IPv4 addresses: four octets in plain decimal. Other spellings mean different things to different tools.</summary>
internal static class IPv4Text
{
    internal static bool TryParse(ReadOnlySpan<byte> text, out uint address, out TextFault fault)
    {
        address = 0;
        int at = 0;
        for (int octet = 0; octet < 4; octet++)
        {
            if (octet > 0 && (at == text.Length || text[at++] != '.'))
            {
                fault = new(Math.Max(at - 1, 0), "an IPv4 address has four octets with dots between them");
                return false;
            }

            if (!TryParseOctet(text, ref at, out uint value, out fault))
            {
                return false;
            }

            address = (address << 8) | value;
        }

        fault = at == text.Length ? default : new(at, "there is more after the fourth octet of the IPv4 address");
        return at == text.Length;
    }

    private static bool TryParseOctet(ReadOnlySpan<byte> text, ref int at, out uint value, out TextFault fault)
    {
        int start = at;
        value = 0;
        while (at < text.Length && char.IsAsciiDigit((char)text[at]) && at - start < 4)
        {
            value = (value * 10) + text[at++] - '0';
        }

        int digits = at - start;
        string? reason = digits switch
        {
            0 when start == 0 => "it is not an address or a prefix",
            0 => "an octet of the IPv4 address is missing",
            > 1 when text[start] == '0' => "an octet has a leading zero; some tools would read it as octal",
            _ when value > 255 => "an octet is more than 255",
            _ => null,
        };
        fault = reason is null ? default : new(start, reason);
        return reason is null;
    }
}
