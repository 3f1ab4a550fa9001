using System.Globalization;
using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Providers.Host.Iptables;

/// <summary>One rule of our chain: sources in a set, or of one prefix, are accepted on ports of one transport. Writing and reading of it stand side by side here. Pure.</summary>
/// <param name="Set">The set of its sources; null when it is for one prefix.</param>
/// <param name="Source">The prefix; null when it is for a set.</param>
/// <param name="Ports">At most as many ports of one transport as one rule takes.</param>
/// <param name="BeforeTranslation">The ports are those that the visitor asked for, before DNAT: in a chain of forwarded packets.</param>
public sealed record AcceptRule(string? Set, IpPrefix? Source, PortSet Ports, bool BeforeTranslation)
{
    // xt_multiport takes 15 ports, and a range counts as two (XT_MULTI_PORTS, linux/netfilter/xt_multiport.h).
    private const int MaxPorts = 15;

    /// <summary>The rules that open ports for a set.</summary>
    public static IEnumerable<AcceptRule> ForSet(string set, PortSet ports, bool beforeTranslation) =>
        Groups(ports, beforeTranslation).Select(group => new AcceptRule(set, null, group, beforeTranslation));

    /// <summary>The rules that open ports for prefixes. A prefix of length 0 is written as its two halves: iptables and ipset both take it for "no condition" or refuse it.</summary>
    public static IEnumerable<AcceptRule> ForPrefixes(IEnumerable<IpPrefix> prefixes, PortSet ports, bool beforeTranslation)
    {
        var groups = Groups(ports, beforeTranslation).ToList();
        return prefixes.SelectMany(Halves).SelectMany(prefix => groups.Select(group => new AcceptRule(null, prefix, group, beforeTranslation)));
    }

    /// <summary>A prefix of length 0 as its two halves, any other as it is.</summary>
    public static IEnumerable<IpPrefix> Halves(IpPrefix prefix) => prefix.Halves();

    /// <summary>Writes the rule without <c>-A CHAIN</c>.</summary>
    public void Write(StringBuilder script, IptablesMark mark)
    {
        ArgumentNullException.ThrowIfNull(script);
        ArgumentNullException.ThrowIfNull(mark);
        script.Append(CultureInfo.InvariantCulture, $"{(Source is { } source ? $"-s {source} " : "")}-p {(Ports.Ranges[0].Protocol == TransportProtocol.Udp ? "udp" : "tcp")} ");
        script.Append(Set is null ? "" : $"-m set --match-set {Set} src ");
        var ports = string.Join(',', Ports.Ranges.Select(range => range.First == range.Last ? $"{range.First}" : $"{range.First}:{range.Last}"));
        script.Append(BeforeTranslation ? $"-m conntrack --ctorigdstport {ports} --ctdir ORIGINAL" : $"-m multiport --dports {ports}");
        script.Append(CultureInfo.InvariantCulture, $" {mark.Match} -j ACCEPT");
    }

    /// <summary>The rule without <c>-A CHAIN</c>.</summary>
    public string Text(IptablesMark mark)
    {
        var text = new StringBuilder();
        Write(text, mark);
        return text.ToString();
    }

    /// <summary>Reads a rule with our mark back; null for a rule that is not of this shape (somebody edited it).</summary>
    /// <param name="text">The rule as iptables-save prints it, without <c>-A CHAIN</c>.</param>
    /// <param name="mark">Our mark.</param>
    /// <param name="family">The family of its table.</param>
    public static AcceptRule? Read(string text, IptablesMark mark, IpFamily family)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(mark);
        var at = text.IndexOf(mark.Match, StringComparison.Ordinal);
        return at < 0 ? null : Parts.Read(text.Remove(at, mark.Match.Length)).ToRule(family);
    }

    private static IEnumerable<PortSet> Groups(PortSet ports, bool beforeTranslation) => ports.Ranges
        .GroupBy(range => range.Protocol)
        .SelectMany(group => beforeTranslation ? group.Select(range => new[] { range }) : Fit(group))
        .Select(group => PortSet.Of(group));

    private static IEnumerable<PortRange[]> Fit(IEnumerable<PortRange> ranges)
    {
        var group = new List<PortRange>();
        var room = MaxPorts;
        foreach (var range in ranges)
        {
            var needs = range.First == range.Last ? 1 : 2;
            if (needs > room)
            {
                yield return [.. group];
                group.Clear();
                room = MaxPorts;
            }

            group.Add(range);
            room -= needs;
        }

        yield return [.. group];
    }

    /// <summary>The words of a rule, each at most once.</summary>
    private sealed class Parts
    {
        private string? _source, _protocol, _set, _ports, _originalPort, _direction, _target;
        private bool _isStrange;

        public static Parts Read(string text)
        {
            var parts = new Parts();
            var words = new Queue<string>(text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            while (words.TryDequeue(out var word))
            {
                parts.Take(word, words);
            }

            return parts;
        }

        public AcceptRule? ToRule(IpFamily family)
        {
            if (_isStrange || _target != "ACCEPT" || _protocol is not ("tcp" or "udp") || (_source is null) == (_set is null) || (_ports is null) == (_originalPort is null)
                || (_originalPort is null) != (_direction is null))
            {
                return null;
            }

            IpPrefix? source = _source is null ? null : IpPrefix.TryParse(_source, out var prefix) && prefix.Family == family ? prefix : null;
            return (_source is null) == (source is null) && Port(_ports ?? _originalPort!) is { } ports ? new AcceptRule(_set, source, ports, _originalPort is not null) : null;
        }

        private void Take(string word, Queue<string> words)
        {
            switch (word)
            {
                case "-m" when words.TryDequeue(out var module):
                    _isStrange |= module is not ("set" or "multiport" or "conntrack");
                    break;
                case "-s":
                    Once(ref _source, words);
                    break;
                case "-p":
                    Once(ref _protocol, words);
                    break;
                case "--match-set":
                    Once(ref _set, words);
                    _isStrange |= !words.TryDequeue(out var direction) || direction != "src";
                    break;
                case "--dports":
                    Once(ref _ports, words);
                    break;
                case "--ctorigdstport":
                    Once(ref _originalPort, words);
                    break;
                case "--ctdir":
                    Once(ref _direction, words);
                    _isStrange |= _direction != "ORIGINAL";
                    break;
                case "-j":
                    Once(ref _target, words);
                    break;
                default:
                    _isStrange = true;
                    break;
            }
        }

        private void Once(ref string? part, Queue<string> words)
        {
            _isStrange |= part is not null || words.Count == 0;
            part = words.TryDequeue(out var word) ? word : part;
        }

        private PortSet? Port(string text)
        {
            var suffix = _protocol == "udp" ? "/udp" : "";
            var ranges = new List<PortRange>();
            foreach (var piece in text.Split(','))
            {
                if (!PortRange.TryParse(piece.Replace(':', '-') + suffix, out var range))
                {
                    return null;
                }

                ranges.Add(range);
            }

            return PortSet.Of(ranges);
        }
    }
}
