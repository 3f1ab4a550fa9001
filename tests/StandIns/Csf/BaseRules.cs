namespace AllowlistSync.StandIns.Csf;

/// <summary>The rules around the lists, in the order that decides what a packet meets: allows, denies, what is established, open ports, drop.</summary>
internal static class BaseRules
{
    private static readonly string[] Names = ["ALLOWIN", "ALLOWOUT", "DENYIN", "DENYOUT", "LOCALINPUT", "LOCALOUTPUT", "LOGDROPIN", "LOGDROPOUT"];

    public static IReadOnlyList<string> Chains(bool isIPv6) =>
    [
        .. Names.Select(name => $":{name} - [0:0]"),
        "-A LOGDROPIN -j DROP",
        "-A LOGDROPOUT -j DROP",
        "-A LOCALOUTPUT ! -o lo -j ALLOWOUT",
        "-A LOCALOUTPUT ! -o lo -j DENYOUT",
        "-A LOCALINPUT ! -i lo -j ALLOWIN",
        "-A LOCALINPUT ! -i lo -j DENYIN",
        "-A INPUT ! -i lo -j LOCALINPUT",
        "-A INPUT -i lo -j ACCEPT",
        "-A OUTPUT ! -o lo -j LOCALOUTPUT",
        "-A OUTPUT -o lo -j ACCEPT",
        $"-A INPUT ! -i lo -p {(isIPv6 ? "icmpv6" : "icmp")} -j ACCEPT",
        $"-A OUTPUT ! -o lo -p {(isIPv6 ? "icmpv6" : "icmp")} -j ACCEPT",
        "-A INPUT ! -i lo -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT",
        "-A OUTPUT ! -o lo -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT",
    ];

    public static IReadOnlyList<string> Ports(bool isIPv6, Configuration configuration)
    {
        var lines = new List<string>();
        foreach (var (chain, way, setting) in ((string, string, string)[])[("INPUT", "! -i lo", "IN"), ("OUTPUT", "! -o lo", "OUT")])
        {
            foreach (var protocol in (string[])["tcp", "udp"])
            {
                var ports = configuration[$"{protocol.ToUpperInvariant()}{(isIPv6 ? "6" : "")}_{setting}"].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
                lines.AddRange(ports.Select(port => $"-A {chain} {way} -p {protocol} -m conntrack --ctstate NEW --dport {port} -j ACCEPT"));
            }

            lines.Add($"-A {chain} {way} -j LOGDROP{setting}");
        }

        return lines;
    }

    public static IReadOnlyList<string> Sets(bool isAllow, bool isIPv6, Configuration configuration)
    {
        var (set, name) = (Csf.Sets.Name(isAllow, isIPv6), isAllow ? "ALLOW" : "DENY");
        string[] both = [$"-A {name}IN -m set --match-set {set} src -j {(isAllow ? "ACCEPT" : configuration["DROP"])}", $"-A {name}OUT -m set --match-set {set} dst -j {(isAllow ? "ACCEPT" : configuration["DROP_OUT"])}"];
        return isAllow || !configuration.Is("LF_BLOCKINONLY") ? both : both[..1];
    }
}

/// <summary>In TESTING a line of cron clears the firewall every few minutes.</summary>
internal static class TestingCron
{
    public static void Set(Configuration configuration, bool isWanted)
    {
        var lines = File.Exists(Places.Crontab) ? ListFile.Lines(Places.Crontab) : [];
        var others = lines.Where(line => !line.Contains("csf -f", StringComparison.Ordinal)).ToList();
        if (isWanted || others.Count < lines.Count)
        {
            var mine = isWanted ? $"*/{configuration["TESTING_INTERVAL"]} * * * * root /usr/sbin/csf -f > /dev/null 2>&1\n" : "";
            File.WriteAllText(Places.Crontab, string.Concat(others.Select(line => line + "\n")) + mine);
        }
    }
}
