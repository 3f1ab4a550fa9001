using System.Text.Json;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading;
using AllowlistSync.Reachability.Reading.Nft;
using Shouldly;
using static AllowlistSync.Reachability.Tests.Reading.Nft.NftJsonSample;

namespace AllowlistSync.Reachability.Tests.Reading.Nft;

public sealed class NftJsonReaderTests
{
    private static string Chain(string body) => $$$"""{"chain": {"family": "netdev", "table": "t", "name": "b", "handle": 3, {{{body}}}}}""";

    [Fact]
    public void A_base_chain_has_its_place_and_policy()
    {
        var chain = Document("inet", """{"chain": {"family": "inet", "table": "t", "name": "in", "handle": 1, "type": "nat", "hook": "prerouting", "prio": -100, "policy": "drop"}}""").Tables[0].Chains["in"];
        var place = chain.Base.ShouldNotBeNull();
        (place.Type, place.Hook, place.Priority, place.DropsByDefault, place.Devices.Length).ShouldBe((ChainType.Nat, Hook.Prerouting, -100, true, 0));
    }

    [Fact]
    public void A_chain_without_a_hook_is_only_jumped_to() => Document("inet", """{"counter": {"family": "inet", "name": "x", "table": "t", "handle": 1, "packets": 0, "bytes": 0}}""").Tables[0].Chains["c"].Base.ShouldBeNull();

    [Fact]
    public void Devices_that_the_dump_leaves_out_are_not_known() =>
        Document("netdev", Chain(""" "type": "filter", "hook": "ingress", "prio": 0, "policy": "accept" """)).Tables[0].Chains["b"].Base!.Devices.IsDefault.ShouldBeTrue();

    [Theory]
    [InlineData("\"eth0\"", "eth0")]
    [InlineData("""["eth0", "eth1"]""", "eth0 eth1")]
    public void Devices_of_newer_versions_are_read(string devices, string expected) =>
        string.Join(' ', Document("netdev", Chain($$""" "dev": {{devices}}, "type": "filter", "hook": "ingress", "prio": 0, "policy": "accept" """)).Tables[0].Chains["b"].Base!.Devices).ShouldBe(expected);

    [Theory]
    [InlineData(""" "type": "filter", "hook": "brand-new", "prio": 0, "policy": "accept" """)]
    [InlineData(""" "type": "filter", "hook": "ingress", "policy": "accept" """)]
    [InlineData(""" "type": "filter", "hook": "ingress", "prio": 0, "policy": "accept", "brand-new": 1 """)]
    public void A_chain_in_a_place_that_is_not_known_is_a_gap(string body) =>
        Document("netdev", Chain(body)).Gaps.Single().ShouldSatisfyAllConditions(gap => gap.Families.ShouldBe(Families.Both), gap => gap.Message.ShouldContain("table netdev t, chain b"));

    [Fact]
    public void A_rule_has_its_handle_number_and_text()
    {
        var rule = Rule("""{"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": {"set": [80, 443]}}}, {"accept": null}""");
        (rule.Handle, rule.Number, rule.Text.ToString()).ShouldBe((7, 1, "tcp dport { 80, 443 } accept"));
    }

    [Fact]
    public void Flags_that_are_spelled_out_are_read()
    {
        var reading = Read("""{"nftables": [{"table": {"family": "ip", "name": "a", "handle": 1, "flags": "dormant"}}, {"table": {"family": "ip", "name": "b", "handle": 2, "flags": ["owner", "persist"]}}]}""");
        reading.Tables.Select(table => table.IsDormant).ShouldBe([true, false]);
        reading.GapsWithoutText.ShouldBeEmpty();
    }

    [Fact]
    public void Flags_that_are_garbage_may_mean_dormant()
    {
        var reading = Read("""{"nftables": [{"table": {"family": "inet", "name": "f", "handle": 1, "flags": "f"}}]}""");
        reading.UnclearFlags.ShouldBe([new NftTableName("inet", "f")]);
        reading.Gaps.ShouldBeEmpty();
        reading.GapsWithoutText.Single().Families.ShouldBe(Families.Both);
    }

    [Fact]
    public void An_anonymous_chain_that_nobody_can_read_is_unknown() =>
        Step("\"jump {\\n\\t\\t\\ttcp dport 80 drop\\n\\t\\t\"").ShouldBe(new UnknownStatement("jump { tcp dport 80 drop", UnknownReason.NotUnderstood));

    [Fact]
    public void An_anonymous_chain_becomes_a_chain_with_the_name_of_its_rule()
    {
        using var document = JsonDocument.Parse("""
            {"nftables": [{"table": {"family": "inet", "name": "t", "handle": 1}}, {"chain": {"family": "inet", "table": "t", "name": "c", "handle": 2}},
            {"rule": {"family": "inet", "table": "t", "chain": "c", "handle": 7, "expr": [{"notrack": null}, "jump {\n\t\t\ttcp dport 80 drop\n\t\t}"]}}]}
            """);
        using var inner = JsonDocument.Parse("""[{"expr": [{"drop": null}]}]""");
        var source = new NftJsonSource("nft.json") { AnonymousChain = text => text.Contains("tcp dport 80", StringComparison.Ordinal) ? inner.RootElement : null };

        var chains = NftJsonReader.Read(document.RootElement, source).Tables[0].Chains;

        chains["c"].Rules.Single().Steps.ShouldBe([NoTrack.Instance, new Decide(Verdict.Jump("c{1}"))]);
        chains["c{1}"].Rules.Single().Steps.ShouldBe([new Decide(Verdict.Drop)]);
        chains["c"].Rules.Single().Text.ToString().ShouldBe("notrack jump { tcp dport 80 drop }");
    }

    [Fact]
    public void An_object_that_is_not_known_and_a_rule_without_a_chain_are_gaps()
    {
        Document("inet", """{"brand-new": {}}""").Gaps.Single().Message.ShouldContain("'brand-new'");
        Document("ip", """{"rule": {"family": "ip", "table": "t", "chain": "gone", "handle": 1, "expr": []}}""").Gaps.Single().Families.ShouldBe(Families.IPv4);
        Document("inet", "7").Gaps.Length.ShouldBe(1);
    }

    [Fact]
    public void A_key_of_a_rule_that_is_not_known_makes_the_rule_unknown() =>
        Document("inet", """{"rule": {"family": "inet", "table": "t", "chain": "c", "handle": 1, "only-if": 1, "expr": [{"accept": null}]}}""")
            .Tables[0].Chains["c"].Rules.Single().Steps[0].ShouldBeOfType<UnknownStatement>();

    [Theory]
    [InlineData("", "nft.json is not complete JSON: line 1, byte 1")]
    [InlineData("""{"nftables": [{"table": {"family": "inet", """, "nft.json is not complete JSON: line 1")]
    [InlineData("Error: syntax error", "nft.json is not complete JSON")]
    [InlineData("""{"tables": []}""", "no rule set of nft")]
    [InlineData("[]", "no rule set of nft")]
    [InlineData("""{"nftables": 1}""", "no rule set of nft")]
    public void What_is_no_dump_is_refused_with_a_remedy(string content, string message)
    {
        var exception = Should.Throw<DumpException>(() => Read(content));
        exception.Message.ShouldContain(message);
        exception.Remedy.ShouldContain("nft -j list ruleset");
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused() =>
        Should.Throw<DumpException>(() => NftJsonReader.Read(new Dump("nft.json", new byte[] { (byte)'"', 0xff, (byte)'"' }))).Message.ShouldContain("UTF-8");

    [Theory]
    [InlineData("""{"rule": {"family": "inet", "table": "t", "chain": "c", "handle": "x", "expr": [null, 1, true, [], {}, {"a": 1, "b": 2}]}}""")]
    [InlineData("""{"rule": {"family": "inet", "table": "t", "chain": "c", "expr": {"accept": null}}}""")]
    [InlineData("""{"rule": {"family": "inet", "table": "t", "chain": "c", "expr": [{"match": null}, {"vmap": 1}, {"mangle": []}, {"dnat": 5}, {"set": "x"}, {"meter": null}, {"jump": null}]}}""")]
    [InlineData("""{"rule": {"family": "inet", "table": "t", "chain": "c", "expr": [{"match": {"op": "==", "left": {"payload": 1}, "right": {"set": 1}}}, {"match": {"op": "==", "left": {"fib": {"flags": 1}}, "right": []}}]}}""")]
    [InlineData("""{"rule": {"family": "inet", "table": "t", "chain": "c", "expr": [{"match": {"op": "==", "left": {"concat": []}, "right": "@s"}}, {"set": {"op": "add", "elem": [], "stmt": 5, "set": "@s"}}, {"meter": 7}]}}""")]
    public void Strange_content_of_a_dump_is_unknown_and_no_error(string rule) =>
        Document("inet", rule).Tables[0].Chains["c"].Rules.Single().Steps.ShouldContain(step => step is UnknownStatement || step is UnknownCondition);
}
