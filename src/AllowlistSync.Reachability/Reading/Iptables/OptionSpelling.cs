using System.Collections.Immutable;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>Spells the option of a match as iptables-save does, where people have several ways to write it.</summary>
internal static class OptionSpelling
{
    // In the order in which libxt_conntrack.c prints them: states, and what else is known of a connection.
    private static readonly string[] States = ["INVALID", "NEW", "RELATED", "ESTABLISHED", "UNTRACKED", "SNAT", "DNAT", "NONE", "EXPECTED", "SEEN_REPLY", "ASSURED", "CONFIRMED"];
    // In the order of the kernel's numbers, in which libxt_addrtype.c prints them.
    private static readonly string[] Types = ["UNSPEC", "UNICAST", "LOCAL", "BROADCAST", "ANYCAST", "MULTICAST", "BLACKHOLE", "UNREACHABLE", "PROHIBIT", "THROW", "NAT", "XRESOLVE"];

    private static readonly string[] Flags = ["FIN", "SYN", "RST", "PSH", "ACK", "URG"];

    /// <summary>The option; as it is when it is not one of those.</summary>
    internal static MatchOption Of(MatchOption option) => option.Name switch
    {
        "sport" or "source-port" => Ports(option, "sport"),
        "dport" or "destination-port" => Ports(option, "dport"),
        "sports" or "source-ports" => Ports(option, "sports"),
        "dports" or "destination-ports" => Ports(option, "dports"),
        "ports" => Ports(option, "ports"),
        "syn" => option with { Name = "tcp-flags", Values = ["FIN,SYN,RST,ACK", "SYN"] },
        "tcp-flags" => option with { Values = [.. option.Values.Select(FlagList)] },
        "mark" when option.Value is { } text && Numbers.TryMasked(text, out var value, out var mask) => option with { Values = [Masked(value, mask)] },
        "ctproto" when option.Value is { } text && ProtocolNames.TryProtocol(text, out var protocol) => option with { Values = [$"{protocol}"] },
        "state" or "ctstate" or "ctstatus" when option.Value is { } text => InOrder(option, text, States),
        "src-type" or "dst-type" when option.Value is { } text => InOrder(option, text, Types),
        "ctorigsrc" or "ctorigdst" or "ctreplsrc" or "ctrepldst" when option.Value is { } text => option with { Values = [WithoutFullMask(text)] },
        "mac-source" or "pkt-type" when option.Value is { } text => option with { Values = [text.ToLowerInvariant()] },
        _ => option,
    };

    /// <summary>A number with its mask in the way of marks; without the mask when it is all ones.</summary>
    internal static string Masked(uint value, uint mask) => mask == uint.MaxValue ? $"0x{value:x}" : $"0x{value:x}/0x{mask:x}";

    private static MatchOption Ports(MatchOption option, string name) => option with { Name = name, Values = [.. option.Values.Select(text => string.Join(',', text.Split(',').Select(Range)))] };

    private static string Range(string text) => string.Join(':', text.Split(':').Select(port => ProtocolNames.TryPort(port, out var number) ? $"{number}" : port));

    private static MatchOption InOrder(MatchOption option, string text, string[] order) =>
        option with { Values = [string.Join(',', text.ToUpperInvariant().Split(',').OrderBy(name => Array.IndexOf(order, name)))] };

    private static string WithoutFullMask(string address) => address[..^(address.EndsWith("/32", StringComparison.Ordinal) && !address.Contains(':', StringComparison.Ordinal) ? 3 : address.EndsWith("/128", StringComparison.Ordinal) ? 4 : 0)];

    private static string FlagList(string text)
    {
        var names = text.ToUpperInvariant().Split(',');
        return names.Contains("ALL") ? string.Join(',', Flags)
            : names.Contains("NONE") ? "NONE"
            : Array.TrueForAll(names, name => Flags.Contains(name)) ? string.Join(',', Flags.Where(names.Contains))
            : text;
    }
}

/// <summary>Spells the options of a target as iptables-save does.</summary>
internal static class TargetSpelling
{
    /// <summary>The options; as they are when there is no other way to write them.</summary>
    internal static ImmutableArray<MatchOption> Of(string? target, ImmutableArray<MatchOption> options, Core.Addresses.IpFamily family) => (target, options) switch
    {
        ("NOTRACK", []) => [new("notrack", [], IsNegated: false)],
        ("REJECT", []) => [Option("reject-with", family == Core.Addresses.IpFamily.IPv4 ? "icmp-port-unreachable" : "icmp6-port-unreachable")],
        ("MARK" or "CONNMARK", [{ Value: { } text } option]) when Numbers.TryMasked(text, out var value, out var mask) => [Mark(option, value, mask)],
        ("CONNMARK", [{ Name: "save-mark" or "restore-mark", Values: [] } copy]) => [copy, Option("nfmask", "0xffffffff"), Option("ctmask", "0xffffffff")],
        _ => options,
    };

    private static MatchOption Mark(MatchOption option, uint value, uint mask) => option.Name switch
    {
        "set-xmark" => Mark(value, mask),
        "set-mark" => Mark(value, mask | value),
        "or-mark" => Mark(value, value),
        "and-mark" => Mark(0, ~value),
        "xor-mark" => Mark(value, 0),
        _ => option,
    };

    private static MatchOption Mark(uint value, uint mask) => Option("set-xmark", $"0x{value:x}/0x{mask:x}");

    private static MatchOption Option(string name, string value) => new(name, [value], IsNegated: false);
}
