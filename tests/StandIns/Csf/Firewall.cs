namespace AllowlistSync.StandIns.Csf;

/// <summary>
/// Starting and stopping. A start flushes everything, opens all policies, builds the rules in several steps and closes the policies at the end; a step that iptables
/// refuses leaves the host open, a note in csf.error and exit code 1.
/// </summary>
internal sealed class Firewall(Configuration configuration)
{
    private readonly List<string> _warnings = [];

    public void StartOrAskLfd()
    {
        if (configuration.Is("LFDSTART"))
        {
            AskLfd();
            return;
        }

        Restart();
        Console.Write(string.Concat(_warnings));
    }

    public void AskLfd()
    {
        File.WriteAllText(Places.RestartWanted, "");
        Console.WriteLine($"lfd will restart csf within the next {configuration["LF_PARSE"]} seconds");
    }

    public void Restart()
    {
        using var hold = CsfLock.Take();
        Stop();
        Start();
    }

    public void Disable()
    {
        File.WriteAllText(Places.Disabled, "");
        Lfd.Obey("stop", configuration);
        Stop();
        Console.WriteLine("csf and lfd have been disabled");
    }

    public void Enable()
    {
        if (!File.Exists(Places.Disabled))
        {
            throw new ExitException(0, "csf and lfd are not disabled!\n");
        }

        File.Delete(Places.Disabled);
        Start();
        Lfd.Obey("start", configuration);
        Console.WriteLine("csf and lfd have been enabled");
    }

    public void Stop()
    {
        Flush();
        TestingCron.Set(configuration, isWanted: false);
    }

    private void Flush()
    {
        foreach (var isIPv6 in Sets.Families(configuration))
        {
            // Without -n, iptables-restore flushes the table and takes its chains away: what the real one does in five calls.
            Tool.Run(configuration[isIPv6 ? "IP6TABLES_RESTORE" : "IPTABLES_RESTORE"], [], "*filter\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\nCOMMIT\n");
            Tool.Run(Program(isIPv6), ["-t", "nat", "--flush"]);
            Tool.Run(Program(isIPv6), ["-t", "nat", "--delete-chain"]);
        }

        if (configuration.Is("LF_IPSET"))
        {
            Tool.Run(configuration["IPSET"], ["flush"]);
            Tool.Run(configuration["IPSET"], ["destroy"]);
        }
    }

    private void Start()
    {
        TestingCron.Set(configuration, configuration.Is("TESTING"));
        File.Delete(Places.Error);
        foreach (var isIPv6 in Sets.Families(configuration))
        {
            Step("chains", isIPv6, BaseRules.Chains(isIPv6));
        }

        LoadList(isAllow: false);
        TemporaryList.Bans.Load(this, configuration);
        TemporaryList.Allows.Load(this, configuration);
        LoadList(isAllow: true);
        foreach (var isIPv6 in Sets.Families(configuration))
        {
            Step("ports", isIPv6, BaseRules.Ports(isIPv6, configuration));
        }

        foreach (var isIPv6 in Sets.Families(configuration))
        {
            Step("policies", isIPv6, [":INPUT DROP [0:0]", ":OUTPUT DROP [0:0]", ":FORWARD DROP [0:0]"]);
        }
    }

    private void LoadList(bool isAllow)
    {
        if (configuration.Is("LF_IPSET"))
        {
            Sets.Create(isAllow, configuration);
            foreach (var isIPv6 in Sets.Families(configuration))
            {
                Step("sets", isIPv6, BaseRules.Sets(isAllow, isIPv6, configuration));
            }
        }

        var rules = ListFile.Entries(isAllow ? Places.Allow : Places.Deny).SelectMany(entry => EntryRules.Of(ListFile.Subject(entry), isAllow, configuration)).ToList();
        Load(isAllow ? "csf.allow" : "csf.deny", rules, isAllow ? "-I" : "-A");
        Sets.Fill(rules.Where(rule => rule.IsElement), configuration);
    }

    /// <summary>Loads rules: with FASTSTART in one transaction for each family, all or none; else one by one, and what iptables refuses is said and left out.</summary>
    public void Load(string what, IReadOnlyCollection<Rule> rules, string verb, bool isFast = true)
    {
        foreach (var isIPv6 in Sets.Families(configuration))
        {
            var lines = rules.Where(rule => rule.IsIPv6 == isIPv6 && !rule.IsElement).Select(rule => $"{verb} {rule.Chain} {rule.Match}").ToList();
            if (configuration.Is("FASTSTART") && isFast)
            {
                Step(what, isIPv6, lines);
            }
            else
            {
                lines.ForEach(line => One(isIPv6, line));
            }
        }
    }

    /// <summary>One rule by one call of iptables; what it refuses is said.</summary>
    public void One(bool isIPv6, string line)
    {
        var said = Tool.Run(Program(isIPv6), line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Console.Write(said);
        if (IsRefusal(said))
        {
            _warnings.Add($"*ERROR* line:[1]\nCommand:[{Program(isIPv6)} {line}]\nError:[{said.Split('\n')[0]}]\nYou should check through the main output carefully\n\n");
        }
    }

    private void Step(string what, bool isIPv6, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        var said = Tool.Run(configuration[isIPv6 ? "IP6TABLES_RESTORE" : "IPTABLES_RESTORE"], ["-n"], $"*filter\n{string.Join('\n', lines)}\nCOMMIT\n");
        if (IsRefusal(said))
        {
            Fail($"FASTSTART: ({what} IPv{(isIPv6 ? 6 : 4)}) [{Refused(said, lines)}] [{said.Split('\n')[0]}]. Try restarting csf with FASTSTART disabled, at line 1");
        }
    }

    // iptables-restore says at which line of its input it stopped; the first is `*filter`.
    private static string Refused(string said, IReadOnlyList<string> lines)
    {
        var digits = said.Split("at line: ") is [_, var rest, ..] ? string.Concat(rest.TakeWhile(char.IsAsciiDigit)) : "";
        return int.TryParse(digits, out var number) && number >= 2 && number - 2 < lines.Count ? lines[number - 2] : "";
    }

    private void Fail(string error)
    {
        Flush();
        File.WriteAllText(Places.Error, $"Error: {error} in /usr/sbin/csf\n");
        TestingCron.Set(configuration, isWanted: false);
        throw new ExitException(1, $"Error: {error}\n");
    }

    private static bool IsRefusal(string said) => said.StartsWith("iptables", StringComparison.Ordinal) || said.StartsWith("ip6tables", StringComparison.Ordinal)
        || said.StartsWith("xtables", StringComparison.Ordinal) || said.StartsWith("Bad", StringComparison.Ordinal) || said.StartsWith("Another", StringComparison.Ordinal);

    private string Program(bool isIPv6) => configuration[isIPv6 ? "IP6TABLES" : "IPTABLES"];
}
