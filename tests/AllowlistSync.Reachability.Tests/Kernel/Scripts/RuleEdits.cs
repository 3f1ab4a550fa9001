using System.Text;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Tests.Kernel.Generating;

namespace AllowlistSync.Reachability.Tests.Kernel.Scripts;

/// <summary>Makes scripts for <c>iptables-restore --noflush</c> that change the tables of one engine and family.</summary>
internal sealed class RuleEdits(Dice dice, AddressPool pool, bool isLegacy)
{
    // The tool refuses each of them.
    private static readonly string[] Bad =
    [
        "-A NOBODY -j DROP", "-A INPUT -j NOBODY", "-D INPUT 400", "-I INPUT 400 -j DROP", "-R INPUT 400 -j DROP", "-D INPUT -s 203.0.113.77/32 -p tcp -j DROP", "-X NOBODY", "-X INPUT", "-F NOBODY", "-P INPUT REJECT",
        "-P NOBODY DROP", "-N INPUT", ":INPUT", "-A INPUT -m bogus -j DROP", "-A INPUT --dport 80 -j DROP", "-A INPUT -p tcp --dport 80000 -j DROP", "-A INPUT -o eth0 -j DROP", "-A INPUT -j MASQUERADE", "-A INPUT -j CT --notrack",
        "-A INPUT -m set --match-set nobody src -j DROP", "-A INPUT -t filter -j DROP", "-A INPUT -j OUTPUT", "*nat", " COMMIT", "frobnicate", "-I INPUT 0 -j DROP", "-N DROP", "-A INPUT -p udp -j REJECT --reject-with tcp-reset",
        "-N loop1\n-N loop2\n-A loop1 -j loop2\n-A loop2 -j loop1\n-A INPUT -j loop1",
    ];

    private readonly Ipsets _sets = new(dice, pool, "unused");
    private readonly Dictionary<string, List<string>> _chains = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private int _made;

    /// <summary>A script.</summary>
    public string Make(RuleSet before)
    {
        var tables = before.Tables.Where(table => table.Backend == (isLegacy ? Backend.Legacy : Backend.NfTables) && table.Family == (pool.IsV6 ? "ip6" : "ip")).ToList();
        var script = new StringBuilder(dice.Chance(0.2) ? "# a comment\n\n" : "");
        foreach (var name in dice.Some(["filter", "filter", "filter", "mangle", "nat", "raw"], 2))
        {
            script.Append(Table(name, tables.Find(table => table.Name == name)));
        }

        return script.ToString();
    }

    private string Table(string name, Table? table)
    {
        _counts.Clear();
        _chains.Clear();
        _chains["user"] = table?.Chains.Values.Where(chain => chain.Base is null && !chain.Name.Contains('{', StringComparison.Ordinal)).Select(chain => chain.Name).Order(StringComparer.Ordinal).ToList() ?? [];
        foreach (var chain in table?.Chains.Values ?? [])
        {
            _counts[chain.Name] = chain.Rules.Length;
        }

        var lines = new List<string> { $"*{name}" };
        for (var i = dice.Roll(1, 6); i > 0; i--)
        {
            lines.Add(dice.Chance(0.03) ? dice.Pick(Bad) : Line(name, table));
        }

        lines.Add(dice.Chance(0.02) ? "" : "COMMIT");
        return string.Concat(lines.Select(line => line + "\n"));
    }

    private string Line(string name, Table? table)
    {
        var chain = Chain(name);
        return dice.Weighted(
            (0.16, NewChain),
            (0.20, () => Added(name, chain, $"-A {chain}")),
            (0.24, () => Insert(name, chain)),
            (0.08, () => Number(chain) is { } number ? Removed(chain, $"-D {chain} {number}") : "# none"),
            (0.12, () => Delete(table)),
            (0.06, () => Number(chain) is { } number ? $"-R {chain} {number} {Rule(name)}" : "# none"),
            (0.04, () => Flushed(chain, $"-F {chain}")),
            (0.03, () => _chains["user"].Count == 0 ? "" : Gone(dice.PickOf(_chains["user"]))),
            (0.03, () => name == "nat" ? "# nat" : $"-P {Built(name)} {dice.Pick("DROP", "ACCEPT")}"),
            (0.03, () => $":{Built(name)} {dice.Pick("-", "ACCEPT")} [7:9]"),
            (0.01, () => dice.Pick("-X", "-F", "-Z")));
    }

    private static string Built(string name) => name is "raw" ? "PREROUTING" : name is "nat" ? "PREROUTING" : "INPUT";

    private string Chain(string name) => _chains["user"].Count > 0 && dice.Chance(0.5) ? dice.PickOf(_chains["user"]) : Built(name);

    private string NewChain()
    {
        var name = _chains["user"].Count > 0 && dice.Chance(0.3) ? dice.PickOf(_chains["user"]) : $"edit-{_made++}";
        if (!_chains["user"].Contains(name))
        {
            _chains["user"].Add(name);
        }

        _counts[name] = 0;
        return dice.Chance(0.5) ? $":{name} - [0:0]" : $":{name} -";
    }

    private string Insert(string name, string chain)
    {
        var number = dice.Chance(0.7) ? $" {dice.Roll(1, _counts.GetValueOrDefault(chain) + 1)}" : "";
        return Added(name, chain, $"-I {chain}{number}");
    }

    private string Added(string name, string chain, string command)
    {
        _counts[chain] = _counts.GetValueOrDefault(chain) + 1;
        return $"{(dice.Chance(0.1) ? "[3:180] " : "")}{command} {Rule(name)}";
    }

    private int? Number(string chain) => _counts.GetValueOrDefault(chain) is var count and > 0 ? dice.Roll(1, count) : null;

    private string Removed(string chain, string command)
    {
        _counts[chain]--;
        return command;
    }

    private string Flushed(string chain, string command)
    {
        _counts[chain] = 0;
        return command;
    }

    private static string Gone(string chain) => $"-F {chain}\n-X {chain}";

    /// <summary>A rule that was there before the script; it may be gone by now.</summary>
    private string Delete(Table? table)
    {
        var rules = table?.Chains.Values.OrderBy(chain => chain.Name, StringComparer.Ordinal).SelectMany(chain => chain.Rules).Where(rule => !rule.Saved.IsEmpty).ToList() ?? [];
        if (rules.Count == 0)
        {
            return "# none";
        }

        var text = Encoding.UTF8.GetString(dice.PickOf(rules).Saved.Span);
        return Removed(text.Split(' ')[1], "-D" + text[2..]);
    }

    private string Rule(string name)
    {
        var place = new IptablesPlace(name, Inwards: true);
        var (match, isTcp) = new IptablesMatches(dice, pool, _sets, hasRates: false).Make(place);
        match = match.Contains("--match-set", StringComparison.Ordinal) || match.Length == 0 ? $"-s {pool.Narrow()} -p tcp --dport {dice.Pick("80", "https", "443:445")}" : match;
        return $"{match} -j {Target(name, isTcp)}";
    }

    private string Target(string name, bool isTcp) => _chains["user"].Count > 0 && name == "filter" && dice.Chance(0.3) && _chains["user"].FindLast(chain => chain.StartsWith("edit-", StringComparison.Ordinal)) is { } user ? user : name switch
    {
        "filter" => dice.Pick("ACCEPT", "ACCEPT", "DROP", "DROP", "REJECT", "RETURN", isTcp ? "LOG --log-prefix \"a b\"" : "LOG"),
        "nat" => "ACCEPT",
        "mangle" => dice.Pick("MARK --set-mark 0x1", "MARK --or-mark 2", "CONNMARK --save-mark", "ACCEPT", "DROP"),
        _ => dice.Pick("NOTRACK", "CT --notrack", "ACCEPT", "DROP"),
    };
}
