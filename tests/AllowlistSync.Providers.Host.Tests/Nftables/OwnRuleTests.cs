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

    private static List<NftRule> Ours => [.. Golden.Ruleset.RulesOf(Golden.Table, Golden.Mark.Chain)];
}
