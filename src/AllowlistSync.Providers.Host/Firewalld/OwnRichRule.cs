using System.Globalization;
using System.Text.RegularExpressions;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Providers.Host.Firewalld;

/// <summary>A rich rule of ours: it lets in a set, or one prefix, on one run of ports. Writing and reading of it stand side by side here; firewalld 1.3.3 gives rules back in this very form.</summary>
/// <param name="Family">The family; always that of the set, for a wrong pair is accepted and kills the next reload.</param>
/// <param name="Set">The set that it names; null for a rule by address.</param>
/// <param name="Source">The prefix that it names; null for a rule by set.</param>
/// <param name="Ports">The ports.</param>
public sealed partial record OwnRichRule(IpFamily Family, string? Set, IpPrefix? Source, PortRange Ports)
{
    /// <summary>A rule by set.</summary>
    public static OwnRichRule Of(FirewalldMark mark, IpFamily family, bool isSpare, PortRange ports) => new(family, mark.Set(family, isSpare), null, ports);

    /// <summary>A rule by address.</summary>
    public static OwnRichRule Of(IpPrefix source, PortRange ports) => new(source.Family, null, source, ports);

    /// <summary>
    /// The rule in firewalld's language (firewalld.richlanguage(5)). A rule by address has our priority, which is our mark on it: rules of a positive priority come after those
    /// without one, so it overrules no deny of the operator, just as a rule by set does not.
    /// </summary>
    public string Text(FirewalldMark mark)
    {
        var ports = Ports.First == Ports.Last ? $"{Ports.First}" : $"{Ports.First}-{Ports.Last}";
        var source = Set is null ? $"address=\"{Source}\"" : $"ipset=\"{Set}\"";
        var priority = Set is null ? $"priority=\"{mark.Priority.ToString(CultureInfo.InvariantCulture)}\" " : "";
        return $"rule {priority}family=\"{(Family == IpFamily.IPv4 ? "ipv4" : "ipv6")}\" source {source} port port=\"{ports}\" protocol=\"{(Ports.Protocol == TransportProtocol.Udp ? "udp" : "tcp")}\" accept";
    }

    /// <summary>Reads a rule of ours; null for a rule of somebody else.</summary>
    public static OwnRichRule? Read(string text, FirewalldMark mark)
    {
        var match = Shape.Match(text);
        if (!match.Success)
        {
            return null;
        }

        var family = match.Groups["family"].Value == "4" ? IpFamily.IPv4 : IpFamily.IPv6;
        if (!PortRange.TryParse($"{match.Groups["ports"].Value}/{match.Groups["protocol"].Value}", out var ports))
        {
            return null;
        }

        if (match.Groups["set"] is { Success: true, Value: var set })
        {
            var isOurs = !match.Groups["priority"].Success && mark.Sets().Any(one => one.Family == family && one.Name == set);
            return isOurs ? new OwnRichRule(family, set, null, ports) : null;
        }

        return match.Groups["priority"].Value == mark.Priority.ToString(CultureInfo.InvariantCulture) && IpPrefix.TryParse(match.Groups["address"].Value, out var source) && source.Family == family
            ? new OwnRichRule(family, null, source, ports)
            : null;
    }

    /// <summary>True when a rule, whoever made it, uses a set of ours: then the set must stay, for a rule without its set kills the next reload.</summary>
    public static bool Mentions(string text, FirewalldMark mark) => mark.Sets().Any(set => text.Contains($"ipset=\"{set.Name}\"", StringComparison.Ordinal));

    [GeneratedRegex("^rule (priority=\"(?<priority>-?[0-9]+)\" )?family=\"ipv(?<family>[46])\" source (ipset=\"(?<set>[^\"]+)\"|address=\"(?<address>[^\"]+)\") port port=\"(?<ports>[0-9-]+)\" protocol=\"(?<protocol>tcp|udp)\" accept$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Shape { get; }
}
