using System.Text.Json;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Providers.Host.Nftables;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Nftables;

public sealed class OwnRuleTests
{
    [Fact]
    public void Our_rules_are_read_back_as_what_they_open()
    {
        var read = Ours.Where(rule => rule.Comment == Golden.Mark.Comment).Select(rule => OwnRule.Read(rule.Expressions, Golden.Mark));

        read.ShouldBe(
        [
            new OwnRule(IpFamily.IPv4, Golden.Ports("80", "443", "8000-8010")),
            new OwnRule(IpFamily.IPv6, Golden.Ports("443")),
            new OwnRule(IpFamily.IPv4, Golden.Ports("443/udp")),
        ]);
    }

    [Fact]
    public void A_rule_of_another_shape_is_not_taken_for_one_of_ours()
    {
        var edited = Ours.Where(rule => rule.Comment!.StartsWith("edited:", StringComparison.Ordinal)).ToList();

        edited.Count.ShouldBe(7);
        edited.ShouldAllBe(rule => OwnRule.Read(rule.Expressions, Golden.Mark) == null);
    }

    [Fact]
    public void A_rule_of_another_target_is_not_ours()
    {
        var other = new NftMark("als-test/db", "allowlist-sync owner=als-test target=db");

        Ours.ShouldAllBe(rule => OwnRule.Read(rule.Expressions, other) == null);
    }

    [Fact]
    public void Each_transport_has_a_rule_of_its_own()
    {
        OwnRule.For(IpFamily.IPv6, Golden.Ports("443/udp", "80", "443")).Select(rule => rule.Text("a/b/v6")).ShouldBe(
        [
            "ip6 saddr @a/b/v6 tcp dport { 80, 443 } accept",
            "ip6 saddr @a/b/v6 udp dport { 443 } accept",
        ]);
    }

    [Theory]
    [InlineData("\"jump { accept }\"")]
    [InlineData("null")]
    [InlineData("5")]
    [InlineData("[]")]
    [InlineData("""{"match": "text"}""")]
    [InlineData("""{"match": {"op": "==", "left": "text", "right": "@als-test/web/v4"}}""")]
    [InlineData("""{"match": {"op": "==", "left": {"payload": {"field": "dport"}}, "right": 80}}""")]
    [InlineData("""{"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": {"set": [{"range": 5}, "http"]}}}""")]
    public void An_expression_of_any_shape_in_any_place_is_read_as_a_rule_that_is_not_ours(string shape)
    {
        var rule = Ours.Single(one => Golden.Ports("443/udp").Equals(OwnRule.Read(one.Expressions, Golden.Mark)?.Ports)).Expressions;
        rule.Length.ShouldBe(4);
        for (var place = 0; place < rule.Length; place++)
        {
            OwnRule.Read(rule.SetItem(place, JsonElement.Parse(shape)), Golden.Mark).ShouldBeNull($"{place}");
        }
    }

    private static List<NftRule> Ours => [.. Golden.Ruleset.RulesOf(Golden.Table, Golden.Mark.Chain)];
}
