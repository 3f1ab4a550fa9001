using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Providers.Host.Ufw;

/// <summary>The line by which ufw knows a rule (<c>_read_rules</c> in backend_iptables.py of ufw 0.36.2). Pure.</summary>
/// <param name="Action"><c>allow</c>, <c>deny</c>, <c>reject</c>, <c>limit</c>, with <c>_log</c> or <c>_log-all</c> behind it, with <c>route:</c> ahead of it.</param>
/// <param name="Transport">The protocol, or <c>any</c>.</param>
/// <param name="Ports">The ports here, or <c>any</c>.</param>
/// <param name="Destination">The address here.</param>
/// <param name="SourcePorts">The ports there, or <c>any</c>.</param>
/// <param name="Source">The address there.</param>
/// <param name="Way"><c>in</c> or <c>out</c>, with an interface behind it.</param>
/// <param name="IsApplication">True for a rule that names an application profile.</param>
/// <param name="Comment">Its comment in hex; null for none.</param>
public sealed record UfwTuple(
    string Action, string Transport, string Ports, string Destination, string SourcePorts, string Source, string Way, bool IsApplication, string? Comment)
{
    /// <summary>How such a line begins.</summary>
    public const string Start = "### tuple ###";

    private const string CommentStart = " comment=";

    /// <summary>True for a line that is meant to be one.</summary>
    public static bool IsOne(string line) => line.StartsWith(Start, StringComparison.Ordinal);

    /// <summary>Reads one; null for what ufw itself would skip as malformed.</summary>
    public static UfwTuple? Read(string line)
    {
        var at = line.IndexOf(CommentStart, StringComparison.Ordinal);
        var comment = at < 0 ? null : line[(at + CommentStart.Length)..].Trim();
        var words = (at < 0 ? line : line[..at])[Start.Length..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Length is >= 6 and <= 9
            ? new UfwTuple(words[0], words[1], words[2], words[3], words[4], words[5], words.Length % 2 == 0 ? "in" : words[^1], words.Length >= 8, comment)
            : null;
    }

    /// <summary>The rule that it stands for when it is of the shape that we make, with logging or without; else null.</summary>
    public UfwRule? Allows(IpFamily family) =>
        Action is "allow" or "allow_log" or "allow_log-all" && IsPlain(family) ? UfwRule.Of(Source, Transport, Ports, family) : null;

    /// <summary>The rule that ufw takes for the same although this one does something else (<c>UFWRule.match</c>: only the action differs); null for none.</summary>
    public UfwRule? Forbids(IpFamily family) =>
        !Action.StartsWith("allow", StringComparison.Ordinal) && IsPlain(family) ? UfwRule.Of(Source, Transport, Ports, family) : null;

    /// <summary>True when it may block some of the traffic, as far as it is readable.</summary>
    public bool MayBlock(TrafficSet traffic)
    {
        if (Action.StartsWith("allow", StringComparison.Ordinal) || Action.StartsWith("route:", StringComparison.Ordinal) || Way.StartsWith("out", StringComparison.Ordinal))
        {
            return false;
        }

        return !IpPrefix.TryParse(Source, out var source) || traffic.Slices.Any(slice => slice.Sources.Overlaps(source) && MayMean(slice.Ports));
    }

    private bool MayMean(PortRange slice)
    {
        var transport = slice.Protocol == TransportProtocol.Udp ? "udp" : "tcp";
        return (Transport == "any" || Transport == transport)
            && (MultiportText.Read(transport, Ports) is not { } ports || ports.Ranges.Any(range => range.First <= slice.Last && slice.First <= range.Last));
    }

    private bool IsPlain(IpFamily family) => !IsApplication && Way == "in" && SourcePorts == "any" && Destination == UfwPlaces.Anywhere(family);
}
