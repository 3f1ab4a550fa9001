using System.Collections.Immutable;
using AllowlistSync.Reachability.Tests.Kernel.Generating;

namespace AllowlistSync.Reachability.Tests.Kernel.Semantics;

/// <summary>Short forms of rule sets for the tables of cases.</summary>
internal static class Rules
{
    private const string Established = "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n";

    /// <summary>One claim for both engines of iptables; the rules are those of the filter table, with INPUT closed and established connections let in.</summary>
    public static IEnumerable<SemanticCase> Both(string claim, string rules, string answers, string input = "DROP", string output = "ACCEPT", string chains = "", bool established = true, string more = "", string sets = "") =>
        new[] { LoadKind.IptablesLegacy, LoadKind.IptablesNft }.Select(kind => new SemanticCase($"{claim} ({(kind == LoadKind.IptablesLegacy ? "legacy" : "nft")})",
            [.. Sets(sets), new Load(kind, more + Filter(rules, input, output, chains, established))], Prediction.Parse(answers)));

    /// <summary>The same for IPv6.</summary>
    public static IEnumerable<SemanticCase> Six(string claim, string rules, string answers, string more = "", string sets = "") =>
        new[] { LoadKind.Ip6tablesLegacy, LoadKind.Ip6tablesNft }.Select(kind => new SemanticCase($"IPv6: {claim} ({(kind == LoadKind.Ip6tablesLegacy ? "legacy" : "nft")})",
            [.. Sets(sets), new Load(kind, more + Filter(rules, "DROP", "ACCEPT", "", established: true))], Prediction.Parse(answers)));

    /// <summary>One claim about nft; the text is for <c>nft -f</c>.</summary>
    public static SemanticCase Nft(string claim, string text, string answers) => new($"nft: {claim}", [new Load(LoadKind.Nft, text + "\n")], Prediction.Parse(answers));

    /// <summary>One claim about an nft chain at input that is closed but for established connections.</summary>
    public static SemanticCase Closed(string claim, string rules, string answers, string objects = "") =>
        Nft(claim, Table(objects + Chain("i", "filter", "input", 0, "ct state established,related accept\n" + rules, "drop")), answers);

    /// <summary>The filter table.</summary>
    public static string Filter(string rules, string input = "DROP", string output = "ACCEPT", string chains = "", bool established = true, string forward = "ACCEPT") =>
        $"*filter\n:INPUT {input} [0:0]\n:FORWARD {forward} [0:0]\n:OUTPUT {output} [0:0]\n{Users(chains)}{(established ? Established : "")}{rules}\nCOMMIT\n";

    /// <summary>Another table.</summary>
    public static string Of(string table, string rules, string chains = "")
    {
        var hooks = table switch
        {
            "raw" => "PREROUTING OUTPUT",
            "nat" => "PREROUTING INPUT OUTPUT POSTROUTING",
            "mangle" => "PREROUTING INPUT FORWARD OUTPUT POSTROUTING",
            _ => "INPUT FORWARD OUTPUT",
        };
        return $"*{table}\n{string.Concat(hooks.Split(' ').Select(hook => $":{hook} ACCEPT [0:0]\n"))}{Users(chains)}{rules}\nCOMMIT\n";
    }

    /// <summary>A table of nft.</summary>
    public static string Table(string content, string family = "inet", string name = "t") => $"table {family} {name} {{\n{content}}}\n";

    /// <summary>A base chain of nft.</summary>
    public static string Chain(string name, string type, string hook, int priority, string rules, string policy = "accept") =>
        $"chain {name} {{\n  type {type} hook {hook} priority {priority}; policy {policy};\n{User(rules)}}}\n";

    /// <summary>A chain of nft that is jumped to.</summary>
    public static string Sub(string name, string rules) => $"chain {name} {{\n{User(rules)}}}\n";

    /// <summary>Several loads as one case.</summary>
    public static SemanticCase Case(string claim, string answers, params ImmutableArray<Load> loads) => new(claim, loads, Prediction.Parse(answers));

    private static string User(string rules) => string.Concat(rules.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(rule => $"  {rule}\n"));

    private static string Users(string chains) => string.Concat(chains.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(chain => $":{chain} - [0:0]\n"));

    private static IEnumerable<Load> Sets(string sets) => sets.Length == 0 ? [] : [new Load(LoadKind.Ipset, sets + "\n")];
}
