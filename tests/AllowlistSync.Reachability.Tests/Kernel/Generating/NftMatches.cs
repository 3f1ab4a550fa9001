using static AllowlistSync.Reachability.Tests.Kernel.Generating.IptablesText;

namespace AllowlistSync.Reachability.Tests.Kernel.Generating;

/// <summary>Where a rule of nft stands, and what its packets surely are.</summary>
/// <param name="Family">Of the table.</param>
/// <param name="Hook">Of the chain; of a chain that is jumped to, that of its callers.</param>
/// <param name="IsV6">Which family of addresses the rule is about; null for either.</param>
/// <param name="IsTcp">Whether it may name ports of TCP; otherwise it names another protocol, or none.</param>
internal sealed record NftPlace(string Family, string Hook, bool? IsV6, bool IsTcp)
{
    public bool IsOutwards => Hook is "output" or "postrouting" or "egress";

    public bool IsAtDevice => Hook is "ingress" or "egress";

    public string Address => $"{(IsV6 == true ? "ip6" : "ip")} {(IsOutwards ? "daddr" : "saddr")}";

    public string Port => IsOutwards ? "sport" : "dport";

    public string Interface => IsOutwards ? "oif" : "iif";
}

/// <summary>Makes the conditions of one rule of nft.</summary>
internal sealed class NftMatches(Dice dice, Func<bool, AddressPool> pool, NftSets sets, bool hasRates)
{
    public string Make(NftPlace place)
    {
        var address = place.IsV6 is null ? "" : Address(place, pool(place.IsV6.Value));
        var port = place.IsTcp ? Tcp(place) : Other(place);
        return Dice.Join(
            dice.Chance(0.04) ? "meta mark set 0x2" : "",
            place.IsTcp && address.Length == 0 && place.IsV6 is not null && dice.Chance(0.3) ? $"{place.Address} . tcp {place.Port} {dice.Not(0.15, "!= ")}{sets.Use(NftSetKind.AddressAndPort, place.IsV6.Value)}" : Dice.Join(dice.Chance(0.8) ? [address, port] : [port, address]),
            dice.Chance(0.4) ? More(place) : "",
            hasRates && dice.Chance(0.2) ? Rate(place) : "",
            dice.Chance(0.1) ? "counter" : "",
            dice.Chance(0.06) ? "log prefix \"x \"" : "");
    }

    private string Address(NftPlace place, AddressPool pool) => dice.Weighted(
        (0.36, () => $"{place.Address} {dice.Not(0.12, "!= ")}{pool.Narrow()}"),
        (0.24, () => $"{place.Address} {dice.Not(0.15, "!= ")}{sets.Use(NftSetKind.Addresses, place.IsV6!.Value)}"),
        (0.08, () => Range(place, pool)),
        (0.05, () => $"{place.Address} {dice.Pick("<", ">", "<=", ">=")} {pool.Address()}"),
        (0.05, () => Masked(place, pool)),
        (0.22, () => ""));

    private string Range(NftPlace place, AddressPool pool)
    {
        var (first, last) = pool.Range();
        return $"{place.Address} {dice.Not(0.2, "!= ")}{first}-{last}";
    }

    private static string Masked(NftPlace place, AddressPool pool)
    {
        var address = pool.Address().GetAddressBytes();
        Array.Clear(address, place.IsV6!.Value ? 4 : 2, address.Length - (place.IsV6.Value ? 4 : 2));
        return $"{place.Address} & {(place.IsV6.Value ? "ffff:ffff::" : "255.255.0.0")} == {new System.Net.IPAddress(address)}";
    }

    private string Tcp(NftPlace place) => dice.Weighted(
        (0.30, () => $"tcp {place.Port} {dice.Not(0.12, "!= ")}{Port(dice)}"),
        (0.25, () => $"tcp {place.Port} {dice.Not(0.12, "!= ")}{sets.Use(NftSetKind.Ports, isV6: false)}"),
        (0.10, () => $"tcp {place.Port} {dice.Not(0.12, "!= ")}{Ports(dice, '-')}"),
        (0.04, () => $"tcp {place.Port} {dice.Pick("<", ">", "<=", ">=")} {Port(dice)}"),
        (0.10, () => $"tcp flags {dice.Pick("syn", "& (fin | syn | rst | ack) == syn", "& (syn | ack) == ack", "!= syn", "& syn == 0", "& (syn | rst) != 0")}"),
        (0.04, () => $"tcp sport {dice.Pick("1024-65535", "1-1023", "443", "!= 0-1023")}"),
        (0.17, () => "meta l4proto tcp"));

    private string Other(NftPlace place) => dice.Weighted(
        (0.14, () => $"meta l4proto {dice.Pick("{ tcp, udp }", "!= udp", "udp", "6", "!= tcp", "{ icmp, ipv6-icmp }")}"),
        (0.05, () => "udp dport 443"),
        (0.06, () => $"th {place.Port} {Port(dice)}"),
        (0.04, () => $"meta l4proto . th {place.Port} {dice.Not(0.2, "!= ")}{{ tcp . {Port(dice)}, udp . 443 }}"),
        (0.06, () => place.Family != "inet" || place.IsV6 is null ? "" : $"meta nfproto {(place.IsV6.Value ? "ipv6" : "ipv4")}"),
        (0.65, () => ""));

    private string More(NftPlace place) => dice.Weighted(
        (place.IsAtDevice ? 0 : 0.30, () => $"ct state {dice.Not(0.1, "!= ")}{dice.Pick("new", "new,untracked", "invalid", "untracked", "{ new, established }", "related", "established")}"),
        (0.14, () => $"{place.Interface}name {dice.Not(0.25, "!= ")}{dice.Pick("\"eth0\"", "\"eth*\"", "\"eth1\"", "{ \"eth0\", \"wg0\" }", "\"lo\"", "\"et\"", "{ \"wg*\", \"eth1\" }")}"),
        (place.IsAtDevice ? 0 : 0.05, () => $"{place.Interface} {dice.Not(0.2, "!= ")}{dice.Pick("\"eth0\"", "\"lo\"", "{ \"eth0\", \"eth1\" }")}"),
        (0.14, () => $"meta mark {dice.Pick("0x1", "0x0", "!= 0x1", "& 0xf0 == 0x10", "{ 0x1, 0x2 }", "0x1-0xf", "> 0x1")}"),
        (place.IsOutwards || place.IsAtDevice ? 0 : 0.10, () => $"fib daddr type {dice.Pick("local", "!= local", "broadcast", "{ local, broadcast }", "unicast")}"),
        (place.IsAtDevice ? 0 : 0.12, () => Connection(place)),
        (place.IsOutwards ? 0 : 0.08, () => $"ether saddr {dice.Not(0.3, "!= ")}{dice.Pick("02:00:00:00:00:01", "02:00:00:00:00:77", "{ 02:00:00:00:00:01, 02:00:00:00:00:09 }")}"),
        (0.05, () => $"meta pkttype {dice.Not(0.2, "!= ")}{dice.Pick("host", "unicast", "broadcast", "multicast")}"),
        (0.01, () => "meta length > 1"));

    private string Connection(NftPlace place) => dice.Weighted(
        (0.2, () => $"ct direction {dice.Pick("original", "reply")}"),
        (0.3, () => $"ct status {dice.Not(0.2, "!= ")}{dice.Pick("dnat", "snat", "assured", "seen-reply", "confirmed")}"),
        (0.3, () => $"ct mark {dice.Pick("0x0", "0x7", "!= 0x7")}"),
        (place.IsTcp ? 0.2 : 0, () => $"ct original proto-dst {Port(dice)}"));

    private string Rate(NftPlace place) => place.IsAtDevice
        ? "limit rate over 3/minute"
        : dice.Pick("limit rate 2/minute burst 2 packets", "limit rate over 2/minute burst 2 packets", "numgen random mod 2 == 0", "ct count over 2", "quota over 100 bytes", "numgen inc mod 3 == 1");
}
