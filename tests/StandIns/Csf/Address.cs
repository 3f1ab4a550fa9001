using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace AllowlistSync.StandIns.Csf;

/// <summary>What CSF takes for an address or a network.</summary>
internal sealed partial record Address(bool IsIPv6, string Text)
{
    /// <summary>Reads one; null for what is none. Length 0 is taken, 127.0.0.1 and ::1 are not.</summary>
    public static Address? Read(string text)
    {
        var parts = text.Split('/');
        var length = parts.Length > 1 ? parts[1] : "";
        if (parts.Length > 2 || (length.Length > 0 && !length.All(char.IsAsciiDigit)) || (parts.Length == 2 && length.Length == 0))
        {
            return null;
        }

        var isIPv4 = IPv4.IsMatch(parts[0]);
        if (!isIPv4 && !(parts[0].Contains(':', StringComparison.Ordinal) && IsIPv6Text(parts[0])))
        {
            return null;
        }

        var bits = length.Length == 0 ? 1 : int.Parse(length, CultureInfo.InvariantCulture);
        if (bits > (isIPv4 ? 32 : 128) || parts[0] is "127.0.0.1" or "::1")
        {
            return null;
        }

        return new Address(!isIPv4, isIPv4 ? text : IPAddress.Parse(parts[0]) + (length.Length == 0 ? "" : "/" + length));
    }

    /// <summary>True for an address inside of a network.</summary>
    public bool Holds(Address other)
    {
        var net = Network(Text);
        return other.IsIPv6 == IsIPv6 && Network(other.Text) is { } inner && net.PrefixLength <= inner.PrefixLength && net.Contains(inner.BaseAddress);
    }

    private static IPNetwork Network(string text)
    {
        var parts = text.Split('/');
        var address = IPAddress.Parse(parts[0]);
        var bits = address.GetAddressBytes();
        var length = parts.Length == 2 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : bits.Length * 8;
        for (var bit = length; bit < bits.Length * 8; bit++)
        {
            bits[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPNetwork(new IPAddress(bits), length);
    }

    private static bool IsIPv6Text(string text) => IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 && !text.Contains('%', StringComparison.Ordinal);

    [GeneratedRegex(@"^((25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(25[0-5]|2[0-4]\d|[01]?\d\d?)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex IPv4 { get; }
}
