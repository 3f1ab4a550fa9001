using static AllowlistSync.Reachability.Tests.Kernel.Generating.IptablesText;

namespace AllowlistSync.Reachability.Tests.Kernel.Generating;

/// <summary>Makes a text for iptables-restore, and the ipsets that it names.</summary>
internal sealed class IptablesGenerator
{
    private static readonly Dictionary<string, string[]> Hooks = new(StringComparer.Ordinal)
    {
        ["raw"] = ["PREROUTING", "OUTPUT"],
        ["mangle"] = ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
        ["nat"] = ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
        ["filter"] = ["INPUT", "FORWARD", "OUTPUT"],
        ["security"] = ["INPUT", "FORWARD", "OUTPUT"],
    };

    private readonly Dice _dice;
    private readonly AddressPool _pool;
    private readonly Ipsets _sets;
    private readonly IptablesMatches _matches;
    private readonly int _size;

    public IptablesGenerator(Dice dice, AddressPool pool, string prefix, int size, bool hasRates)
    {
        (_dice, _pool, _size) = (dice, pool, size);
        _sets = new Ipsets(dice, pool, prefix);
        _matches = new IptablesMatches(dice, pool, _sets, hasRates);
    }

    /// <summary>The rules and the sets; the sets are loaded first.</summary>
    public (string Rules, string Sets) Make()
    {
        var tables = new List<string>();
        Add("raw", 0.35);
        Add("mangle", 0.4);
        Add("nat", 0.45);
        Add("filter", 1);
        Add("security", 0.12);
        return (string.Concat(tables), _sets.Text);

        void Add(string table, double probability)
        {
            if (_dice.Chance(probability))
            {
                tables.Add(Table(table));
            }
        }
    }

    private string Table(string table)
    {
        string[] users = [.. Enumerable.Range(0, _dice.Roll(table == "filter" ? 1 : 0, table == "filter" ? 6 : 2)).Select(i => $"{table}-{i}")];
        var outputLocked = table == "filter" && _dice.Chance(0.12);
        var inputDrops = table == "filter" && _dice.Chance(0.7);
        var lines = new List<string> { $"*{table}" };
        lines.AddRange(Hooks[table].Select(hook => $":{hook} {((hook == "INPUT" && inputDrops) || (hook == "OUTPUT" && outputLocked) ? "DROP" : "ACCEPT")} [0:0]"));
        lines.AddRange(users.Select(user => $":{user} - [0:0]"));
        if (table == "filter" && _dice.Chance(0.93))
        {
            lines.Add(_dice.Chance(0.7) ? "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT" : "-A INPUT -m state --state ESTABLISHED -j ACCEPT");
        }

        var inwards = new IptablesPlace(table, Inwards: true);
        foreach (var hook in Hooks[table].Where(hook => hook == "PREROUTING" || (hook == "INPUT" && table != "nat")))
        {
            lines.AddRange(Rules(hook, inwards, users, table == "filter" ? _size : 5));
        }

        for (var i = 0; i < users.Length; i++)
        {
            lines.AddRange(Rules(users[i], inwards, users[(i + 1)..], 6));
        }

        lines.AddRange(Tail(table, inputDrops));
        lines.AddRange(Answers(table, outputLocked));
        lines.Add("COMMIT\n");
        return string.Join('\n', lines);
    }

    private IEnumerable<string> Tail(string table, bool inputDrops)
    {
        if (inputDrops && _dice.Chance(0.85))
        {
            yield return "-A INPUT -p tcp -m multiport --dports 80,443,8443 -j ACCEPT";
        }

        if (table == "filter" && _dice.Chance(0.12))
        {
            yield return $"-A INPUT -j {Reject(isTcp: false)}";
        }
    }

    /// <summary>What happens to the server's answers.</summary>
    private IEnumerable<string> Answers(string table, bool locked)
    {
        var place = new IptablesPlace(table, Inwards: false);
        if (locked && _dice.Chance(0.8))
        {
            yield return _dice.Pick("-A OUTPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT", $"-A OUTPUT -p tcp -m tcp --sport {Listened(_dice)} -j ACCEPT", "-A OUTPUT -m state --state NEW,ESTABLISHED,RELATED -j ACCEPT");
        }

        foreach (var hook in Hooks[table].Where(hook => hook is "OUTPUT" or "POSTROUTING" && table != "nat" && _dice.Chance(0.12)))
        {
            var (match, isTcp) = _matches.Make(place);
            yield return Dice.Join($"-A {hook}", match, $"-j {(table == "filter" && _dice.Chance(0.2) ? Reject(isTcp) : _dice.Pick("DROP", "DROP", "ACCEPT"))}");
        }
    }

    private IEnumerable<string> Rules(string chain, IptablesPlace place, string[] users, int most)
    {
        for (var i = _dice.Roll(1, most); i > 0; i--)
        {
            var (match, isTcp) = _matches.Make(place);

            // Rules without a source decide too much: behind them nothing is left to tell apart.
            var narrow = match.Contains("-s ", StringComparison.Ordinal) || match.Contains("src", StringComparison.Ordinal) || _dice.Chance(0.15) ? "" : $"-s {_pool.Narrow()}";
            yield return Dice.Join($"-A {chain}", narrow, match, Target(place.Table, isTcp, users));
        }
    }

    private string Target(string table, bool isTcp, string[] users) => _dice.Weighted(
        (users.Length == 0 ? 0 : 0.30, () => $"{_dice.Pick("-j", "-j", "-j", "-g")} {_dice.PickOf(users)}"),
        (0.06, () => "-j RETURN"),
        (0.06, () => _dice.Pick("", "-j LOG", "-j LOG --log-prefix \"dropped: \"", "-j NFLOG --nflog-group 3")),
        (0.60, () => $"-j {Action(table, isTcp)}"));

    private string Action(string table, bool isTcp) => table switch
    {
        "raw" => _dice.Pick("ACCEPT", "DROP", "CT --notrack", "CT --notrack", "NOTRACK"),
        "mangle" => _dice.Pick("MARK --set-xmark 0x1/0xffffffff", "MARK --set-xmark 0x1/0xffffffff", "MARK --set-xmark 0x2/0x3", "MARK --set-mark 0x10/0xf0", "MARK --or-mark 0x10", "MARK --and-mark 0xfe", "MARK --xor-mark 0x3",
            "CONNMARK --set-xmark 0x7/0xffffffff", "CONNMARK --save-mark", "CONNMARK --restore-mark", "TOS --set-tos 0x10/0x3f", "DROP", "ACCEPT"),
        "nat" when isTcp => _dice.Pick($"REDIRECT --to-ports {Listened(_dice)}", $"REDIRECT --to-ports {Listened(_dice)}", $"DNAT --to-destination {(_pool.IsV6 ? $"[{Own(true)}]" : Own(false))}:{Listened(_dice)}", "ACCEPT"),
        "nat" => "ACCEPT",
        "filter" => _dice.Pick("ACCEPT", "ACCEPT", "ACCEPT", "ACCEPT", "DROP", "DROP", "DROP", Reject(isTcp)),
        _ => _dice.Pick("ACCEPT", "DROP"),
    };

    private string Reject(bool isTcp)
    {
        var kinds = _pool.IsV6 ? ["icmp6-port-unreachable", "icmp6-adm-prohibited", "icmp6-no-route"] : new[] { "icmp-port-unreachable", "icmp-host-prohibited", "icmp-admin-prohibited", "icmp-net-unreachable" };
        return _dice.Chance(0.3) ? "REJECT" : isTcp && _dice.Chance(0.5) ? "REJECT --reject-with tcp-reset" : $"REJECT --reject-with {_dice.PickOf(kinds)}";
    }
}
