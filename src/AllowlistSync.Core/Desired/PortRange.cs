using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AllowlistSync.Core.Desired;

/// <summary>A run of ports of one transport, both ends included. Text form: <c>80</c>, <c>8000-8010</c>, <c>443/udp</c>; no suffix means TCP.</summary>
/// <param name="Protocol">The transport.</param>
/// <param name="First">The lowest port.</param>
/// <param name="Last">The highest port; not below <paramref name="First"/>.</param>
public readonly record struct PortRange(TransportProtocol Protocol, ushort First, ushort Last) : IComparable<PortRange>
{
    /// <summary>Every port of a target that leaves ports to somebody else's rule.</summary>
    public static PortRange Any { get; } = new(TransportProtocol.Any, 0, ushort.MaxValue);

    /// <summary>One port of TCP.</summary>
    public static PortRange Tcp(ushort port) => new(TransportProtocol.Tcp, port, port);

    /// <summary>One port of UDP.</summary>
    public static PortRange Udp(ushort port) => new(TransportProtocol.Udp, port, port);

    /// <summary>Reads the text form. Port 0 is refused: no service can be reached on it (RFC 6335 section 6).</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PortRange range)
    {
        range = default;
        if (text is null)
        {
            return false;
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var ports = slash < 0 ? text : text[..slash];
        if (!TryParseProtocol(slash < 0 ? "tcp" : text[(slash + 1)..], out var protocol))
        {
            return false;
        }

        var dash = ports.IndexOf('-', StringComparison.Ordinal);
        if (!TryParsePort(dash < 0 ? ports : ports[..dash], out var first)
            || !TryParsePort(dash < 0 ? ports : ports[(dash + 1)..], out var last)
            || last < first)
        {
            return false;
        }

        range = new PortRange(protocol, first, last);
        return true;
    }

    /// <summary>Reads a range that this program wrote.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static PortRange Parse(string text) => TryParse(text, out var range) ? range : throw new FormatException($"{text} is no port");

    /// <inheritdoc/>
    public int CompareTo(PortRange other)
    {
        var byProtocol = Protocol.CompareTo(other.Protocol);
        return byProtocol != 0 ? byProtocol : First != other.First ? First.CompareTo(other.First) : Last.CompareTo(other.Last);
    }

    /// <summary>The text form, as the configuration writes it.</summary>
    public override string ToString()
    {
        if (Protocol == TransportProtocol.Any)
        {
            return "any";
        }

        var ports = First == Last
            ? First.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{First}-{Last}");
        return Protocol == TransportProtocol.Udp ? ports + "/udp" : ports;
    }

    /// <summary>Orders by transport, then by port.</summary>
    public static bool operator <(PortRange left, PortRange right) => left.CompareTo(right) < 0;

    /// <summary>Orders by transport, then by port.</summary>
    public static bool operator >(PortRange left, PortRange right) => left.CompareTo(right) > 0;

    /// <summary>Orders by transport, then by port.</summary>
    public static bool operator <=(PortRange left, PortRange right) => left.CompareTo(right) <= 0;

    /// <summary>Orders by transport, then by port.</summary>
    public static bool operator >=(PortRange left, PortRange right) => left.CompareTo(right) >= 0;

    private static bool TryParseProtocol(string text, out TransportProtocol protocol)
    {
        protocol = text switch
        {
            "tcp" => TransportProtocol.Tcp,
            "udp" => TransportProtocol.Udp,
            _ => TransportProtocol.Any,
        };
        return protocol != TransportProtocol.Any;
    }

    private static bool TryParsePort(string text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port != 0;
}
