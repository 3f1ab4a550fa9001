using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading.Iptables;

namespace AllowlistSync.Reachability.Reading.Ipset;

/// <summary>Reads one part of an element of a set.</summary>
internal static class ElementText
{
    /// <summary>The values of a part; two (protocol, port) for a port that carries a protocol; default when it is not understood.</summary>
    internal static ImmutableArray<Values> Read(IpsetPart part, string text, IpFamily family, UInt128 mask, bool isWildcard) => part switch
    {
        IpsetPart.Address => Addresses(text, family) is { } range ? [NumberSet.Of(range.First & mask, range.Last | (~mask & AddressText.Greatest(family)))] : default,
        IpsetPart.ProtocolPort => ProtocolPort(text),
        IpsetPart.Interface => Interface(text, isWildcard),
        IpsetPart.Mark => Numbers.TryParse(text, out var mark) ? [NumberSet.Of(mark)] : default,
        IpsetPart.Mac => AddressModules.TryMac(text, out var mac) ? [NumberSet.Of(mac)] : default,
        _ => default,
    };

    /// <summary>Reads an address, a prefix, or <c>FIRST-LAST</c>.</summary>
    internal static NumberRange? Addresses(string text, IpFamily family)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0)
        {
            return AddressText.TryMasked(Encoding.UTF8.GetBytes(text), family, out var address, out var mask) && AddressText.IsPrefix(mask, family)
                ? new(address, address | (~mask & AddressText.Greatest(family)))
                : null;
        }

        return AddressText.TryAddress(Encoding.UTF8.GetBytes(text[..dash]), family, out var first) && AddressText.TryAddress(Encoding.UTF8.GetBytes(text[(dash + 1)..]), family, out var last)
            ? new(first, last)
            : null;
    }

    /// <summary><c>tcp:80</c>, <c>udp:53-60</c>, <c>80</c> for TCP, <c>icmp:8/0</c>; of ICMP and protocols without ports no packet with a port matches.</summary>
    private static ImmutableArray<Values> ProtocolPort(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        byte protocol = 6;
        if (colon >= 0 && !ProtocolNames.TryProtocol(text[..colon], out protocol))
        {
            return default;
        }

        if (protocol is not (6 or 17 or 132 or 136))
        {
            return [NumberSet.Of(protocol), NumberSet.Empty];
        }

        return Numbers.Ports(text[(colon + 1)..], '-') is { } ports ? [NumberSet.Of(protocol), ports] : default;
    }

    private static ImmutableArray<Values> Interface(string text, bool isWildcard)
    {
        // The name of a bridge port is compared with the port, which packets of a routed interface do not have.
        var name = text.StartsWith("physdev:", StringComparison.Ordinal) ? null : text + (isWildcard ? "*" : "");
        return name is null ? [new NameSet([])] : text.EndsWith('*') ? default : [new NameSet([name])];
    }
}
