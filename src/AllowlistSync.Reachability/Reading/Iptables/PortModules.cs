using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>tcp, udp, sctp, dccp, udplite and multiport (iptables-extensions(8)).</summary>
internal static class PortModules
{
    private const string SourceNames = "sport source-port";
    private const string DestinationNames = "dport destination-port";

    /// <summary>The modules.</summary>
    internal static IEnumerable<MatchModule> All { get; } =
    [
        MatchModule.Of(
            "tcp",
            (SourceNames, (option, _) => Ports(option, Field.TcpSourcePort)),
            (DestinationNames, (option, _) => Ports(option, Field.TcpDestinationPort)),
            ("tcp-flags", (option, _) => Flags(option)),
            ("syn", (option, _) => option.Values.IsEmpty ? FlagsOf(0x17, 0x02, option.IsNegated) : null),
            ("tcp-option", (option, _) => new UnknownCondition(option.ToString(), UnknownReason.Packet))) with { MayBeBare = true },
        MatchModule.Of(
            "udp",
            (SourceNames, (option, _) => Ports(option, Field.UdpSourcePort)),
            (DestinationNames, (option, _) => Ports(option, Field.UdpDestinationPort))) with { MayBeBare = true },
        OtherTransport("sctp", 132, "chunk-types"),
        OtherTransport("dccp", 33, "dccp-types", "dccp-option"),
        OtherTransport("udplite", 136),
        MatchModule.Of(
            "multiport",
            ("sports source-ports", (option, _) => PortList(option, Field.SourcePort)),
            ("dports destination-ports", (option, _) => PortList(option, Field.DestinationPort)),
            ("ports", (option, _) => EitherPort(option))),
    ];

    /// <summary>The ports of an option that stands apart from the module it belongs to (<c>-p tcp -m state --state NEW --dport 22</c>): the protocol is asked by <c>-p</c>.</summary>
    internal static Condition? Ports(MatchOption option, Field field) =>
        option.Value is { } text && Numbers.Ports(text) is { } ports ? new FieldCondition(field, ports, option.IsNegated) : null;

    private static FieldCondition? PortList(MatchOption option, Field field) =>
        option.Value is { } text && Numbers.PortList(text) is { } ports ? new(field, ports, option.IsNegated) : null;

    private static AnyOfCondition? EitherPort(MatchOption option) => option.Value is { } text && Numbers.PortList(text) is { } ports
        ? new([new FieldCondition(Field.SourcePort, ports), new FieldCondition(Field.DestinationPort, ports)], option.IsNegated)
        : null;

    private static FieldCondition? Flags(MatchOption option) =>
        option.Values is [var mask, var set] && FlagBits(mask) is { } maskBits && FlagBits(set) is { } setBits
            ? FlagsOf(maskBits, setBits, option.IsNegated)
            : null;

    private static FieldCondition FlagsOf(uint mask, uint set, bool isNegated) => new(Field.TcpFlags, NumberSet.Of(set), isNegated) { Mask = mask };

    private static uint? FlagBits(string text)
    {
        if (Numbers.TryParse(text, out var number))
        {
            return number;
        }

        uint bits = 0;
        foreach (var name in text.Split(','))
        {
            uint? bit = name.ToUpperInvariant() switch
            {
                "FIN" => 0x01,
                "SYN" => 0x02,
                "RST" => 0x04,
                "PSH" => 0x08,
                "ACK" => 0x10,
                "URG" => 0x20,
                "ALL" => 0x3f,
                "NONE" => 0,
                _ => null,
            };
            if (bit is null)
            {
                return null;
            }

            bits |= bit.Value;
        }

        return bits;
    }

    /// <summary>A transport that is neither TCP nor UDP: whatever it asks of its own header, first it asks for its protocol.</summary>
    private static MatchModule OtherTransport(string name, byte protocol, params ReadOnlySpan<string> more) => new(
        name,
        ["sport", "source-port", "dport", "destination-port", .. more],
        (options, _) => options.IsEmpty ? Is(protocol) : new AllOfCondition([Is(protocol), new UnknownCondition($"{name} {string.Join(' ', options)}", UnknownReason.Packet)]))
    { MayBeBare = true };

    private static FieldCondition Is(byte protocol) => new(Field.Protocol, NumberSet.Of(protocol));
}
