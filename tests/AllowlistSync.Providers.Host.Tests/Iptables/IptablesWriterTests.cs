using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Iptables;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Iptables;

public sealed class IptablesWriterTests
{
    private static readonly TrafficSet Wanted = TrafficSet.Of(IptablesGolden.Prefixes("104.16.0.0/13", "131.0.72.7/32"), IptablesGolden.Ports("80", "443", "443/udp"));

    [Fact]
    public void A_first_change_fills_the_set_and_then_makes_chain_rules_and_jump_in_one_step() =>
        Texts(Write(IptablesGolden.State(PrefixForm.Sets, IptablesGolden.Empty(blocker: 2)), IptablesLayout.For(Wanted))).ShouldBe(
        [
            "create als-test/web/v4 hash:net family inet hashsize 64 maxelem 65536\nadd als-test/web/v4 104.16.0.0/13\nadd als-test/web/v4 131.0.72.7/32\n",
            """
            *filter
            -N als-test/web
            -A als-test/web -p tcp -m set --match-set als-test/web/v4 src -m multiport --dports 80,443 -m comment --comment "allowlist-sync owner=als-test target=web" -j ACCEPT
            -A als-test/web -p udp -m set --match-set als-test/web/v4 src -m multiport --dports 443 -m comment --comment "allowlist-sync owner=als-test target=web" -j ACCEPT
            -I INPUT 2 -m comment --comment "allowlist-sync owner=als-test target=web" -j als-test/web
            COMMIT

            """,
        ]);

    [Fact]
    public void Without_sets_there_is_a_rule_for_each_prefix_and_without_a_block_the_jump_stands_at_the_end() =>
        Texts(Write(IptablesGolden.State(PrefixForm.Rules, IptablesGolden.Empty(blocker: null)), IptablesLayout.For(TrafficSet.Of(IptablesGolden.Prefixes("0.0.0.0/0"), IptablesGolden.Ports("80"))))).ShouldBe(
        [
            """
            *filter
            -N als-test/web
            -A als-test/web -s 0.0.0.0/1 -p tcp -m multiport --dports 80 -m comment --comment "allowlist-sync owner=als-test target=web" -j ACCEPT
            -A als-test/web -s 128.0.0.0/1 -p tcp -m multiport --dports 80 -m comment --comment "allowlist-sync owner=als-test target=web" -j ACCEPT
            -A INPUT -m comment --comment "allowlist-sync owner=als-test target=web" -j als-test/web
            COMMIT

            """,
        ]);

    [Fact]
    public void A_set_that_differs_is_replaced_in_one_step_and_one_that_does_not_is_left_alone()
    {
        var state = Made();

        Texts(Write(state, IptablesLayout.For(Wanted))).ShouldBeEmpty();
        Texts(Write(state, IptablesLayout.For(TrafficSet.Of(IptablesGolden.Prefixes("104.16.0.0/13"), IptablesGolden.Ports("80", "443", "443/udp"))))).ShouldBe(
        [
            "create +als-test/web/v4 hash:net family inet hashsize 64 maxelem 65536\nadd +als-test/web/v4 104.16.0.0/13\nswap +als-test/web/v4 als-test/web/v4\ndestroy +als-test/web/v4\n",
        ]);
    }

    [Fact]
    public void To_take_everything_out_is_rules_first_and_sets_last() =>
        Texts(Write(Made(), IptablesLayout.None)).ShouldBe(
        [
            "*filter\n-D INPUT -m comment --comment \"allowlist-sync owner=als-test target=web\" -j als-test/web\n-F als-test/web\n-X als-test/web\nCOMMIT\n",
            "destroy als-test/web/v4\n",
        ]);

    [Fact]
    public void Rules_of_others_in_our_chain_stay_and_keep_it_from_being_taken_out()
    {
        var place = PlaceReading.Read(IptablesGolden.Place, IptablesGolden.Listing("nft.save"), "INPUT", IptablesGolden.Mark, blocker: 3, isServed: true);
        var state = IptablesGolden.State(PrefixForm.Rules, place);

        var script = Texts(Write(state, IptablesLayout.For(Wanted))).ShouldHaveSingleItem();
        script.ShouldNotContain("-F als-test/web");
        script.ShouldNotContain("5353");
        script.ShouldContain("-D als-test/web -p tcp -m set --match-set als-test/web/v4 src -m comment");
        script.ShouldContain("-D INPUT -m comment --comment \"allowlist-sync owner=als-test target=web\" -j als-test/web\n-I INPUT 3 -m comment");

        var refused = Should.Throw<ProviderException>(() => Write(state, IptablesLayout.None));
        refused.Kind.ShouldBe(FailureKind.Conflict);
        refused.Aftermath.ShouldBe(Aftermath.Untouched);
        refused.Message.ShouldContain("1 rules of others stand in it");
    }

    [Fact]
    public void A_large_list_has_room_to_grow()
    {
        var prefixes = PrefixSet.Of(Enumerable.Range(0, 70_000).Select(i => IpPrefix.Create(IpFamily.IPv4, (UInt128)(0x0100_0000 + (i * 2)), 32)));

        Texts(Write(IptablesGolden.State(PrefixForm.Sets, IptablesGolden.Empty(2)), IptablesLayout.For(TrafficSet.Of(prefixes, IptablesGolden.Ports("80")))))[0]
            .ShouldStartWith("create als-test/web/v4 hash:net family inet hashsize 65536 maxelem 262144\n");
    }

    private static IptablesState Made()
    {
        var place = PlaceReading.Read(
            IptablesGolden.Place,
            IptablesReader.Read(
                System.Text.Encoding.UTF8.GetBytes($"""
                *filter
                :INPUT DROP [0:0]
                :als-test/web - [0:0]
                -A INPUT {IptablesGolden.Mark.Match} -j als-test/web
                -A als-test/web -p tcp -m set --match-set als-test/web/v4 src -m multiport --dports 80,443 {IptablesGolden.Mark.Match} -j ACCEPT
                -A als-test/web -p udp -m set --match-set als-test/web/v4 src -m multiport --dports 443 {IptablesGolden.Mark.Match} -j ACCEPT
                COMMIT

                """),
                "x"),
            "INPUT",
            IptablesGolden.Mark,
            blocker: null,
            isServed: true);
        return IptablesGolden.State(PrefixForm.Sets, place,
        [
            new OwnSet("als-test/web/v4", IpFamily.IPv4, new SavedSet("hash:net", "inet", 65536, Forgets: false) { Matches = IptablesGolden.Prefixes("104.16.0.0/13", "131.0.72.7/32") }),
            new OwnSet("als-test/web/v6", IpFamily.IPv6, null),
        ]);
    }

    private static System.Collections.Immutable.ImmutableArray<IptablesStep> Write(IptablesState now, IptablesLayout wanted) =>
        IptablesWriter.ToLayout("INPUT", beforeTranslation: false, IptablesGolden.Mark, now, wanted);

    private static string[] Texts(IEnumerable<IptablesStep> steps) => [.. steps.Select(step => step.Script.Text)];
}
