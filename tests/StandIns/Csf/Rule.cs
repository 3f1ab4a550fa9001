namespace AllowlistSync.StandIns.Csf;

/// <summary>What an entry becomes: a rule of iptables, or an element of a set.</summary>
/// <param name="IsIPv6">The family.</param>
/// <param name="Chain">The chain; of an element the set.</param>
/// <param name="Match">What it matches, with its target; of an element the address.</param>
/// <param name="IsElement">True for an element of a set.</param>
internal sealed record Rule(bool IsIPv6, string Chain, string Match, bool IsElement = false);

/// <summary>Turns entries of csf.allow and csf.deny into rules.</summary>
internal static class EntryRules
{
    /// <summary>The rules of an entry; none for one that CSF skips without a word.</summary>
    public static IEnumerable<Rule> Of(string subject, bool isAllow, Configuration configuration)
    {
        var line = subject.ToLowerInvariant();
        return Address.Read(line) is { } address
            ? OfAddress(address, isAllow, configuration)
            : OfAdvanced(line, isAllow, configuration);
    }

    private static IEnumerable<Rule> OfAddress(Address address, bool isAllow, Configuration configuration)
    {
        if (address.IsIPv6 && !configuration.Is("IPV6"))
        {
            yield break;
        }

        if (configuration.Is("LF_IPSET"))
        {
            yield return new Rule(address.IsIPv6, Sets.Name(isAllow, address.IsIPv6), address.Text, IsElement: true);
            yield break;
        }

        yield return new Rule(address.IsIPv6, isAllow ? "ALLOWIN" : "DENYIN", $"! -i lo -s {address.Text} -j {Target(isAllow, isIn: true, configuration)}");
        if (isAllow || !configuration.Is("LF_BLOCKINONLY"))
        {
            yield return new Rule(address.IsIPv6, isAllow ? "ALLOWOUT" : "DENYOUT", $"! -o lo -d {address.Text} -j {Target(isAllow, isIn: false, configuration)}");
        }
    }

    // protocol | direction | s or d = ports | s or d = address; the first two may be left out. Ports are handed to iptables as they are, good or bad.
    private static IEnumerable<Rule> OfAdvanced(string line, bool isAllow, Configuration configuration)
    {
        var fields = new Queue<string>((line.Contains('|', StringComparison.Ordinal) ? line : line.Replace(':', '|')).Split('|'));
        var protocol = fields.TryPeek(out var first) && first is "tcp" or "udp" or "icmp" ? fields.Dequeue() : "tcp";
        var direction = fields.TryPeek(out var way) && way is "in" or "out" ? fields.Dequeue() : "in";
        if (fields.Count < 2 || Ports(fields.Dequeue(), protocol) is not { } ports || Side(fields.Dequeue()) is not var (side, text) || Address.Read(text) is not { } address)
        {
            yield break;
        }

        if (!address.IsIPv6 || configuration.Is("IPV6"))
        {
            var isIn = direction == "in";
            var chain = (isAllow ? "ALLOW" : "DENY") + (isIn ? "IN" : "OUT");
            yield return new Rule(address.IsIPv6, chain, $"{(isIn ? "! -i lo" : "! -o lo")} -p {protocol} -{side} {text} {ports} -j {Target(isAllow, isIn, configuration)}");
        }
    }

    private static string? Ports(string field, string protocol)
    {
        if (Side(field) is not var (side, ports))
        {
            return null;
        }

        return protocol == "icmp" ? $"--icmp-type {ports}" : $"{(ports.Contains(',', StringComparison.Ordinal) ? "-m multiport " : "")}--{side}port {ports.Replace('_', ':')}";
    }

    private static (char Side, string Text)? Side(string field) => field switch
    {
        ['s', '=', .. var text] => ('s', text),
        ['d', '=', .. var text] => ('d', text),
        _ => null,
    };

    private static string Target(bool isAllow, bool isIn, Configuration configuration) => isAllow ? "ACCEPT" : configuration[isIn ? "DROP" : "DROP_OUT"];
}
