using AllowlistSync.Reachability.Model;
using Shouldly;
using static AllowlistSync.Reachability.Tests.Reading.Nft.NftJsonSample;

namespace AllowlistSync.Reachability.Tests.Reading.Nft;

public sealed class NftJsonSetTests
{
    private const string OfSource = """{"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "saddr"}}, "right": "@s"}}""";
    private const string OfPair = """{"match": {"op": "==", "left": {"concat": [{"payload": {"protocol": "ip", "field": "saddr"}}, {"payload": {"protocol": "tcp", "field": "dport"}}]}, "right": "@s"}}""";
    private const string ByMap = """{"vmap": {"key": {"payload": {"protocol": "ip", "field": "saddr"}}, "data": "@s"}}""";

    private static string Set(string body) => $$$"""{"set": {"family": "inet", "name": "s", "table": "t", "handle": 3, {{{body}}}}},""";

    private static string Map(string body) => $$$"""{"map": {"family": "inet", "name": "s", "table": "t", "handle": 3, "map": "verdict", {{{body}}}}},""";

    [Fact]
    public void A_set_with_intervals_is_one_set_of_numbers() =>
        Step(OfSource, objects: Set(""" "type": "ipv4_addr", "flags": ["interval"], "elem": [{"prefix": {"addr": "1.2.3.0", "len": 24}}, {"range": ["10.0.0.1", "10.0.0.9"]}] """))
            .ShouldBe(IsIn(Field.IPv4Source, (0x01020300, 0x010203ff), (0x0a000001, 0x0a000009)));

    [Fact]
    public void Elements_with_timeouts_comments_and_counters_are_elements() =>
        Step(OfSource, objects: Set(""" "type": "ipv4_addr", "size": 65535, "flags": ["timeout"], "elem": [{"elem": {"val": "1.2.3.4", "timeout": 3600, "expires": 3594, "comment": "x", "counter": {"packets": 0, "bytes": 0}}}, {"elem": {"val": "2.3.4.5", "counter": {"packets": 0, "bytes": 0}}}], "stmt": [{"counter": null}] """))
            .ShouldBe(IsIn(Field.IPv4Source, (0x01020304, 0x01020304), (0x02030405, 0x02030405)));

    [Fact]
    public void An_empty_set_holds_nothing() =>
        Step(OfSource, objects: Set(""" "type": "ipv4_addr" """)).ShouldBe(new FieldCondition(Field.IPv4Source, NumberSet.Empty));

    [Fact]
    public void The_element_that_stands_for_the_rest_is_everything() =>
        Step(OfSource, objects: Set(""" "type": "ipv4_addr", "flags": ["interval"], "elem": [{"prefix": {"addr": "10.0.0.0", "len": 8}}, "*"] """))
            .ShouldBe(new FieldCondition(Field.IPv4Source, NumberSet.All));

    [Fact]
    public void All_rules_share_the_numbers_of_a_set()
    {
        var steps = Steps(OfSource + "," + OfSource.Replace("==", "!=", StringComparison.Ordinal).Replace("saddr", "daddr", StringComparison.Ordinal), objects: Set(""" "type": "ipv4_addr", "elem": ["1.2.3.4"] """));
        ((FieldCondition)steps[0]).Values.ShouldBeSameAs(((FieldCondition)steps[1]).Values);
        steps[1].ShouldBe(Is(Field.IPv4Destination, 0x01020304) with { IsNegated = true });
    }

    [Fact]
    public void A_set_that_is_not_in_the_dump_is_unknown() =>
        Steps(OfSource).Last().ShouldBe(new UnknownCondition("ip saddr @s", UnknownReason.NotRead));

    [Fact]
    public void A_set_with_an_element_or_a_key_that_is_not_understood_is_unknown()
    {
        Step(OfSource, objects: Set(""" "type": "ipv4_addr", "elem": ["1.2.3.4", {"brand-new": 1}] """)).ShouldBe(new UnknownCondition("ip saddr @s", UnknownReason.NotUnderstood));
        Step(OfSource, objects: Set(""" "type": "ipv4_addr", "inverted": true, "elem": ["1.2.3.4"] """)).ShouldBeOfType<UnknownCondition>();
    }

    [Fact]
    public void A_set_that_rules_write_may_hold_more_at_the_next_packet()
    {
        var steps = Steps(
            """{"set": {"op": "add", "elem": {"payload": {"protocol": "ip", "field": "saddr"}}, "set": "@s"}},""" + OfSource,
            objects: Set(""" "type": "ipv4_addr", "flags": ["dynamic"], "elem": ["1.2.3.4"] """));
        steps[0].ShouldBe(new FieldCondition(Field.IPv4Source, NumberSet.All));
        var any = steps[2].ShouldBeOfType<AnyOfCondition>();
        any.Conditions.ShouldBe([Is(Field.IPv4Source, 0x01020304), new UnknownCondition("ip saddr @s", UnknownReason.History)]);
    }

    [Fact]
    public void A_set_that_an_anonymous_chain_writes_may_hold_more_at_the_next_packet() =>
        Steps(OfSource + ",\"jump {\\n\\t\\t\\tadd @s { ip saddr }\\n\\t\\t}\"", objects: Set(""" "type": "ipv4_addr", "flags": ["dynamic"], "elem": ["1.2.3.4"] """))
            .ShouldContain(step => step is AnyOfCondition);

    [Fact]
    public void Elements_with_a_limit_may_refuse() =>
        Steps(OfSource, objects: Set(""" "type": "ipv4_addr", "elem": [{"elem": {"val": "8.8.8.8", "limit": {"rate": 5, "burst": 5, "per": "second"}}}], "stmt": [{"limit": {"rate": 5, "burst": 5, "per": "second"}}] """))
            .ShouldBe([Is(Field.IPv4Source, 0x08080808), new UnknownCondition("ip saddr @s", UnknownReason.Rate)]);

    [Fact]
    public void A_concatenation_has_a_part_for_each_field()
    {
        var lookup = Step(OfPair, objects: Set(""" "type": ["ipv4_addr", "inet_service"], "flags": ["interval"], "elem": [{"concat": [{"prefix": {"addr": "1.2.3.0", "len": 24}}, {"range": [80, 90]}]}, {"elem": {"val": {"concat": ["1.1.1.1", 443]}, "counter": {"packets": 1, "bytes": 2}}}] """))
            .ShouldBeOfType<LookupCondition>();
        lookup.Key.ShouldBe([Field.IPv4Source, Field.TcpDestinationPort]);
        lookup.Elements.Elements.Select(element => element.Parts.ToArray()).ShouldBe([[Numbers((0x01020300, 0x010203ff)), Numbers((80, 90))], [Numbers((0x01010101, 0x01010101)), Numbers((443, 443))]]);
    }

    [Fact]
    public void Rules_share_the_table_of_a_concatenation()
    {
        var steps = Steps(OfPair + "," + OfPair.Replace("==", "!=", StringComparison.Ordinal), objects: Set(""" "type": ["ipv4_addr", "inet_service"], "elem": [{"concat": ["1.1.1.1", 443]}] """));
        ((LookupCondition)steps[0]).Elements.ShouldBeSameAs(((LookupCondition)steps[1]).Elements);
        ((LookupCondition)steps[1]).IsNegated.ShouldBeTrue();
    }

    [Fact]
    public void A_concatenation_with_a_missing_header_never_matches() =>
        Step("""{"match": {"op": "==", "left": {"concat": [{"payload": {"protocol": "icmpv6", "field": "type"}}, {"payload": {"protocol": "ip6", "field": "saddr"}}]}, "right": {"set": [{"concat": ["mld-listener-query", "fe80::1"]}]}}}""")
            .ShouldBe(FixedCondition.Never);

    [Fact]
    public void A_verdict_map_has_an_entry_for_each_verdict()
    {
        var map = Step(ByMap, objects: Map(""" "type": "ipv4_addr", "flags": ["interval"], "elem": [[{"prefix": {"addr": "1.2.3.0", "len": 24}}, {"drop": null}], [{"elem": {"val": "5.5.5.5", "comment": "hh"}}, {"jump": {"target": "c"}}], ["9.9.9.9", {"drop": null}]] """))
            .ShouldBeOfType<DecideByMap>();
        map.Key.ShouldBe([Field.IPv4Source]);
        map.Entries.Select(entry => (entry.Parts.Single(), entry.Value)).ShouldBe(
            [(Numbers((0x01020300, 0x010203ff), (0x09090909, 0x09090909)), Verdict.Drop), (Numbers((0x05050505, 0x05050505)), Verdict.Jump("c"))]);
    }

    [Fact]
    public void The_rest_of_a_verdict_map_is_what_no_other_entry_holds()
    {
        var map = (DecideByMap)Step("""{"vmap": {"key": {"payload": {"protocol": "tcp", "field": "dport"}}, "data": {"set": [[80, {"accept": null}], ["*", {"drop": null}]]}}}""");
        map.Entries.Select(entry => (entry.Parts.Single(), entry.Value)).ShouldBe([(Numbers((80, 80)), Verdict.Accept), (Numbers((0, 79), (81, 65535)), Verdict.Drop)]);
    }

    [Fact]
    public void A_verdict_map_of_states_is_exact()
    {
        var map = (DecideByMap)Step("""{"vmap": {"key": {"ct": {"key": "state"}}, "data": {"set": [["invalid", {"drop": null}], ["established", {"accept": null}], ["related", {"accept": null}]]}}}""");
        map.Entries.Select(entry => (entry.Parts.Single(), entry.Value)).ShouldBe([(Numbers((1, 1)), Verdict.Drop), (Numbers((2, 2), (4, 4)), Verdict.Accept)]);
    }

    [Fact]
    public void A_verdict_map_of_names_and_ports_keeps_its_elements()
    {
        var map = (DecideByMap)Step("""{"vmap": {"key": {"concat": [{"meta": {"key": "iifname"}}, {"payload": {"protocol": "tcp", "field": "dport"}}]}, "data": {"set": [[{"concat": ["eth0", 80]}, {"goto": {"target": "c"}}]]}}}""");
        map.Key.ShouldBe([Field.InputInterface, Field.TcpDestinationPort]);
        map.Entries.Single().Value.ShouldBe(Verdict.Goto("c"));
        ((NameSet)map.Entries.Single().Parts[0]).Names.ShouldBe(["eth0"]);
    }

    [Fact]
    public void A_verdict_map_that_is_missing_or_asks_for_chance_is_unknown()
    {
        Step(ByMap).ShouldBe(new UnknownStatement("ip saddr vmap @s", UnknownReason.NotRead));
        Step("""{"vmap": {"key": {"numgen": {"mode": "random", "mod": 2, "offset": 0}}, "data": {"set": [[0, {"accept": null}], [1, {"drop": null}]]}}}""")
            .ShouldBe(new UnknownStatement("numgen random mod 2 vmap { 0 : accept, 1 : drop }", UnknownReason.Rate));
    }
}
