using static AllowlistSync.Reachability.Tests.Kernel.Generating.IptablesText;

namespace AllowlistSync.Reachability.Tests.Kernel.Generating;

/// <summary>Where a rule of iptables stands.</summary>
/// <param name="Table">The table.</param>
/// <param name="Inwards">True on the way of packets that come in.</param>
internal sealed record IptablesPlace(string Table, bool Inwards);

/// <summary>Makes the matches of one rule of iptables.</summary>
internal sealed class IptablesMatches(Dice dice, AddressPool pool, Ipsets sets, bool hasRates)
{
    /// <summary>The matches, and whether the rule is surely about TCP, as <c>--to-ports</c> and resets demand.</summary>
    public (string Text, bool IsTcp) Make(IptablesPlace place)
    {
        var (protocol, isTcp) = Protocol();
        var text = Dice.Join(
            Address(place),
            dice.Chance(0.07) ? $"{dice.Not(0.3)}{(place.Inwards ? "-d" : "-s")} {dice.Pick(Own(pool.IsV6), pool.IsV6 ? "2001:db8:9::/48" : "203.0.113.0/24", pool.IsV6 ? "2001:db8::/32" : "192.0.2.0/24")}" : "",
            dice.Chance(0.14) ? $"{dice.Not(0.25)}{(place.Inwards ? "-i" : "-o")} {dice.Pick("eth0", "eth0", "eth+", "eth1", "wg0", "lo", "et")}" : "",
            protocol,
            isTcp ? Tcp() : "",
            dice.Chance(0.45) ? More(place) : "",
            hasRates && dice.Chance(0.2) ? Rate(place) : "");
        return (text, isTcp);
    }

    private string Address(IptablesPlace place) => dice.Weighted(
        (0.55, () => $"{(place.Inwards ? "-s" : "-d")} {pool.Prefix()}"),
        (0.06, () => $"! {(place.Inwards ? "-s" : "-d")} {pool.Narrow()}"),
        (0.08, () => Range(place)),
        (0.16, () => place.Inwards ? sets.Match() : ""),
        (0.15, () => ""));

    private string Range(IptablesPlace place)
    {
        var (first, last) = pool.Range();
        return $"-m iprange {dice.Not(0.2)}--{(place.Inwards ? "src" : "dst")}-range {first}-{last}";
    }

    private (string Text, bool IsTcp) Protocol() => dice.Roll(1, 20) switch
    {
        <= 11 => ("-p tcp", true),
        12 => ("-p udp", false),
        13 => ($"! -p {dice.Pick("udp", "tcp")}", false),
        14 => ($"-p {(pool.IsV6 ? "ipv6-icmp" : "icmp")}", false),
        _ => ("", false),
    };

    private string Tcp() => dice.Weighted(
        (0.40, () => $"-m tcp {dice.Not(0.12)}--dport {Ports(dice, ':')}"),
        (0.18, () => $"-m multiport {dice.Not(0.12)}--{dice.Pick("dports", "dports", "dports", "ports")} {string.Join(',', Enumerable.Range(0, dice.Roll(1, 4)).Select(_ => Ports(dice, ':')).Distinct())}"),
        (0.06, () => $"-m tcp {dice.Not(0.1)}--tcp-flags {dice.Pick("FIN,SYN,RST,ACK SYN", "SYN,ACK ACK", "ALL NONE", "SYN,RST SYN,RST", "SYN SYN", "SYN,ACK SYN,ACK")}"),
        (0.04, () => $"-m tcp {dice.Not(0.3)}--syn"),
        (0.03, () => $"-m tcp --sport {dice.Pick("1024:65535", "1:1023", "80", "443")}"),
        (0.29, () => ""));

    private string More(IptablesPlace place) => dice.Weighted(
        (0.30, () => place.Table == "raw" ? $"-m conntrack --ctstate {dice.Pick("INVALID", "NEW")}" : $"-m {State()}"),
        (0.14, () => $"-m mark {dice.Not(0.2)}--mark {dice.Pick("0x1", "0x1/0x1", "0x2/0x3", "0x0", "0x10/0xf0")}"),
        (0.08, () => $"-m connmark {dice.Not(0.2)}--mark {dice.Pick("0x0", "0x7", "0x7/0xf")}"),
        (0.10, () => $"-m addrtype {AddressType()}"),
        (0.10, () => $"-m comment --comment {dice.Pick("web", "\"two words\"", "\"a \\\"quoted\\\" word\"", "\"-j DROP\"")}"),
        (0.06, () => place is { Inwards: true } ? $"-m mac {dice.Not(0.3)}--mac-source {dice.Pick("02:00:00:00:00:01", "02:00:00:00:00:77")}" : ""),
        (0.06, () => $"-m pkttype {dice.Not(0.2)}--pkt-type {dice.Pick("unicast", "broadcast", "multicast")}"),
        (0.16, () => place.Table == "raw" ? "" : $"-m conntrack {Connection()}"));

    private string State() => dice.Chance(0.2)
        ? $"state {dice.Not(0.1)}--state {dice.Pick("NEW", "NEW,ESTABLISHED", "INVALID", "UNTRACKED", "RELATED,ESTABLISHED")}"
        : $"conntrack {dice.Not(0.15)}--ctstate {dice.Pick("NEW", "NEW,ESTABLISHED", "INVALID", "UNTRACKED", "NEW,UNTRACKED", "RELATED", "ESTABLISHED", "DNAT", "SNAT", "NEW,DNAT")}";

    private string AddressType() => dice.Pick("--dst-type LOCAL", "--src-type UNICAST", "! --dst-type LOCAL", "--src-type LOCAL", pool.IsV6 ? "--dst-type UNICAST" : "--dst-type BROADCAST", "--dst-type LOCAL,UNICAST", "! --src-type LOCAL --dst-type LOCAL");

    private string Connection() => dice.Weighted(
        (0.35, () => $"--ctorigdstport {Port(dice)}"),
        (0.30, () => $"{dice.Not(0.3)}--ctstatus {dice.Pick("NONE", "ASSURED", "SEEN_REPLY", "EXPECTED", "CONFIRMED", "ASSURED,SEEN_REPLY")}"),
        (0.15, () => $"--ctdir {dice.Pick("ORIGINAL", "REPLY")}"),
        (0.10, () => "--ctproto tcp"),
        (0.10, () => $"--ctorigsrc {pool.Narrow()}"));

    private string Rate(IptablesPlace place) => dice.Pick(
        "-m limit --limit 2/min --limit-burst 3",
        "-m statistic --mode random --probability 0.5",
        "-m statistic --mode nth --every 3 --packet 0",
        "-m recent --name seen --set",
        "-m recent --name seen --rcheck --seconds 60 --hitcount 2",
        "-m recent ! --update --seconds 60 --name seen",
        "-m hashlimit --hashlimit-above 2/min --hashlimit-burst 2 --hashlimit-mode srcip --hashlimit-name h" + dice.Roll(0, 99),
        place.Table == "filter" ? "-m connlimit --connlimit-above 3 --connlimit-mask 0" : "-m limit --limit 1/hour");
}
