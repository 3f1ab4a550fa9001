using System.Collections.Immutable;
using System.Text.Json;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>One rule of our chain: sources in our set of a family, on ports of one transport, are accepted. Writing and reading of it stand side by side here.</summary>
/// <param name="Family">The family.</param>
/// <param name="Ports">Ports of one transport.</param>
public sealed record OwnRule(IpFamily Family, PortSet Ports)
{
    /// <summary>The rules that open ports for a family: one for each transport.</summary>
    public static IEnumerable<OwnRule> For(IpFamily family, PortSet ports) =>
        ports.Ranges.GroupBy(range => range.Protocol).Select(group => new OwnRule(family, PortSet.Of(group)));

    /// <summary>The rule in nft's language, without <c>add rule</c> and comment.</summary>
    public string Text(string set)
    {
        var ports = string.Join(", ", Ports.Ranges.Select(range => range.First == range.Last ? $"{range.First}" : $"{range.First}-{range.Last}"));
        var protocol = Ports.Ranges[0].Protocol == TransportProtocol.Udp ? "udp" : "tcp";
        return $"{(Family == IpFamily.IPv4 ? "ip" : "ip6")} saddr @{set} {protocol} dport {{ {ports} }} accept";
    }

    /// <summary>Reads a rule of our chain back; null for a rule that is not of this shape (somebody edited it).</summary>
    public static OwnRule? Read(ImmutableArray<JsonElement> expressions, NftMark mark)
    {
        if (expressions is not [var source, var ports, .., var verdict]
            || expressions.Length > 4
            || (expressions.Length == 4 && !NftExpression.Has(expressions[2], "counter"))
            || !NftExpression.Has(verdict, "accept"))
        {
            return null;
        }

        var family = FamilyOf(source, mark);
        return family is not null && Destination(ports) is { } set ? new OwnRule(family.Value, set) : null;
    }

    private static IpFamily? FamilyOf(JsonElement expression, NftMark mark)
    {
        if (!IsEqualityOn(expression, "saddr", out var protocol, out var right) || right.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        return (protocol, right.GetString()) switch
        {
            ("ip", var set) when set == "@" + mark.Set(IpFamily.IPv4) => IpFamily.IPv4,
            ("ip6", var set) when set == "@" + mark.Set(IpFamily.IPv6) => IpFamily.IPv6,
            _ => null,
        };
    }

    private static PortSet? Destination(JsonElement expression)
    {
        if (!IsEqualityOn(expression, "dport", out var protocol, out var right) || protocol is not ("tcp" or "udp"))
        {
            return null;
        }

        var transport = protocol == "udp" ? TransportProtocol.Udp : TransportProtocol.Tcp;
        var values = (NftExpression.TryGet(right, "set", out var set) ? NftExpression.Items(set) : [right]).ToArray();
        var ranges = values.Select(value => Range(value, transport)).ToArray();
        return Array.Exists(ranges, range => range is null) ? null : PortSet.Of(ranges.Select(range => range!.Value));
    }

    private static PortRange? Range(JsonElement value, TransportProtocol transport)
    {
        if (Port(value) is { } port)
        {
            return new PortRange(transport, port, port);
        }

        return NftExpression.TryGet(value, "range", out var range) && range.ValueKind == JsonValueKind.Array && range.GetArrayLength() == 2
            && Port(range[0]) is { } first && Port(range[1]) is { } last
            ? new PortRange(transport, first, last)
            : null;
    }

    private static ushort? Port(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetUInt16(out var port) ? port : null;

    private static bool IsEqualityOn(JsonElement expression, string field, out string? protocol, out JsonElement right)
    {
        protocol = null;
        right = default;
        if (!NftExpression.TryGet(expression, "match", out var match)
            || !NftExpression.TryGetText(match, "op", out var op) || op != "=="
            || !NftExpression.TryGet(match, "left", out var left) || !NftExpression.TryGet(left, "payload", out var payload)
            || !NftExpression.TryGetText(payload, "field", out var name) || name != field
            || !NftExpression.TryGetText(payload, "protocol", out protocol))
        {
            return false;
        }

        return NftExpression.TryGet(match, "right", out right);
    }
}
