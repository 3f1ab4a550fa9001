using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Providers.Host.Ufw;

/// <summary>
/// A rule of the shape that we make: a prefix may reach ports of one transport. Writing it as ufw 0.36.2 does (<c>_write_rules</c>, <c>format_rule</c>) and
/// reading it back, from ufw's files and from iptables-save, stand side by side here. Pure.
/// </summary>
/// <param name="Source">Who.</param>
/// <param name="Ports">Ports of one transport, few enough for one rule.</param>
public sealed record UfwRule(IpPrefix Source, PortSet Ports)
{
    /// <summary>What it lets in.</summary>
    public TrafficSet Traffic => TrafficSet.Of(PrefixSet.Of([Source]), Ports);

    /// <summary>The rules that let traffic in, ascending, of one family.</summary>
    public static IEnumerable<UfwRule> For(TrafficSet traffic, IpFamily family) => traffic.Entries().Where(entry => entry.Prefix.Family == family)
        .SelectMany(entry => MultiportText.Portions(entry.Ports).Select(ports => new UfwRule(entry.Prefix, ports)));

    /// <summary>The line by which ufw knows it.</summary>
    public string Tuple(UfwMark mark)
    {
        var anywhere = UfwPlaces.Anywhere(Source.Family);
        return $"{UfwTuple.Start} allow {MultiportText.Transport(Ports)} {MultiportText.Text(Ports)} {anywhere} any {Address} in comment={mark.Hex}";
    }

    /// <summary>The line for iptables-restore.</summary>
    public string Line()
    {
        var ports = MultiportText.IsMany(Ports) ? $"-m multiport --dports {MultiportText.Text(Ports)}" : $"--dport {MultiportText.Text(Ports)}";
        var source = Source.Length == 0 ? "" : $" -s {Address}";
        return $"-A {UfwPlaces.Chain(Source.Family)} -p {MultiportText.Transport(Ports)} {ports}{source} -j ACCEPT";
    }

    /// <summary>Reads a line for iptables-restore, or of iptables-save; null for one of another shape.</summary>
    public static UfwRule? Read(string line, IpFamily family)
    {
        var words = line.Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 8 || words.Length % 2 != 0 || words[0] != "-A" || words[1] != UfwPlaces.Chain(family))
        {
            return null;
        }

        var (source, transport, ports, isAccept) = (UfwPlaces.Anywhere(family), "", "", false);
        for (var at = 2; at < words.Length; at += 2)
        {
            var value = words[at + 1];
            switch (words[at])
            {
                case "-s":
                    source = value;
                    break;
                case "-p":
                    transport = value;
                    break;
                case "--dport" or "--dports":
                    ports = value;
                    break;
                case "-m" when value is "tcp" or "udp" or "multiport":
                    break;
                case "-j" when value == "ACCEPT":
                    isAccept = true;
                    break;
                default:
                    return null;
            }
        }

        return isAccept ? Of(source, transport, ports, family) : null;
    }

    /// <summary>The rule of its texts; null when one of them is not what we write.</summary>
    public static UfwRule? Of(string source, string transport, string ports, IpFamily family) =>
        MultiportText.Read(transport, ports) is { } set && IpPrefix.TryParse(source, out var prefix) && prefix.Family == family ? new UfwRule(prefix, set) : null;

    // ufw writes a single address without its length (normalize_address in util.py).
    private string Address
    {
        get
        {
            var text = Source.ToString();
            return Source.Length == (Source.Family == IpFamily.IPv4 ? 32 : 128) ? text.Split('/')[0] : text;
        }
    }
}
