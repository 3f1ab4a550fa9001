using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Verification;

/// <summary>What <c>verify</c> was asked; null or empty where nothing was said.</summary>
internal sealed record VerifyArguments
{
    /// <summary>Files and folders with dumps; <c>-</c> is standard input; empty for the live rule set.</summary>
    public ImmutableArray<string> RuleSets { get; init; } = [];

    public PortSet Ports { get; init; } = PortSet.Empty;

    public ImmutableArray<IpPrefix> From { get; init; } = [];

    public string? Interface { get; init; }

    public ImmutableArray<IpPrefix> Local { get; init; } = [];

    /// <summary>A file with lines <c>SOURCE PORT</c>.</summary>
    public string? Packets { get; init; }

    public Packet? Explain { get; init; }

    public bool IsStrict { get; init; }

    /// <summary>What the proof is about when no target says so.</summary>
    public string Subject => RuleSets.IsEmpty ? "local" : "ruleset";
}

/// <summary>A source and a port.</summary>
/// <param name="Source">The source address, or a prefix.</param>
/// <param name="Port">One port.</param>
internal readonly record struct Packet(IpPrefix Source, PortRange Port)
{
    public override string ToString() => $"{Address(Source)} {Port}";

    /// <summary>A prefix that is one address, without its length.</summary>
    public static string Address(IpPrefix prefix) => prefix.First == prefix.Last ? prefix.ToString()[..prefix.ToString().LastIndexOf('/')] : prefix.ToString();

    /// <summary>Reads <c>104.16.0.1:443</c> or <c>[2606:4700::1]:443</c>; <c>/udp</c> may follow.</summary>
    public static bool TryParse(string text, out Packet packet)
    {
        packet = default;
        var colon = text.LastIndexOf(':');
        var isBracketed = colon > 2 && text[0] == '[' && text[colon - 1] == ']';
        if (colon < 0 || (!isBracketed && text.IndexOf(':', StringComparison.Ordinal) != colon))
        {
            return false;
        }

        var source = isBracketed ? text.AsSpan(1, colon - 2) : text.AsSpan(0, colon);
        return TryRead(source, text[(colon + 1)..], out packet) && packet.Source.First == packet.Source.Last && (packet.Source.Family == IpFamily.IPv6) == isBracketed;
    }

    /// <summary>Reads a source and a port of their own.</summary>
    public static bool TryRead(ReadOnlySpan<char> source, string port, out Packet packet)
    {
        packet = default;
        if (!IpPrefix.TryParse(source, out var prefix) || !PortRange.TryParse(port, out var range) || range.First != range.Last)
        {
            return false;
        }

        packet = new Packet(prefix, range);
        return true;
    }
}
