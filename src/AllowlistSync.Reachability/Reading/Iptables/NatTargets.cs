using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>DNAT and REDIRECT (iptables-extensions(8)).</summary>
internal static class NatTargets
{
    /// <summary>DNAT.</summary>
    internal static ImmutableArray<Step>? Destination(RuleGroup target, IptablesContext context)
    {
        var destinations = target.Options.Where(option => "to-destination".StartsWith(option.Name, StringComparison.Ordinal)).ToArray();
        if (target.Options.Any(option => !destinations.Contains(option) && option.Name is not ("random" or "persistent")))
        {
            return null;
        }

        return destinations switch
        {
            [{ Value: { } text }] => ReadDestination(text, context.Family) is { } nat ? [nat] : null,
            _ => [new DestinationNat(new NatValue.Unknown(), new NatValue.Unknown())],
        };
    }

    /// <summary>REDIRECT.</summary>
    internal static ImmutableArray<Step>? Redirect(ImmutableArray<MatchOption> options)
    {
        NatValue? port = null;
        foreach (var option in options)
        {
            if ("to-ports".StartsWith(option.Name, StringComparison.Ordinal) && option.Value is { } text)
            {
                if (ReadPorts(text) is not { } value)
                {
                    return null;
                }

                port = value;
            }
            else if (option.Name != "random")
            {
                return null;
            }
        }

        return [new DestinationNat(null, port) { ToLocal = true }];
    }

    private static DestinationNat? ReadDestination(string text, IpFamily family)
    {
        var (addresses, ports) = Split(text, family);
        var address = addresses.Length == 0 ? null : ReadAddresses(addresses, family);
        var port = ports is null ? null : ReadPorts(ports);
        return (addresses.Length > 0 && address is null) || (ports is not null && port is null) ? null : new(address, port);
    }

    private static (string Addresses, string? Ports) Split(string text, IpFamily family)
    {
        if (family == IpFamily.IPv6 && !text.StartsWith(':') && !text.StartsWith('['))
        {
            return (text, null);
        }

        if (text.StartsWith("::", StringComparison.Ordinal))
        {
            return (text, null);
        }

        var bracket = text.IndexOf(']', StringComparison.Ordinal);
        if (text.StartsWith('[') && bracket > 0)
        {
            return (text[1..bracket].Replace("]", "", StringComparison.Ordinal), bracket + 1 < text.Length && text[bracket + 1] == ':' ? text[(bracket + 2)..] : null);
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (text, null) : (text[..colon], text[(colon + 1)..]);
    }

    private static NatValue.OneOf? ReadAddresses(string text, IpFamily family)
    {
        var parts = text.Split('-');
        return parts.Length <= 2
            && AddressText.TryAddress(Encoding.UTF8.GetBytes(parts[0]), family, out var first)
            && AddressText.TryAddress(Encoding.UTF8.GetBytes(parts[^1]), family, out var last)
            && first <= last
            ? new(new(first, last))
            : null;
    }

    private static NatValue? ReadPorts(string text)
    {
        if (text.Contains('/', StringComparison.Ordinal))
        {
            // FIRST-LAST/BASE keeps the distance from the base port: which port it becomes depends on the one asked for.
            return new NatValue.Unknown();
        }

        return Numbers.Ports(text, '-') is { Ranges: [var range] } && !text.StartsWith('-') && !text.EndsWith('-') ? new NatValue.OneOf(range) : null;
    }
}
