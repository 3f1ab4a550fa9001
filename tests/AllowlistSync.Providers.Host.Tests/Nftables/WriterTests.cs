using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Nftables;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Nftables;

public sealed class WriterTests
{
    private const string Comment = "comment \"allowlist-sync owner=als-test target=web\"";

    private static readonly NftablesOptions Options = NftablesOptions.From(OptionsTests.Settings(("table", "inet filter"), ("chain", "input")));

    [Fact]
    public void A_fresh_host_gets_sets_then_the_chain_then_rules_then_the_jump()
    {
        var script = Write(Now(exists: false, insertBefore: 42), Wanted("104.16.0.0/13", "2400:cb00::/32"));

        script.ShouldBe(
            $$"""
            create set inet filter als-test/web/v4 { type ipv4_addr; flags interval; {{Comment}}; }
            add element inet filter als-test/web/v4 { 104.16.0.0/13 }
            create set inet filter als-test/web/v6 { type ipv6_addr; flags interval; {{Comment}}; }
            add element inet filter als-test/web/v6 { 2400:cb00::/32 }
            create chain inet filter als-test/web { {{Comment}}; }
            add rule inet filter als-test/web ip saddr @als-test/web/v4 tcp dport { 443 } accept {{Comment}}
            add rule inet filter als-test/web ip6 saddr @als-test/web/v6 tcp dport { 443 } accept {{Comment}}
            insert rule inet filter input position 42 jump als-test/web {{Comment}}

            """);
    }

    [Fact]
    public void Without_a_rule_that_may_block_the_jump_goes_to_the_end()
    {
        Write(Now(exists: false, insertBefore: null), Wanted("104.16.0.0/13")).ShouldEndWith($"add rule inet filter input jump als-test/web {Comment}\n");
    }

    [Fact]
    public void A_changed_list_touches_elements_only()
    {
        Write(Now(exists: true, insertBefore: null), Wanted("104.16.0.0/14", "131.0.72.0/22")).ShouldBe(
            """
            delete element inet filter als-test/web/v4 { 104.16.0.0/13 }
            add element inet filter als-test/web/v4 { 104.16.0.0/14, 131.0.72.0/22 }

            """);
    }

    [Fact]
    public void What_is_right_needs_no_script()
    {
        Write(Now(exists: true, insertBefore: null), Wanted("104.16.0.0/13")).ShouldBeEmpty();
    }

    [Fact]
    public void Taking_out_goes_the_other_way_round()
    {
        Write(Now(exists: true, insertBefore: null), NftLayout.None).ShouldBe(
            """
            delete rule inet filter input handle 7
            delete rule inet filter als-test/web handle 5
            delete rule inet filter als-test/web handle 6
            delete chain inet filter als-test/web
            delete set inet filter als-test/web/v4
            delete set inet filter als-test/web/v6

            """);
    }

    [Fact]
    public void A_chain_that_others_use_is_not_taken_out_by_half()
    {
        var failure = Should.Throw<ProviderException>(() => Write(Now(exists: true, insertBefore: null) with { ForeignRules = 2 }, NftLayout.None));

        failure.Kind.ShouldBe(FailureKind.Conflict);
        failure.Message.ShouldContain("2 rules of others");
    }

    [Fact]
    public void A_sample_has_no_more_elements_than_it_may()
    {
        var many = NftLayout.For(TrafficSet.Of(PrefixSet.Of(Enumerable.Range(0, 100).Select(i => IpPrefix.Parse($"10.{i}.0.0/24"))), Golden.Ports("443")), [IpFamily.IPv4, IpFamily.IPv6]);

        var script = NftablesWriter.ToLayout(Options, Golden.Mark, Now(exists: false, insertBefore: null), many, limit: 3);

        script.ShouldContain("{ 10.0.0.0/24, 10.1.0.0/24, 10.2.0.0/24 }");
        script.ShouldNotContain("10.3.0.0");
    }

    private static string Write(NftState now, NftLayout wanted) => NftablesWriter.ToLayout(Options, Golden.Mark, now, wanted, int.MaxValue);

    private static NftLayout Wanted(params string[] prefixes) =>
        NftLayout.For(TrafficSet.Of(PrefixSet.Of(prefixes.Select(IpPrefix.Parse)), Golden.Ports("443")), [IpFamily.IPv4, IpFamily.IPv6]);

    private static NftState Now(bool exists, long? insertBefore)
    {
        FilledSet Set(IpFamily family, string? element) => new(
            new NftSetName(Golden.Table, Golden.Mark.Set(family)),
            family,
            exists ? Golden.Set(Golden.Mark.Set(family)) : null,
            exists && element is not null ? new NftElements([.. PrefixSet.Of(IpPrefix.Parse(element)).Ranges()], [], []) : NftElements.None);

        return new NftState(
            [Set(IpFamily.IPv4, "104.16.0.0/13"), Set(IpFamily.IPv6, null)],
            exists,
            exists ? [new ExistingRule(5, new OwnRule(IpFamily.IPv4, Golden.Ports("443"))), new ExistingRule(6, new OwnRule(IpFamily.IPv6, Golden.Ports("443")))] : [],
            ForeignRules: 0,
            new JumpState(exists ? [7] : [], exists, exists, insertBefore, IsHeldByOthers: false));
    }
}
