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
            || (expressions.Length == 4 && !expressions[2].TryGetProperty("counter", out _))
            || !verdict.TryGetProperty("accept", out _))
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
        var values = right.ValueKind == JsonValueKind.Object && right.TryGetProperty("set", out var set) ? set.EnumerateArray().ToArray() : [right];
        var ranges = values.Select(value => Range(value, transport)).ToArray();
        return Array.Exists(ranges, range => range is null) ? null : PortSet.Of(ranges.Select(range => range!.Value));
    }

    private static PortRange? Range(JsonElement value, TransportProtocol transport)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetUInt16(out var port))
        {
            return new PortRange(transport, port, port);
        }

        return value.ValueKind == JsonValueKind.Object && value.TryGetProperty("range", out var range)
            && range[0].TryGetUInt16(out var first) && range[1].TryGetUInt16(out var last)
            ? new PortRange(transport, first, last)
            : null;
    }

    private static bool IsEqualityOn(JsonElement expression, string field, out string? protocol, out JsonElement right)
    {
        protocol = null;
        right = default;
        if (!expression.TryGetProperty("match", out var match)
            || match.GetProperty("op").GetString() != "=="
            || !match.GetProperty("left").TryGetProperty("payload", out var payload)
            || !payload.TryGetProperty("field", out var name) || name.GetString() != field)
        {
            return false;
        }

        protocol = payload.GetProperty("protocol").GetString();
        right = match.GetProperty("right");
        return true;
    }
}
