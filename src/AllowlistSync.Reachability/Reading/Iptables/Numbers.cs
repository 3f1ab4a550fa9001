using System.Globalization;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>Reads numbers, number with mask, and port lists of iptables options.</summary>
internal static class Numbers
{
    /// <summary>Reads a decimal or hexadecimal (0x) number of 32 bits.</summary>
    internal static bool TryParse(string text, out uint number) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        ? uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
        : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>Reads <c>VALUE</c> or <c>VALUE/MASK</c>; without a mask it is all ones.</summary>
    internal static bool TryMasked(string text, out uint number, out uint mask)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        mask = uint.MaxValue;
        return TryParse(slash < 0 ? text : text[..slash], out number) && (slash < 0 || TryParse(text[(slash + 1)..], out mask));
    }

    /// <summary>Reads <c>PORT</c>, <c>FIRST:LAST</c>, <c>:LAST</c> or <c>FIRST:</c>; null when it is none. A range that ends before it starts has no port.</summary>
    internal static NumberSet? Ports(string text, char separator = ':')
    {
        var at = text.IndexOf(separator, StringComparison.Ordinal);
        if (at < 0)
        {
            return ProtocolNames.TryPort(text, out var port) ? NumberSet.Of(port) : null;
        }

        ushort first = 0;
        var last = ushort.MaxValue;
        var read = (at == 0 || ProtocolNames.TryPort(text[..at], out first)) && (at == text.Length - 1 || ProtocolNames.TryPort(text[(at + 1)..], out last));
        return !read ? null : first <= last ? NumberSet.Of(first, last) : NumberSet.Empty;
    }

    /// <summary>Reads ports and ranges with commas between them; null when one is none.</summary>
    internal static NumberSet? PortList(string text)
    {
        var sets = text.Split(',').Select(part => Ports(part)).ToArray();
        return sets.Any(set => set is null) ? null : NumberSet.OfRanges(sets.SelectMany(set => set!.Ranges));
    }
}
