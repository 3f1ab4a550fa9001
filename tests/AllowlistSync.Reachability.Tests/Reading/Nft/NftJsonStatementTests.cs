using AllowlistSync.Reachability.Model;
using Shouldly;
using static AllowlistSync.Reachability.Tests.Reading.Nft.NftJsonSample;

namespace AllowlistSync.Reachability.Tests.Reading.Nft;

public sealed class NftJsonStatementTests
{
    public static TheoryData<string, Verdict> Verdicts { get; } = new()
    {
        { """{"accept": null}""", Verdict.Accept },
        { """{"drop": null}""", Verdict.Drop },
        { """{"continue": null}""", Verdict.Continue },
        { """{"return": null}""", Verdict.Return },
        { """{"jump": {"target": "c2"}}""", Verdict.Jump("c2") },
        { """{"goto": {"target": "c2"}}""", Verdict.Goto("c2") },
        { """{"reject": {"type": "icmpx", "expr": "port-unreachable"}}""", Verdict.Reject },
        { """{"reject": null}""", Verdict.Reject },
        { """{"reject": {"type": "tcp reset"}}""", Verdict.Reset },
    };

    [Theory]
    [MemberData(nameof(Verdicts))]
    public void Verdicts_are_read(string expr, Verdict verdict) => Step(expr).ShouldBe(new Decide(verdict));

    [Fact]
    public void A_rejection_of_one_family_is_about_that_family() =>
        Steps("""{"reject": {"type": "icmpv6", "expr": "no-route"}}""").ShouldBe([Is(Field.NetworkFamily, 10), new Decide(Verdict.Reject)]);

    [Fact]
    public void Counters_logs_and_what_does_not_change_the_packet_leave_nothing() =>
        Steps("""{"counter": {"packets": 5, "bytes": 6}}, {"log": null}, {"log": {"prefix": "x", "level": "info"}}, {"counter": "named"}, {"mangle": {"key": {"meta": {"key": "nftrace"}}, "value": 1}}""").ShouldBeEmpty();

    [Fact]
    public void A_counter_that_a_map_names_needs_an_entry() =>
        Step("""{"counter": {"map": {"key": {"payload": {"protocol": "tcp", "field": "dport"}}, "data": {"set": [[80, "a"], [443, "b"]]}}}}""")
            .ShouldBe(IsIn(Field.TcpDestinationPort, (80, 80), (443, 443)));

    [Fact]
    public void A_mark_is_set_to_a_constant() =>
        Step("""{"mangle": {"key": {"meta": {"key": "mark"}}, "value": 5}}""").ShouldBe(new SetMark(MarkKind.Packet, MarkKind.Packet, 0, 5));

    [Fact]
    public void A_mark_is_mixed_with_constants()
    {
        Step("""{"mangle": {"key": {"meta": {"key": "mark"}}, "value": {"|": [{"&": [{"meta": {"key": "mark"}}, 511]}, 256]}}}""")
            .ShouldBe(new SetMark(MarkKind.Packet, MarkKind.Packet, 0xff, 0x100));
        Step("""{"mangle": {"key": {"meta": {"key": "mark"}}, "value": {"^": [{"meta": {"key": "mark"}}, 5]}}}""")
            .ShouldBe(new SetMark(MarkKind.Packet, MarkKind.Packet, uint.MaxValue, 5));
    }

    [Fact]
    public void A_mark_is_copied_from_the_other_mark()
    {
        Step("""{"mangle": {"key": {"meta": {"key": "mark"}}, "value": {"ct": {"key": "mark"}}}}""").ShouldBe(new SetMark(MarkKind.Packet, MarkKind.Connection, uint.MaxValue, 0));
        Step("""{"mangle": {"key": {"ct": {"key": "mark"}}, "value": {"|": [{"meta": {"key": "mark"}}, 16]}}}""").ShouldBe(new SetMark(MarkKind.Connection, MarkKind.Packet, ~16u, 16));
    }

    [Fact]
    public void A_mark_from_a_map_is_unknown_and_a_miss_ends_the_rule() =>
        Steps("""{"mangle": {"key": {"meta": {"key": "mark"}}, "value": {"map": {"key": {"payload": {"protocol": "tcp", "field": "dport"}}, "data": {"set": [[80, 5], [443, 6]]}}}}}""")
            .ShouldBe([IsIn(Field.TcpDestinationPort, (80, 80), (443, 443)), new SetMark(MarkKind.Packet, MarkKind.Packet, 0, 0) { IsUnknown = true }]);

    [Fact]
    public void A_mark_that_is_drawn_from_a_full_map_does_not_end_the_rule() =>
        Step("""{"mangle": {"key": {"meta": {"key": "mark"}}, "value": {"map": {"key": {"numgen": {"mode": "random", "mod": 10, "offset": 0}}, "data": {"set": [[{"range": [0, 5]}, 256], [{"range": [6, 9]}, 512]]}}}}}""")
            .ShouldBe(new SetMark(MarkKind.Packet, MarkKind.Packet, 0, 0) { IsUnknown = true });

    [Fact]
    public void Writing_the_hop_limit_changes_nothing_but_needs_the_header() =>
        Step("""{"mangle": {"key": {"payload": {"protocol": "ip", "field": "ttl"}}, "value": 5}}""").ShouldBe(Is(Field.NetworkFamily, 2));

    [Fact]
    public void Clamping_the_segment_size_changes_nothing_but_needs_TCP() =>
        Step("""{"mangle": {"key": {"tcp option": {"name": "maxseg", "field": "size"}}, "value": {"rt": {"key": "mtu"}}}}""").ShouldBe(Is(Field.Protocol, 6));

    [Fact]
    public void Writing_an_address_or_a_port_is_not_followed()
    {
        Step("""{"mangle": {"key": {"payload": {"protocol": "ip", "field": "daddr"}}, "value": "1.2.3.4"}}""").ShouldBe(new UnknownStatement("ip daddr set 1.2.3.4", UnknownReason.NotUnderstood));
        Step("""{"mangle": {"key": {"payload": {"protocol": "tcp", "field": "dport"}}, "value": 80}}""").ShouldBe(new UnknownStatement("tcp dport set 80", UnknownReason.NotUnderstood));
    }

    [Theory]
    [InlineData("""{"mangle": {"key": {"ct": {"key": "zone"}}, "value": 5}}""")]
    [InlineData("""{"ct helper": "ftp-21"}""")]
    [InlineData("""{"ct timeout": "slow"}""")]
    [InlineData("""{"ct expectation": "pgsql"}""")]
    public void What_concerns_the_connection_switches_on_tracking(string expr) => Step(expr).ShouldBe(ConntrackUse.Instance);

    [Fact]
    public void Notrack_is_a_statement() => Step("""{"notrack": null}""").ShouldBe(NoTrack.Instance);

    [Fact]
    public void A_redirection_goes_to_the_host_itself()
    {
        Step("""{"redirect": null}""").ShouldBe(new DestinationNat(null, null) { ToLocal = true });
        Step("""{"redirect": {"port": {"range": [8080, 8090]}, "flags": "random"}}""").ShouldBe(new DestinationNat(null, new NatValue.OneOf(new(8080, 8090))) { ToLocal = true });
    }

    [Fact]
    public void A_redirection_can_ask_a_map()
    {
        var nat = (DestinationNat)Step("""{"redirect": {"port": {"map": {"key": {"payload": {"protocol": "tcp", "field": "dport"}}, "data": {"set": [[80, 8080], [443, 8443]]}}}}}""");
        var map = nat.Port.ShouldBeOfType<NatValue.FromMap>();
        map.Key.ShouldBe([Field.TcpDestinationPort]);
        map.Entries.Select(entry => (entry.Parts.Single(), entry.Value)).ShouldBe([(Numbers((80, 80)), NumberRange.One(8080)), (Numbers((443, 443)), NumberRange.One(8443))]);
    }

    [Fact]
    public void A_destination_of_one_family_is_about_that_family() =>
        Steps("""{"dnat": {"family": "ip6", "addr": "fe80::1", "port": 80}}""").ShouldBe(
            [Is(Field.NetworkFamily, 10), new DestinationNat(new NatValue.OneOf(NumberRange.One(new UInt128(0xfe80000000000000, 1))), new NatValue.OneOf(NumberRange.One(80)))]);

    [Fact]
    public void A_destination_without_a_family_is_that_of_the_table() =>
        Step("""{"dnat": {"addr": "10.88.0.22", "port": 80}}""", family: "ip").ShouldBe(new DestinationNat(new NatValue.OneOf(NumberRange.One(0x0a580016)), new NatValue.OneOf(NumberRange.One(80))));

    [Fact]
    public void A_map_of_addresses_and_ports_gives_both()
    {
        var nat = (DestinationNat)Steps("""{"dnat": {"family": "ip", "addr": {"map": {"key": {"payload": {"protocol": "tcp", "field": "dport"}}, "data": {"set": [[80, {"concat": ["1.2.3.4", 8080]}]]}}}}}""")[1];
        nat.Address.ShouldBeOfType<NatValue.FromMap>().Entries.Single().Value.ShouldBe(NumberRange.One(0x01020304));
        nat.Port.ShouldBeOfType<NatValue.FromMap>().Entries.Single().Value.ShouldBe(NumberRange.One(8080));
    }

    [Fact]
    public void A_destination_that_is_drawn_is_unknown() =>
        Steps("""{"dnat": {"family": "ip", "addr": {"map": {"key": {"numgen": {"mode": "inc", "mod": 2, "offset": 0}}, "data": {"set": [[0, "1.2.3.4"], [1, "1.2.3.5"]]}}}}}""")
            .Last().ShouldBeOfType<DestinationNat>().Address.ShouldBeOfType<NatValue.Unknown>();

    [Theory]
    [InlineData("""{"masquerade": null}""")]
    [InlineData("""{"masquerade": {"port": {"range": [1024, 65535]}}}""")]
    [InlineData("""{"snat": {"addr": "10.0.0.1"}}""")]
    public void Source_translations_are_alike(string expr) => Step(expr, family: "ip").ShouldBe(SourceNat.Instance);

    [Theory]
    [InlineData("""{"limit": {"rate": 5, "burst": 3, "per": "second", "inv": true}}""", "limit rate over 5/second burst 3 packets", false)]
    [InlineData("""{"limit": "named"}""", "limit \"named\"", false)]
    [InlineData("""{"quota": {"val": 100, "val_unit": "mbytes", "inv": true}}""", "quota over 100 mbytes", false)]
    [InlineData("""{"ct count": {"val": 5, "inv": true}}""", "ct count over 5", true)]
    public void Rates_and_counts_are_unknown(string expr, string text, bool usesConntrack) =>
        Step(expr).ShouldBe(new UnknownCondition(text, UnknownReason.Rate, usesConntrack));

    [Fact]
    public void A_meter_is_unknown_for_packets_that_have_its_key() =>
        Steps("""{"meter": {"key": {"payload": {"protocol": "ip", "field": "saddr"}}, "stmt": {"limit": {"rate": 5, "burst": 5, "per": "second"}}, "size": 65535, "name": "mm"}}""").ShouldBe(
            [new FieldCondition(Field.IPv4Source, NumberSet.All), new UnknownCondition("meter mm { ip saddr limit rate 5/second burst 5 packets }", UnknownReason.Rate)]);

    [Fact]
    public void Adding_to_a_set_goes_on_unless_it_has_a_limit()
    {
        const string Add = """{"set": {"op": "update", "elem": {"payload": {"protocol": "ip", "field": "saddr"}}, "set": "@s"STMT}}""";
        Steps(Add.Replace("STMT", "", StringComparison.Ordinal)).ShouldBe([new FieldCondition(Field.IPv4Source, NumberSet.All)]);
        Steps(Add.Replace("STMT", """, "stmt": [{"limit": {"rate": 1, "burst": 3, "per": "second"}}]""", StringComparison.Ordinal)).Last().ShouldBeOfType<UnknownCondition>().Reason.ShouldBe(UnknownReason.Rate);
    }

    [Fact]
    public void Xt_extensions_wait_for_their_text()
    {
        Step("""{"xt": {"type": "match", "name": "multiport"}}""").ShouldBe(new XtStep("match", "multiport"));
        Step("""{"xt": null}""").ShouldBe(new XtStep("", ""));
    }

    [Theory]
    [InlineData("""{"tproxy": {"port": 8999}}""")]
    [InlineData("""{"queue": {"num": {"range": [1, 3]}, "flags": "bypass"}}""")]
    [InlineData("""{"fwd": {"dev": "eth1"}}""")]
    [InlineData("""{"dup": {"addr": "1.2.3.4"}}""")]
    [InlineData("""{"flow": {"op": "add", "flowtable": "@f"}}""")]
    [InlineData("""{"brand-new": null}""")]
    public void Statements_that_are_not_followed_are_unknown(string expr) => Step(expr).ShouldBeOfType<UnknownStatement>();

    [Fact]
    public void A_syn_proxy_switches_on_tracking() =>
        Step("""{"synproxy": null}""").ShouldBe(new UnknownStatement("synproxy", UnknownReason.NotUnderstood) { UsesConntrack = true });

    [Fact]
    public void The_order_of_a_rule_is_kept() =>
        Steps("""{"match": {"op": "==", "left": {"meta": {"key": "mark"}}, "right": 1}}, {"notrack": null}, {"match": {"op": "==", "left": {"meta": {"key": "mark"}}, "right": 2}}, {"drop": null}""")
            .ShouldBe([Is(Field.Mark, 1), NoTrack.Instance, Is(Field.Mark, 2), new Decide(Verdict.Drop)]);
}
