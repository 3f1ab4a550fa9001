namespace AllowlistSync.Reachability.Tests.Kernel.Generating;

/// <summary>What a set of nft holds.</summary>
internal enum NftSetKind
{
    Addresses,
    Ports,
    AddressAndPort,
}

/// <summary>The sets of one table of nft.</summary>
internal sealed class NftSets
{
    private readonly Dice _dice;
    private readonly Func<bool, AddressPool> _pool;
    private readonly List<(string Name, NftSetKind Kind, bool IsV6)> _sets = [];
    private readonly List<string> _lines = [];

    public NftSets(Dice dice, Func<bool, AddressPool> pool, Func<bool> isV6)
    {
        (_dice, _pool) = (dice, pool);
        for (var i = dice.Roll(0, 5); i > 0; i--)
        {
            var kind = dice.Pick(NftSetKind.Addresses, NftSetKind.Addresses, NftSetKind.Ports, NftSetKind.AddressAndPort);
            var v6 = isV6();
            _sets.Add(($"s{_sets.Count}", kind, v6));
            _lines.Add($"  set {_sets[^1].Name} {{ {Declaration(kind, v6)} }}");
        }
    }

    public IEnumerable<string> Lines => _lines;

    /// <summary>A declared set, or one that is written into the rule.</summary>
    public string Use(NftSetKind kind, bool isV6)
    {
        var declared = _sets.FindAll(set => set.Kind == kind && (kind == NftSetKind.Ports || set.IsV6 == isV6));
        return declared.Count > 0 && _dice.Chance(0.6) ? $"@{_dice.PickOf(declared).Name}" : $"{{ {string.Join(", ", Elements(kind, isV6, intervals: true))} }}";
    }

    /// <summary>Elements that do not overlap.</summary>
    public IEnumerable<string> Elements(NftSetKind kind, bool isV6, bool intervals) => kind switch
    {
        NftSetKind.Addresses => Addresses(isV6, intervals),
        NftSetKind.Ports => Ports(intervals),
        _ => Addresses(isV6, intervals).Select(address => $"{address} . {IptablesText.Port(_dice)}"),
    };

    /// <summary>Ports and port ranges that do not overlap.</summary>
    private List<string> Ports(bool intervals)
    {
        var ports = _dice.Some([80, 443, 8443, 22, 2053, 8080], 4).ConvertAll(port => $"{port}");
        if (intervals && _dice.Chance(0.3))
        {
            ports.Add(_dice.Pick("444-1000", "81-442", "8444-9000", "1-21"));
        }

        return ports;
    }

    private List<string> Addresses(bool isV6, bool intervals)
    {
        var pool = _pool(isV6);
        var addresses = Enumerable.Range(0, _dice.Roll(1, 4)).Select(_ => pool.Address()).Distinct().Select(address => $"{address}");
        return intervals ? [.. pool.Disjoint(4).Select(prefix => $"{prefix}")] : [.. addresses];
    }

    private string Declaration(NftSetKind kind, bool isV6)
    {
        var intervals = _dice.Chance(0.65);
        var address = isV6 ? "ipv6_addr" : "ipv4_addr";
        var type = kind switch { NftSetKind.Addresses => address, NftSetKind.Ports => "inet_service", _ => $"{address} . inet_service" };
        var timeout = kind == NftSetKind.Addresses && _dice.Chance(0.15);
        var merge = kind == NftSetKind.Addresses && intervals && !timeout && _dice.Chance(0.25);
        string[] flags = [.. new[] { intervals ? "interval" : "", timeout ? "timeout" : "" }.Where(flag => flag.Length > 0)];
        var elements = Elements(kind, isV6, intervals).Select(element => element + (timeout && _dice.Chance(0.5) ? " timeout 1h" : "") + (_dice.Chance(0.1) ? " comment \"banned\"" : "")).ToList();
        if (merge)
        {
            var (first, last) = _pool(isV6).Range();
            elements.AddRange([.. _pool(isV6).Disjoint(3).Select(prefix => $"{prefix}"), $"{first}-{last}"]);
        }

        return $"type {type}; {(flags.Length > 0 ? $"flags {string.Join(", ", flags)}; " : "")}{(merge ? "auto-merge; " : "")}"
            + (_dice.Chance(0.08) ? "" : $"elements = {{ {string.Join(", ", elements.Distinct())} }};");
    }
}
