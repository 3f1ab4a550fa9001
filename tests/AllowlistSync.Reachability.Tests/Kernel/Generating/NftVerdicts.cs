using static AllowlistSync.Reachability.Tests.Kernel.Generating.IptablesText;

namespace AllowlistSync.Reachability.Tests.Kernel.Generating;

/// <summary>Makes what a rule of nft does.</summary>
internal sealed class NftVerdicts(Dice dice, NftSets sets)
{
    /// <summary>Of a rule in a filter chain.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="chains">Chains that it may jump to.</param>
    public string Filter(NftPlace place, IReadOnlyList<string> chains) => place.IsAtDevice || place.IsOutwards
        ? dice.Pick("drop", "accept", "accept", "return")
        : dice.Weighted(
            (0.14, () => Map(place, chains)),
            (chains.Count > 0 ? 0.22 : 0, () => $"{dice.Pick("jump", "jump", "jump", "goto")} {dice.PickOf(chains)}"),
            (0.05, () => "return"),
            (0.08, () => Mark()),
            (0.03, () => dice.Pick("continue", "counter", "log")),
            (place.Hook == "prerouting" ? 0.12 : 0, () => "notrack"),
            (0.44, () => dice.Pick("accept", "accept", "accept", "accept", "drop", "drop", "drop", Reject(place))),
            (place.Hook == "input" ? 0.02 : 0, () => "jump { tcp dport 80 drop; accept; }"));

    /// <summary>Of a rule in a nat chain.</summary>
    public string Nat(NftPlace place) => place.Hook == "prerouting"
        ? dice.Weighted(
            (0.4, () => $"redirect to :{Listened(dice)}"),
            (0.15, () => "redirect to :tcp dport map { 80 : 8443, 443 : 80 }"),
            (place.IsV6 is null ? 0 : 0.2, () => Dnat(place.IsV6!.Value, place.Family)),
            (0.25, () => dice.Pick("accept", "accept", "return", "drop")))
        : dice.Pick("accept", "accept", "drop", "return");

    private static string Dnat(string to, string family, bool isV6) => family == "inet" ? $"dnat {(isV6 ? "ip6" : "ip")} to {to}" : $"dnat to {to}";

    private string Dnat(bool isV6, string family) => Dnat($"{(isV6 ? $"[{Own(true)}]" : Own(false))}:{Listened(dice)}", family, isV6);

    private string Mark() => dice.Pick("meta mark set 0x1", "meta mark set meta mark | 0x10", "meta mark set meta mark & 0xfe", "meta mark set meta mark ^ 0x3", "meta mark set 0x0", "ct mark set 0x7", "ct mark set meta mark", "meta mark set ct mark");

    private string Map(NftPlace place, IReadOnlyList<string> chains) => dice.Weighted(
        (place.IsTcp ? 0.35 : 0, () => $"tcp dport vmap {{ {Entries(sets.Elements(NftSetKind.Ports, false, true), chains)} }}"),
        (place.IsV6 is null ? 0 : 0.35, () => $"{place.Address} vmap {{ {Entries(sets.Elements(NftSetKind.Addresses, place.IsV6!.Value, true), chains)} }}"),
        (place.IsTcp && place.IsV6 is not null ? 0.15 : 0, () => $"{place.Address} . tcp dport vmap {{ {Entries(sets.Elements(NftSetKind.AddressAndPort, place.IsV6!.Value, true), chains)} }}"),
        (place.IsTcp ? 0.15 : 0, () => $"iifname . tcp dport vmap {{ {Entries(["\"eth0\" . 443", "\"eth1\" . 443", "\"eth0\" . 80"], chains)} }}"),
        (0.1, () => $"meta mark vmap {{ {Entries(["0x0", "0x1"], chains)} }}"),
        (0.1, () => $"ct state vmap {{ {Entries(["new", "invalid", "established"], chains)} }}"));

    private string Entries(IEnumerable<string> keys, IReadOnlyList<string> chains) => string.Join(", ", keys.Select(key => $"{key} : {Entry(chains)}"));

    private string Entry(IReadOnlyList<string> chains) => chains.Count > 0 && dice.Chance(0.3)
        ? $"{dice.Pick("jump", "goto")} {dice.PickOf(chains)}"
        : dice.Pick("accept", "accept", "drop", "return", "continue");

    private string Reject(NftPlace place) => dice.Weighted(
        (0.3, () => "reject"),
        (place.IsTcp ? 0.4 : 0, () => "reject with tcp reset"),
        (0.3, () => place.Family switch
        {
            "inet" => $"reject with icmpx {dice.Pick("admin-prohibited", "port-unreachable", "host-unreachable")}",
            "ip6" => $"reject with icmpv6 {dice.Pick("admin-prohibited", "no-route")}",
            _ => $"reject with icmp {dice.Pick("host-prohibited", "admin-prohibited", "net-unreachable")}",
        }));
}
