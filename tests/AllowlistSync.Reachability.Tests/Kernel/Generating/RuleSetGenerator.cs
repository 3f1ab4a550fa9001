using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Reachability.Tests.Kernel.Generating;

/// <summary>Makes a rule set of a seed: always the same, and always one that the kernel takes.</summary>
internal static class RuleSetGenerator
{
    public static GeneratedRuleSet Make(RuleSetKind kind, int seed, bool hasRates)
    {
        var dice = new Dice(unchecked((seed * 16) + ((int)kind * 2) + (hasRates ? 1 : 0)));
        var (pool4, pool6) = (new AddressPool(dice, IpFamily.IPv4), new AddressPool(dice, IpFamily.IPv6));
        var loads = kind switch
        {
            RuleSetKind.Iptables => Iptables(dice, pool4, dice.Chance(0.5), "s", 24, hasRates),
            RuleSetKind.Ip6tables => Iptables(dice, pool6, dice.Chance(0.5), "s", 24, hasRates),
            RuleSetKind.Nft => [new(LoadKind.Nft, new NftGenerator(dice, pool4, pool6, "t", 16, hasRates).Make())],
            _ => Mixed(dice, pool4, pool6, hasRates),
        };
        var families = kind switch { RuleSetKind.Iptables => [IpFamily.IPv4], RuleSetKind.Ip6tables => [IpFamily.IPv6], _ => new[] { IpFamily.IPv4, IpFamily.IPv6 } };
        return new($"{kind}{(hasRates ? " with rates" : "")}, seed {seed}", [.. loads.Where(load => load.Text.Length > 0)], [.. pool4.Mentioned, .. pool6.Mentioned], [.. families]) { HasRates = hasRates };
    }

    private static List<Load> Iptables(Dice dice, AddressPool pool, bool legacy, string prefix, int size, bool hasRates)
    {
        var (rules, sets) = new IptablesGenerator(dice, pool, prefix, size, hasRates).Make();
        var kind = (pool.IsV6, legacy) switch { (false, true) => LoadKind.IptablesLegacy, (false, false) => LoadKind.IptablesNft, (true, true) => LoadKind.Ip6tablesLegacy, _ => LoadKind.Ip6tablesNft };
        return [new(LoadKind.Ipset, sets), new(kind, rules)];
    }

    /// <summary>Both engines, both families, native tables, and native rules among those of iptables-nft, as Docker and Fail2Ban leave them.</summary>
    private static List<Load> Mixed(Dice dice, AddressPool pool4, AddressPool pool6, bool hasRates)
    {
        var loads = Iptables(dice, pool4, legacy: true, "a", 8, hasRates);
        if (dice.Chance(0.4))
        {
            loads.AddRange(Iptables(dice, pool6, dice.Chance(0.5), "b", 8, hasRates));
        }

        if (dice.Chance(0.75))
        {
            var managed = Iptables(dice, pool4, legacy: false, "c", 10, hasRates);
            loads.AddRange(managed);
            loads.Add(new(LoadKind.Nft, Natives(dice, pool4, managed[^1].Text)));
        }

        if (dice.Chance(0.6))
        {
            loads.Add(new(LoadKind.Nft, new NftGenerator(dice, pool4, pool6, "n", 8, hasRates).Make()));
        }

        return loads;
    }

    /// <summary>Rules that nft puts into a chain of iptables-nft: its save text shows them wrongly.</summary>
    private static string Natives(Dice dice, AddressPool pool, string managed)
    {
        var filter = managed[managed.IndexOf("*filter", StringComparison.Ordinal)..];
        var rules = filter[..filter.IndexOf("COMMIT", StringComparison.Ordinal)].Split('\n').Count(line => line.StartsWith("-A INPUT ", StringComparison.Ordinal));
        var lines = new List<string> { $"add set ip filter bans {{ type ipv4_addr; flags interval; elements = {{ {string.Join(", ", pool.Disjoint(4))} }}; }}" };

        // Once there is one rule like these in it, iptables-nft-save 1.8.9 prints nothing of a table but that it is incompatible.
        var unprintable = dice.Chance(0.1);
        for (var i = dice.Roll(1, 4); i > 0; i--)
        {
            var match = dice.Pick("ip saddr @bans", "tcp dport { 80, 2053 }", $"ip saddr {pool.Narrow()}", $"ip saddr {pool.Narrow()} tcp dport {IptablesText.Port(dice)}");
            var place = rules > 0 && dice.Chance(0.6) ? $" index {dice.Roll(0, rules - 1)}" : "";
            lines.Add($"{dice.Pick("add", "insert")} rule ip filter INPUT{place} {(unprintable ? "ct state new " : "")}{match} {dice.Pick("drop", "drop", "accept", "counter", "return", unprintable ? "reject" : "drop")}");
        }

        return string.Concat(lines.Select(line => line + "\n"));
    }
}
