using AllowlistSync.Reachability.Model;
using Shouldly;
using static AllowlistSync.Reachability.Tests.Reading.Nft.NftJsonSample;

namespace AllowlistSync.Reachability.Tests.Reading.Nft;

public sealed class NftJsonMatchTests
{
    private static string Match(string left, string right, string op = "==") => $$$"""{"match": {"op": "{{{op}}}", "left": {{{left}}}, "right": {{{right}}}}}""";

    private static string Payload(string protocol, string field) => $$$"""{"payload": {"protocol": "{{{protocol}}}", "field": "{{{field}}}"}}""";

    private static string Meta(string key) => $$$"""{"meta": {"key": "{{{key}}}"}}""";

    private static string Ct(string key) => $$$"""{"ct": {"key": "{{{key}}}"}}""";

    [Fact]
    public void An_address_is_a_number_of_32_bits() =>
        Step(Match(Payload("ip", "saddr"), "\"1.2.3.4\"")).ShouldBe(Is(Field.IPv4Source, 0x01020304));

    [Fact]
    public void An_IPv6_address_is_a_number_of_128_bits() =>
        Step(Match(Payload("ip6", "daddr"), "\"2606:4700::1\"")).ShouldBe(Is(Field.IPv6Destination, new UInt128(0x2606470000000000, 1)));

    [Fact]
    public void An_IPv4_address_inside_of_IPv6_is_read() =>
        Step(Match(Payload("ip6", "saddr"), "\"::ffff:1.2.3.4\"")).ShouldBe(Is(Field.IPv6Source, new UInt128(0, 0xffff01020304)));

    [Fact]
    public void A_prefix_is_a_range() =>
        Step(Match(Payload("ip", "saddr"), """{"prefix": {"addr": "104.16.0.0", "len": 13}}""")).ShouldBe(IsIn(Field.IPv4Source, (0x68100000, 0x6817ffff)));

    [Fact]
    public void The_prefix_of_length_zero_is_every_address_of_the_family() =>
        Step(Match(Payload("ip", "saddr"), """{"prefix": {"addr": "0.0.0.0", "len": 0}}""")).ShouldBe(IsIn(Field.IPv4Source, (0, uint.MaxValue)));

    [Fact]
    public void A_range_that_is_excluded_is_negated() =>
        Step(Match(Payload("ip", "saddr"), """{"range": ["1.2.3.4", "1.2.3.9"]}""", "!=")).ShouldBe(IsIn(Field.IPv4Source, (0x01020304, 0x01020309)) with { IsNegated = true });

    [Fact]
    public void A_mask_that_is_no_prefix_stays_a_mask() =>
        Step(Match($$"""{"&": [{{Payload("ip", "saddr")}}, "255.255.0.255"]}""", "\"1.2.0.4\"")).ShouldBe(Is(Field.IPv4Source, 0x01020004) with { Mask = 0xffff00ff });

    [Fact]
    public void An_anonymous_set_of_ports_and_ranges_is_one_set() =>
        Step(Match(Payload("tcp", "dport"), """{"set": [80, 443, {"range": [1000, 2000]}]}""")).ShouldBe(IsIn(Field.TcpDestinationPort, (80, 80), (443, 443), (1000, 2000)));

    [Theory]
    [InlineData("<", 0u, 1023u)]
    [InlineData("<=", 0u, 1024u)]
    [InlineData(">", 1025u, 65535u)]
    [InlineData(">=", 1024u, 65535u)]
    public void A_comparison_is_a_range_to_the_end_of_the_field(string op, uint first, uint last) =>
        Step(Match(Payload("tcp", "dport"), "1024", op)).ShouldBe(IsIn(Field.TcpDestinationPort, (first, last)));

    [Fact]
    public void Nothing_is_below_zero() => Step(Match(Payload("tcp", "dport"), "0", "<")).ShouldBe(new FieldCondition(Field.TcpDestinationPort, NumberSet.Empty));

    [Theory]
    [InlineData("tcp", "sport", Field.TcpSourcePort)]
    [InlineData("udp", "dport", Field.UdpDestinationPort)]
    [InlineData("udp", "sport", Field.UdpSourcePort)]
    [InlineData("th", "dport", Field.DestinationPort)]
    [InlineData("th", "sport", Field.SourcePort)]
    public void Ports_of_each_transport_have_a_field(string protocol, string name, Field field) =>
        Step(Match(Payload(protocol, name), "53")).ShouldBe(Is(field, 53));

    [Fact]
    public void The_raw_bits_of_a_port_are_the_port() =>
        Step(Match("""{"payload": {"base": "th", "offset": 16, "len": 16}}""", "22")).ShouldBe(Is(Field.DestinationPort, 22));

    [Fact]
    public void Other_raw_bits_are_unknown() =>
        Step(Match("""{"payload": {"base": "th", "offset": 0, "len": 8}}""", "1")).ShouldBe(new UnknownCondition("@th,0,8 1", UnknownReason.Packet));

    [Theory]
    [InlineData("icmp", "type", "\"echo-request\"")]
    [InlineData("icmpv6", "type", "\"nd-neighbor-solicit\"")]
    [InlineData("sctp", "dport", "5")]
    [InlineData("ah", "spi", "5")]
    public void A_header_that_neither_TCP_nor_UDP_has_never_matches(string protocol, string field, string value)
    {
        Step(Match(Payload(protocol, field), value)).ShouldBe(FixedCondition.Never);
        Step(Match(Payload(protocol, field), value, "!=")).ShouldBe(FixedCondition.Never);
    }

    [Fact]
    public void A_field_that_varies_is_unknown_where_its_header_is() =>
        Steps(Match(Payload("ip6", "hoplimit"), "255")).ShouldBe([Is(Field.NetworkFamily, 10), new UnknownCondition("ip6 hoplimit 255", UnknownReason.Packet)]);

    [Fact]
    public void No_packet_is_a_fragment()
    {
        var offset = $$"""{"&": [{{Payload("ip", "frag-off")}}, 8191]}""";
        Steps(Match(offset, "0", "!=")).ShouldBe([Is(Field.NetworkFamily, 2), FixedCondition.Never]);
        Steps(Match(offset, "0")).ShouldBe([Is(Field.NetworkFamily, 2)]);
        Steps(Match(Payload("ip", "frag-off"), "0"))[1].ShouldBeOfType<UnknownCondition>();
    }

    [Fact]
    public void An_extension_header_is_missing_and_its_fields_break_the_rule()
    {
        Steps(Match("""{"exthdr": {"name": "frag"}}""", "true")).ShouldBe([Is(Field.NetworkFamily, 10), FixedCondition.Never]);
        Steps(Match("""{"exthdr": {"name": "hbh"}}""", "false")).ShouldBe([Is(Field.NetworkFamily, 10)]);
        Step(Match("""{"exthdr": {"name": "rt", "field": "type"}}""", "0", "!=")).ShouldBe(FixedCondition.Never);
    }

    [Fact]
    public void A_tcp_option_is_unknown() =>
        Steps(Match("""{"tcp option": {"name": "maxseg", "field": "size"}}""", "500"))
            .ShouldBe([Is(Field.Protocol, 6), new UnknownCondition("tcp option maxseg size 500", UnknownReason.Packet)]);

    [Fact]
    public void A_payload_inside_of_a_tunnel_is_not_taken_for_the_packet_itself() =>
        Step(Match("""{"payload": {"tunnel": "vxlan", "protocol": "ip", "field": "saddr"}}""", "\"1.2.3.4\"")).ShouldBeOfType<UnknownCondition>().Reason.ShouldBe(UnknownReason.NotUnderstood);

    [Theory]
    [InlineData("\"tcp\"", 6)]
    [InlineData("\"ipv6-icmp\"", 58)]
    [InlineData("99", 99)]
    public void Protocols_have_names_and_numbers(string value, int number) => Step(Match(Meta("l4proto"), value)).ShouldBe(Is(Field.Protocol, (UInt128)number));

    [Fact]
    public void A_protocol_in_the_header_of_one_family_is_a_field_of_its_own()
    {
        Step(Match(Payload("ip", "protocol"), """{"set": ["tcp", "gre"]}""")).ShouldBe(IsIn(Field.IPv4Protocol, (6, 6), (47, 47)));
        Step(Match(Payload("ip6", "nexthdr"), "\"tcp\"")).ShouldBe(Is(Field.IPv6NextHeader, 6));
    }

    [Theory]
    [InlineData("nfproto", "\"ipv6\"", Field.NetworkFamily, 10)]
    [InlineData("protocol", "\"ip6\"", Field.EtherType, 0x86dd)]
    [InlineData("pkttype", "\"multicast\"", Field.PacketType, 2)]
    [InlineData("mark", "5", Field.Mark, 5)]
    public void Properties_of_the_packet_have_fields(string key, string value, Field field, int number) =>
        Step(Match(Meta(key), value)).ShouldBe(Is(field, (UInt128)number));

    [Fact]
    public void A_mark_has_masks_and_ranges()
    {
        Step(Match($$"""{"&": [{{Meta("mark")}}, 255]}""", "5", "!=")).ShouldBe(Is(Field.Mark, 5) with { Mask = 255, IsNegated = true });
        Step(Match(Meta("mark"), """{"range": [1, 5]}""")).ShouldBe(IsIn(Field.Mark, (1, 5)));
    }

    [Fact]
    public void A_hardware_address_is_a_number_of_48_bits() =>
        Step(Match(Payload("ether", "saddr"), "\"00:11:22:33:44:55\"")).ShouldBe(Is(Field.EtherSource, 0x001122334455));

    [Fact]
    public void Interfaces_are_names_with_wildcards()
    {
        var step = Step(Match(Meta("iifname"), """{"set": ["eth0", "wg*"]}""", "!=")).ShouldBeOfType<FieldCondition>();
        (step.Field, step.IsNegated, Names(step)).ShouldBe((Field.InputInterface, true, "eth0 wg*"));
        Names(Step(Match(Meta("oif"), "\"lo\""))).ShouldBe("lo");
    }

    [Fact]
    public void An_interface_that_is_only_a_number_is_gone_and_unknown() =>
        Step(Match(Meta("iif"), "\"5\"")).ShouldBe(new UnknownCondition("iif \"5\"", UnknownReason.Host));

    [Theory]
    [InlineData("skuid", UnknownReason.Host)]
    [InlineData("iifgroup", UnknownReason.Host)]
    [InlineData("hour", UnknownReason.History)]
    [InlineData("random", UnknownReason.Rate)]
    [InlineData("length", UnknownReason.Packet)]
    [InlineData("something-new", UnknownReason.NotUnderstood)]
    public void Other_properties_of_the_packet_are_unknown_for_a_reason(string key, UnknownReason reason) =>
        Step(Match(Meta(key), "0")).ShouldBe(new UnknownCondition($"meta {key} 0", reason));

    [Fact]
    public void States_are_bits_that_one_of_is_enough() =>
        Step(Match(Ct("state"), """["established", "new"]""", "in")).ShouldBe(new BitsCondition(Field.CtState, 10));

    [Fact]
    public void States_in_a_set_are_exact() =>
        Step(Match(Ct("state"), """{"set": ["established", "new"]}""")).ShouldBe(IsIn(Field.CtState, (2, 2), (8, 8)));

    [Fact]
    public void States_that_are_excluded_are_compared_as_one_number() =>
        Step(Match(Ct("state"), """{"|": ["new", "untracked"]}""", "!=")).ShouldBe(Is(Field.CtState, 72) with { IsNegated = true });

    [Fact]
    public void States_can_be_masked() =>
        Step(Match("""{"&": [{"ct": {"key": "state"}}, ["established", "new"]]}""", "\"new\"")).ShouldBe(Is(Field.CtState, 8) with { Mask = 10 });

    [Fact]
    public void The_status_of_a_connection_is_bits() => Step(Match(Ct("status"), "\"dnat\"", "in")).ShouldBe(new BitsCondition(Field.CtStatus, 32));

    [Theory]
    [InlineData("""{"ct": {"key": "direction"}}""", "\"reply\"", Field.CtDirection, 1)]
    [InlineData("""{"ct": {"key": "mark"}}""", "5", Field.ConnectionMark, 5)]
    [InlineData("""{"ct": {"key": "protocol"}}""", "\"tcp\"", Field.CtProtocol, 6)]
    [InlineData("""{"ct": {"key": "proto-dst", "dir": "original"}}""", "443", Field.CtOriginalDestinationPort, 443)]
    [InlineData("""{"ct": {"key": "ip saddr", "dir": "original"}}""", "\"0.0.0.9\"", Field.CtOriginalIPv4Source, 9)]
    [InlineData("""{"ct": {"key": "ip6 daddr", "dir": "original"}}""", "\"::9\"", Field.CtOriginalIPv6Destination, 9)]
    public void Properties_of_the_connection_have_fields(string left, string right, Field field, int number) =>
        Step(Match(left, right)).ShouldBe(Is(field, (UInt128)number));

    [Theory]
    [InlineData("""{"ct": {"key": "helper"}}""", "\"ftp\"", UnknownReason.Host)]
    [InlineData("""{"ct": {"key": "bytes"}}""", "100", UnknownReason.History)]
    [InlineData("""{"ct": {"key": "proto-dst", "dir": "reply"}}""", "80", UnknownReason.NotUnderstood)]
    public void Other_properties_of_the_connection_are_unknown_and_still_switch_on_tracking(string left, string right, UnknownReason reason)
    {
        var step = Step(Match(left, right)).ShouldBeOfType<UnknownCondition>();
        (step.Reason, step.UsesConntrack).ShouldBe((reason, true));
    }

    [Theory]
    [InlineData("in", "\"syn\"", 2, false)]
    [InlineData("in", """["syn", "ack"]""", 18, false)]
    [InlineData("!", """["syn", "ack"]""", 18, true)]
    public void Flags_are_bits(string op, string right, int bits, bool isNegated) =>
        Step(Match(Payload("tcp", "flags"), right, op)).ShouldBe(new BitsCondition(Field.TcpFlags, (UInt128)bits, isNegated));

    [Fact]
    public void Flags_under_a_mask_are_compared() =>
        Step(Match("""{"&": [{"payload": {"protocol": "tcp", "field": "flags"}}, ["syn", "ack"]]}""", "\"syn\"", "!="))
            .ShouldBe(Is(Field.TcpFlags, 2) with { Mask = 18, IsNegated = true });

    [Fact]
    public void Flags_in_a_set_are_exact() =>
        Step(Match(Payload("tcp", "flags"), """{"set": [{"|": ["syn", "ack"]}, "syn"]}""")).ShouldBe(IsIn(Field.TcpFlags, (18, 18), (2, 2)));

    [Fact]
    public void The_kind_of_an_address_is_a_field() =>
        Step(Match("""{"fib": {"result": "type", "flags": ["daddr"]}}""", """{"set": ["local", "broadcast"]}""")).ShouldBe(IsIn(Field.DestinationType, (2, 3)));

    [Theory]
    [InlineData("false", "==", 0, false)]
    [InlineData("true", "==", 1, false)]
    [InlineData("\"0\"", "!=", 0, true)]
    public void The_way_back_is_a_field(string right, string op, int number, bool isNegated) =>
        Step(Match("""{"fib": {"result": "oif", "flags": ["saddr", "mark", "iif"]}}""", right, op)).ShouldBe(Is(Field.ReversePathOk, (UInt128)number) with { IsNegated = isNegated });

    [Fact]
    public void Other_questions_to_the_routes_are_unknown() =>
        Step(Match("""{"fib": {"result": "oif", "flags": ["saddr"]}}""", "\"lo\"")).ShouldBe(new UnknownCondition("fib saddr oif lo", UnknownReason.Host));

    [Theory]
    [InlineData("""{"numgen": {"mode": "random", "mod": 2, "offset": 0}}""", UnknownReason.Rate)]
    [InlineData("""{"symhash": {"mod": 2}}""", UnknownReason.Packet)]
    [InlineData("""{"socket": {"key": "transparent"}}""", UnknownReason.Host)]
    [InlineData("""{"rt": {"key": "mtu"}}""", UnknownReason.Host)]
    [InlineData("""{"osf": {"key": "name"}}""", UnknownReason.Packet)]
    [InlineData("""{"brand-new": 1}""", UnknownReason.NotUnderstood)]
    public void Expressions_that_nobody_can_know_are_unknown(string left, UnknownReason reason) =>
        Step(Match(left, "1")).ShouldBeOfType<UnknownCondition>().Reason.ShouldBe(reason);

    [Fact]
    public void An_operator_or_a_key_that_is_not_known_makes_the_match_unknown()
    {
        Step(Match(Payload("tcp", "dport"), "80", "~")).ShouldBeOfType<UnknownCondition>().Reason.ShouldBe(UnknownReason.NotUnderstood);
        Step("""{"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 80, "new": 1}}""").ShouldBeOfType<UnknownCondition>();
        Step(Match(Payload("ip", "saddr"), "\"host.example\"")).ShouldBeOfType<UnknownCondition>();
        Step(Match(Payload("tcp", "dport"), "70000")).ShouldBeOfType<UnknownCondition>();
    }

    [Fact]
    public void Equal_matches_of_a_table_share_one_condition()
    {
        var rule = $$$$"""{"rule": {"family": "inet", "table": "t", "chain": "c", "handle": 3, "expr": [{{{{Match(Payload("tcp", "dport"), "80")}}}}]}}""";
        var rules = Document("inet", rule + "," + rule).Tables[0].Chains["c"].Rules;
        rules[0].Steps[0].ShouldBeSameAs(rules[1].Steps[0]);
    }
}
