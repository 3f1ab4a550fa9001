namespace AllowlistSync.Reachability.Tests.Kernel.Generating;

/// <summary>Makes the ipsets that the rules of one iptables text use, each when it is first wanted.</summary>
internal sealed class Ipsets(Dice dice, AddressPool pool, string prefix)
{
    private readonly List<string> _lines = [];
    private readonly List<(string Name, string Flags)> _sets = [];
    private readonly List<string> _members = [];

    public string Text => string.Concat(_lines.Select(line => line + "\n"));

    private string Family => pool.IsV6 ? " family inet6" : "";

    private string Own => IptablesText.Own(pool.IsV6);

    /// <summary><c>-m set --match-set NAME src</c>.</summary>
    public string Match()
    {
        var (name, flags) = _sets.Count > 0 && dice.Chance(0.45) ? dice.PickOf(_sets) : Make();
        return $"-m set {dice.Not(0.15)}--match-set {name} {flags}";
    }

    private (string Name, string Flags) Make()
    {
        var made = dice.Roll(1, 10) switch
        {
            1 => Create("hash:ip", "src", Family + Netmask(), Many(6, () => $"{pool.Address()}{Timeout()}")),
            2 or 3 => Create("hash:net", "src", Family, Nets()),
            4 => Create("hash:ip,port", "src,dst", Family, Many(5, () => $"{pool.Address()},{IptablesText.SetPort(dice)}")),
            5 => Create("hash:net,port", "src,dst", Family, Many(5, () => $"{pool.Narrow()},{IptablesText.SetPort(dice)}{NoMatch()}")),
            6 => Create("hash:ip,port,ip", "dst,dst,src", Family, Many(5, () => $"{Own},{IptablesText.SetPort(dice)},{pool.Address()}")),
            7 => Create("hash:ip,port,net", "dst,dst,src", Family, Many(5, () => $"{Own},{IptablesText.SetPort(dice)},{pool.Narrow()}")),
            8 => Create("hash:net,iface", "src,src", Family, Many(4, () => $"{pool.Narrow()},{dice.Pick("eth0", "eth0", "eth1")}{NoMatch()}")),
            9 => Create("bitmap:port", "dst", " range 0-65535", Many(3, () => $"{IptablesText.Port(dice)}")),
            _ => List(),
        };
        _sets.Add(made);
        return made;
    }

    private (string Name, string Flags) List()
    {
        while (_members.Count < 2)
        {
            _sets.Add(Create("hash:net", "src", Family, Nets()));
        }

        return Create("list:set", "src", "", dice.Some(_members, 2));
    }

    private (string Name, string Flags) Create(string type, string flags, string options, IEnumerable<string> elements)
    {
        var name = $"{prefix}{_lines.Count}";
        var all = elements.DistinctBy(element => element.Split(' ')[0]).ToList();
        var timeout = all.Exists(element => element.Contains(" timeout ", StringComparison.Ordinal)) ? " timeout 0" : "";
        _lines.Add($"create {name} {type}{options}{timeout}");
        _lines.AddRange(all.Select(element => $"add {name} {element}"));
        if (type is "hash:ip" or "hash:net")
        {
            _members.Add(name);
        }

        return (name, flags);
    }

    private List<string> Nets()
    {
        var nets = dice.Some([.. Enumerable.Range(0, 5).Select(_ => pool.Narrow())], 5);
        return [.. nets.Select(net => $"{net}{NoMatch()}{Timeout()}")];
    }

    private string NoMatch() => dice.Chance(0.2) ? " nomatch" : "";

    private string Timeout() => dice.Chance(0.05) ? " timeout 3600" : "";

    private string Netmask() => dice.Chance(0.25) ? $" netmask {(pool.IsV6 ? 64 : 24)}" : "";

    private List<string> Many(int most, Func<string> make) => [.. Enumerable.Range(0, dice.Roll(1, most)).Select(_ => make())];
}
