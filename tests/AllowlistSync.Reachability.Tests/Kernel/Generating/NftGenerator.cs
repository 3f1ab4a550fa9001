namespace AllowlistSync.Reachability.Tests.Kernel.Generating;

/// <summary>Makes a text for <c>nft -f</c>: one to three tables.</summary>
internal sealed class NftGenerator(Dice dice, AddressPool pool4, AddressPool pool6, string prefix, int size, bool hasRates)
{
    public string Make()
    {
        var tables = new List<string>();
        for (var i = 0; i < dice.Pick(1, 1, 2, 3); i++)
        {
            tables.Add(new NftTable(dice, isV6 => isV6 ? pool6 : pool4, dice.Pick("inet", "inet", "inet", "ip", "ip6"), $"{prefix}{i}", i == 0 ? size : size / 2, hasRates).Make());
        }

        if (dice.Chance(0.12))
        {
            tables.Add(new NftTable(dice, isV6 => isV6 ? pool6 : pool4, "netdev", $"{prefix}dev", 3, hasRates).Make());
        }

        return string.Concat(tables);
    }
}

/// <summary>Makes one table.</summary>
internal sealed class NftTable
{
    private readonly Dice _dice;
    private readonly string _family;
    private readonly string _name;
    private readonly int _size;
    private readonly NftSets _sets;
    private readonly NftMatches _matches;
    private readonly NftVerdicts _verdicts;
    private readonly List<string> _chains = [];

    public NftTable(Dice dice, Func<bool, AddressPool> pool, string family, string name, int size, bool hasRates)
    {
        (_dice, _family, _name, _size) = (dice, family, name, size);
        _sets = new NftSets(dice, pool, IsV6);
        _matches = new NftMatches(dice, pool, _sets, hasRates);
        _verdicts = new NftVerdicts(dice, _sets);
    }

    public string Make()
    {
        if (_family == "netdev")
        {
            Chain("early", "ingress device \"eth0\"", _dice.Pick(-10, 0), "filter", 3);
            if (_dice.Chance(0.3))
            {
                Chain("late", "egress device \"eth0\"", 0, "filter", 2);
            }
        }
        else
        {
            Chains();
        }

        string dormant = _dice.Chance(0.03) ? "  flags dormant;\n" : "";
        return $"table {_family} {_name} {{\n{dormant}{string.Concat(_sets.Lines.Select(line => line + "\n"))}{string.Concat(_chains)}}}\n";
    }

    private bool IsV6() => _family == "ip6" || (_family != "ip" && _dice.Chance(0.4));

    private void Chains()
    {
        string[] users = [.. Enumerable.Range(0, _dice.Roll(0, 4)).Select(i => $"u{i}")];

        // A rule may name only chains that are there already, and this way none of them can lead back.
        for (var i = users.Length - 1; i >= 0; i--)
        {
            _chains.Add($"  chain {users[i]} {{\n{Rules("input", "filter", users[(i + 1)..], 6)}  }}\n");
        }

        var inputs = _dice.Some([-10, -5, 0, 5, 20], 3);
        for (var i = 0; i < inputs.Count; i++)
        {
            Chain($"in{i}", "input", inputs[i], "filter", i == 0 ? _size : _size / 2, users);
        }

        foreach (var (name, hook, probability, type, priorities) in Others)
        {
            if (_dice.Chance(probability))
            {
                Chain(name, hook, _dice.PickOf(priorities), type, type == "nat" ? 4 : hook == "prerouting" ? 5 : 2);
            }
        }

        if (_family == "inet" && _dice.Chance(0.08))
        {
            Chain("early", "ingress device \"eth0\"", 0, "filter", 2);
        }
    }

    private static readonly (string Name, string Hook, double Probability, string Type, int[] Priorities)[] Others =
    [
        ("before", "prerouting", 0.4, "filter", [-350, -300, -250, -150, -120, -50, 0]),
        ("before2", "prerouting", 0.15, "filter", [-310, -190, -90, 10]),
        ("rewrite", "prerouting", 0.4, "nat", [-110, -100, -90, 0]),
        ("rewrite2", "prerouting", 0.12, "nat", [-120, -95, 10]),
        ("arrived", "input", 0.08, "nat", [100]),
        ("answers", "output", 0.15, "filter", [-300, -150, 0, 5]),
        ("leaving", "postrouting", 0.1, "filter", [-150, 0, 300]),
        ("rerouted", "output", 0.05, "route", [-150]),
        ("through", "forward", 0.1, "filter", [0]),
    ];

    private void Chain(string name, string hook, int priority, string type, int most, params string[] users)
    {
        var isInput = hook == "input" && type == "filter";
        var drops = isInput ? _dice.Chance(0.55) : _dice.Chance(0.05);
        var lines = $"    type {type} hook {hook} priority {priority}; policy {(drops ? "drop" : "accept")};\n";
        if (isInput && _dice.Chance(0.93))
        {
            lines += "    " + _dice.Pick("ct state established,related accept", "ct state established accept", "ct state vmap { established : accept, related : accept, invalid : drop }") + "\n";
        }

        lines += Rules(hook.Split(' ')[0], type, users, most);
        if (isInput && drops && _dice.Chance(0.7))
        {
            lines += "    tcp dport { 80, 443, 8443 } accept\n";
        }

        if (drops && hook is "output" && _dice.Chance(0.8))
        {
            lines += "    ct state established accept\n";
        }

        _chains.Add($"  chain {name} {{\n{lines}  }}\n");
    }

    private string Rules(string hook, string type, string[] users, int most) =>
        string.Concat(Enumerable.Range(0, _dice.Roll(1, Math.Max(1, most))).Select(_ => $"    {Rule(hook, type, users)}\n"));

    private string Rule(string hook, string type, string[] users)
    {
        bool? isV6 = _family is "ip" or "ip6" || _dice.Chance(0.8) ? IsV6() : null;
        var place = new NftPlace(_family, hook, isV6, type == "nat" || _dice.Chance(0.55));
        if (type == "nat")
        {
            return Dice.Join(isV6 is null ? "" : _matches.Make(place), $"tcp dport {_dice.Pick("80", "443", "{ 80, 443 }", "8443", "1-9000")}", _verdicts.Nat(place));
        }

        return Dice.Join(_matches.Make(place), _verdicts.Filter(place, users));
    }
}
