using System.Globalization;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Providers.Host;

/// <summary>Ports as iptables, ufw and CSF write them, in portions that its multiport match takes: <c>80,443,8000:8010</c>. Pure.</summary>
internal static class MultiportText
{
    // The multiport match takes fifteen, a range counts twice (iptables-extensions(8)); ufw refuses more (set_port in common.py), CSF hands them on.
    private const int Most = 15;

    /// <summary>The ports in portions that fit into one rule each: of one transport, at most fifteen.</summary>
    public static IEnumerable<PortSet> Portions(PortSet ports)
    {
        foreach (var transport in ports.Ranges.GroupBy(range => range.Protocol))
        {
            var portion = new List<PortRange>();
            foreach (var range in transport)
            {
                if (portion.Sum(Weight) + Weight(range) > Most)
                {
                    yield return PortSet.Of(portion);
                    portion = [];
                }

                portion.Add(range);
            }

            yield return PortSet.Of(portion);
        }
    }

    /// <summary>Ports of one transport as text.</summary>
    public static string Text(PortSet ports) =>
        string.Join(',', ports.Ranges.Select(range => range.First == range.Last ? $"{range.First}" : $"{range.First}:{range.Last}"));

    /// <summary>The transport as text.</summary>
    public static string Transport(PortSet ports) => ports.Ranges[0].Protocol == TransportProtocol.Udp ? "udp" : "tcp";

    /// <summary>True for ports that need the multiport match.</summary>
    public static bool IsMany(PortSet ports) => ports.Ranges.Length > 1 || ports.Ranges[0].First != ports.Ranges[0].Last;

    /// <summary>Reads ports of a transport; null for what is no list of numbers.</summary>
    public static PortSet? Read(string transport, string text)
    {
        if (transport is not ("tcp" or "udp"))
        {
            return null;
        }

        var protocol = transport == "udp" ? TransportProtocol.Udp : TransportProtocol.Tcp;
        var ranges = new List<PortRange>();
        foreach (var part in text.Split(','))
        {
            var ends = part.Split(':');
            if (ends.Length > 2 || !TryPort(ends[0], out var first) || !TryPort(ends[^1], out var last) || last < first)
            {
                return null;
            }

            ranges.Add(new PortRange(protocol, first, last));
        }

        return PortSet.Of(ranges);
    }

    private static int Weight(PortRange range) => range.First == range.Last ? 1 : 2;

    private static bool TryPort(string text, out ushort port) => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port);
}
