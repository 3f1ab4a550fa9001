namespace AllowlistSync.StandIns.Csf;

/// <summary><c>-g</c>: where an address stands, in the rules and in the lists.</summary>
internal static class Search
{
    public static void Run(string argument, Configuration configuration)
    {
        var address = Address.Read(argument);
        foreach (var isIPv6 in Sets.Families(configuration))
        {
            var save = Tool.Run(configuration[isIPv6 ? "IP6TABLES_SAVE" : "IPTABLES_SAVE"], []);
            var hits = save.Split('\n').Where(line => line.Split(' ').Any(word => Is(word, address, argument))).ToList();
            Console.WriteLine(hits.Count > 0 ? string.Join('\n', hits) : $"No matches found for {argument} in {(isIPv6 ? "ip6tables" : "iptables")}");
        }

        foreach (var entry in TemporaryList.Allows.Read().Where(entry => Is(entry.Ip, address, argument)))
        {
            Console.WriteLine($"\nTemporary Allows: IP:{entry.Ip} Port:{entry.Ports} Dir:{entry.Way} TTL:{entry.Seconds} ({entry.Message})");
        }

        Say(Places.Allow, "csf.allow", "Permanent Allows (csf.allow)", address, argument);
        foreach (var entry in TemporaryList.Bans.Read().Where(entry => Is(entry.Ip, address, argument)))
        {
            Console.WriteLine($"\nTemporary Blocks: IP:{entry.Ip} Port:{entry.Ports} Dir:{entry.Way} TTL:{entry.Seconds} ({entry.Message})");
        }

        Say(Places.Deny, "csf.deny", "Permanent Blocks (csf.deny)", address, argument);
    }

    private static void Say(string path, string exact, string covering, Address? address, string argument)
    {
        foreach (var entry in ListFile.Entries(path))
        {
            var subject = ListFile.Subject(entry);
            if (Is(subject, address, argument))
            {
                Console.WriteLine($"\n{(subject == argument ? exact : covering)}: {entry}");
            }
        }
    }

    private static bool Is(string word, Address? address, string argument) => word == argument || (address is not null && Address.Read(word)?.Holds(address) == true);
}
