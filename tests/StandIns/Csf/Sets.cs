namespace AllowlistSync.StandIns.Csf;

/// <summary>The sets that hold addresses when LF_IPSET is on.</summary>
internal static class Sets
{
    public static string Name(bool isAllow, bool isIPv6) => $"chain_{(isIPv6 ? "6_" : "")}{(isAllow ? "ALLOW" : "DENY")}";

    /// <summary>Makes the sets of allows or of denies.</summary>
    public static void Create(bool isAllow, Configuration configuration)
    {
        foreach (var isIPv6 in Families(configuration))
        {
            Tool.Run(configuration["IPSET"], ["create", "-exist", Name(isAllow, isIPv6), "hash:net", "family", isIPv6 ? "inet6" : "inet"]);
        }
    }

    /// <summary>Fills them in one go; what ipset refuses is said and no more.</summary>
    public static void Fill(IEnumerable<Rule> elements, Configuration configuration)
    {
        var script = string.Concat(elements.Select(element => $"add -exist {element.Chain} {element.Match}\n"));
        if (script.Length > 0 && Tool.Run(configuration["IPSET"], ["restore"], script) is [.. var said] && said.StartsWith("ipset", StringComparison.Ordinal))
        {
            Console.Write($"FASTSTART: (IPSET) Error:[{said.Split('\n')[0]}]. Try restarting csf with FASTSTART disabled");
        }
    }

    /// <summary>Takes an element out.</summary>
    public static void Take(Rule element, Configuration configuration)
    {
        var said = Tool.Run(configuration["IPSET"], ["del", element.Chain, element.Match]);
        if (said.StartsWith("ipset", StringComparison.Ordinal))
        {
            Console.WriteLine($"IPSET: [{said.Split('\n')[0]}]");
        }
    }

    public static IEnumerable<bool> Families(Configuration configuration) => configuration.Is("IPV6") ? [false, true] : [false];
}
