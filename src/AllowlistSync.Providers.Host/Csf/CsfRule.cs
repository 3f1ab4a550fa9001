using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Providers.Host.Csf;

/// <summary>An entry of the shape that we make: a prefix may reach ports of one transport. Writing it for CSF, and reading it back from the file and from iptables-save, stand side by side here. Pure.</summary>
/// <param name="Source">Who.</param>
/// <param name="Ports">Ports of one transport, few enough for one rule: CSF makes one of each line.</param>
public sealed record CsfRule(IpPrefix Source, PortSet Ports)
{
    /// <summary>The rules that let traffic in, in order.</summary>
    public static IEnumerable<CsfRule> For(TrafficSet traffic)
    {
        ArgumentNullException.ThrowIfNull(traffic);
        return traffic.Entries().SelectMany(entry => MultiportText.Portions(entry.Ports).Select(ports => new CsfRule(entry.Prefix, ports)));
    }

    /// <summary>What rules let in.</summary>
    public static TrafficSet Traffic(IEnumerable<CsfRule> rules) => rules.GroupBy(rule => rule.Ports)
        .Aggregate(TrafficSet.Empty, (all, group) => all.Union(TrafficSet.Of(PrefixSet.Of(group.Select(rule => rule.Source)), group.Key)));

    /// <summary>The entry for CSF (readme.txt, "Advanced Allow/Deny Filters").</summary>
    public string Subject => $"{MultiportText.Transport(Ports)}|in|d={MultiportText.Text(Ports).Replace(':', '_')}|s={Source}";

    /// <summary>The line for CSF.</summary>
    public string Line(CsfMark mark)
    {
        ArgumentNullException.ThrowIfNull(mark);
        return $"{Subject} # {mark.Comment}";
    }

    /// <summary>Reads an entry; null for one of another shape.</summary>
    public static CsfRule? Read(string subject) =>
        subject.Split('|') is [var transport, "in", ['d', '=', .. var ports], ['s', '=', .. var source]] ? Of(source, transport, ports.Replace('_', ':')) : null;

    /// <summary>Reads a rule of iptables-save in the chain of what is let in; null for one of another shape. The interface is what CSF's ETH_DEVICE says.</summary>
    public static CsfRule? ReadKernel(string line, IpFamily family)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var (source, transport, ports, isAccept) = (CsfPlaces.Anywhere(family), "", "", false);
        for (var at = 2; at < words.Length; at++)
        {
            switch (words[at])
            {
                case "!" when at + 1 < words.Length && words[at + 1] == "-i":
                    break;
                case "-i":
                    at++;
                    break;
                case "-s" when at + 1 < words.Length:
                    source = words[++at];
                    break;
                case "-p" when at + 1 < words.Length:
                    transport = words[++at];
                    break;
                case "--dport" or "--dports" when at + 1 < words.Length:
                    ports = words[++at];
                    break;
                case "-m" when at + 1 < words.Length && words[at + 1] is "tcp" or "udp" or "multiport":
                    at++;
                    break;
                case "-j" when at + 1 < words.Length && words[at + 1] is "ACCEPT" or "LOGACCEPT":
                    isAccept = true;
                    at++;
                    break;
                default:
                    return null;
            }
        }

        return isAccept && Of(source, transport, ports) is { } rule && rule.Source.Family == family ? rule : null;
    }

    private static CsfRule? Of(string source, string transport, string ports) =>
        MultiportText.Read(transport, ports) is { IsEmpty: false } set && IpPrefix.TryParse(source, out var prefix) ? new CsfRule(prefix, set) : null;
}
