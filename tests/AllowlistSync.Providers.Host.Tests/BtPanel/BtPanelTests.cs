using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.BtPanel;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.BtPanel;

public sealed class BtPanelTests
{
    private static readonly Target Target = new() { Name = "web", Provider = "btpanel", Allow = [], Ports = PortSet.Of(PortRange.Tcp(80), PortRange.Tcp(443)), Owner = Owner.TryCreate("als-test", out var owner) ? owner : Owner.Default };

    private static readonly BtPanelMark Mark = BtPanelMark.Of(Target);

    private static string Rules { get; } = Golden("iptables-save");

    private static string Sets { get; } = Golden("ipset-save");

    private static TrafficSet Held { get; } = TrafficSet.Of(PrefixSet.Of([IpPrefix.Parse("104.16.0.0/13"), IpPrefix.Parse("131.0.72.0/22")]), Target.Ports);

    [Fact]
    public void What_is_there_is_read_as_ours_and_the_panels()
    {
        var state = Read();

        state.Allowed.ShouldBe(Held);
        state.IsLinked.ShouldBeTrue();
        state.Chain.Length.ShouldBe(3);
        state.Drops.Select(drop => $"{drop.Prefix} {drop.Timeout > 0}").ShouldBe(["203.0.113.0/28 False", "104.16.0.9/32 True"], ignoreOrder: true);
        var observed = BtPanelObservation.Of(state);
        observed.Defects.ShouldBeEmpty();
        observed.Foreign.ShouldBeEmpty();
        observed.Bans.Single(ban => ban.Prefix == IpPrefix.Parse("104.16.0.9/32")).By.ShouldBe("the panel's drop list (in_bt_user_drop_ipset)");
    }

    [Fact]
    public void What_is_already_there_needs_no_script() => BtPanelWriter.Scripts(Mark, Read(), Held, []).IsEmpty.ShouldBeTrue();

    [Fact]
    public void A_fresh_panel_gets_a_set_and_a_rule_behind_its_drop_set()
    {
        var fresh = Read(string.Join('\n', Rules.Split('\n').Where(line => !line.Contains(Mark.Set, StringComparison.Ordinal))), string.Join('\n', Sets.Split('\n').Where(line => !line.Contains(Mark.Set, StringComparison.Ordinal))));

        fresh.Exists.ShouldBeFalse();
        var scripts = BtPanelWriter.Scripts(Mark, fresh, Held, []);
        scripts.Fill.ShouldBe($"create {Mark.Set} hash:net family inet hashsize 64 maxelem 65536\nadd {Mark.Set} 104.16.0.0/13\nadd {Mark.Set} 131.0.72.0/22\n");
        scripts.Rules.ShouldBe($"*filter\n-I IN_BT_user_ip 2 -p tcp -m set --match-set {Mark.Set} src -m multiport --dports 80,443 -m comment --comment \"allowlist-sync owner=als-test target=web\" -j ACCEPT\nCOMMIT\n");
        scripts.TakeAway.ShouldBeEmpty();
    }

    [Fact]
    public void Another_list_takes_the_place_of_the_old_one_in_one_step()
    {
        var scripts = BtPanelWriter.Scripts(Mark, Read(), TrafficSet.Of(PrefixSet.Of([IpPrefix.Parse("172.64.0.0/13")]), Target.Ports), []);
        scripts.Fill.ShouldEndWith($"swap {Mark.NewSet} {Mark.Set}\ndestroy {Mark.NewSet}\n");
        scripts.Rules.ShouldBeEmpty();
    }

    [Fact]
    public void To_take_ourselves_out_the_rule_goes_before_its_set_and_nothing_of_the_panels()
    {
        var scripts = BtPanelWriter.Scripts(Mark, Read(), TrafficSet.Empty, []);
        scripts.Fill.ShouldBeEmpty();
        scripts.Rules.Split('\n').Where(line => line.StartsWith('-')).ShouldHaveSingleItem().ShouldStartWith($"-D IN_BT_user_ip -p tcp -m set --match-set {Mark.Set} src ");
        scripts.TakeAway.ShouldBe($"destroy {Mark.Set}\n");
    }

    [Fact]
    public void Bans_are_lifted_by_the_element_that_ipset_holds()
    {
        var state = Read();
        var bans = BtPanelObservation.Of(state).Bans.Where(ban => ban.Prefix == IpPrefix.Parse("104.16.0.9/32")).ToImmutableArray();
        BtPanelWriter.Scripts(Mark, state, Held, bans).Lift.ShouldBe("del in_bt_user_drop_ipset 104.16.0.9\n");
    }

    [Theory]
    [InlineData("", FailureKind.Protocol)]
    [InlineData("*filter\n:INPUT ACCEPT [0:0]\n", FailureKind.Protocol)]
    [InlineData("table inet filter {\n}\n", FailureKind.Protocol)]
    [InlineData("*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n", FailureKind.Unavailable)]
    public void Rules_that_cannot_be_read_are_not_none(string rules, FailureKind kind) =>
        Should.Throw<ProviderException>(() => Read(rules)).Kind.ShouldBe(kind);

    [Fact]
    public void A_set_of_our_name_that_we_would_not_make_is_a_strangers() =>
        Should.Throw<ProviderException>(() => Read(null, $"create {Mark.Set} hash:ip family inet hashsize 1024 maxelem 65536\n")).Kind.ShouldBe(FailureKind.Conflict);

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(false, true, false)]
    [InlineData(true, false, false)]
    public void What_the_panel_has_saved_is_compared(bool withSet, bool withRule, bool isSaved)
    {
        var saved = BtPanelReader.ReadSaved("s", "p", withSet ? Sets : "create als_bt_x hash:n", withRule ? Rules : "*filter\nCOMMIT\n", Mark);
        (Read() with { Saved = saved }).IsSaved.ShouldBe(isSaved);
    }

    [Fact]
    public void Names_of_ours_hold_the_words_by_which_the_panel_saves()
    {
        Mark.Set.ShouldContain("_bt_");
        Mark.NewSet.ShouldContain("_bt_");
        Mark.Set.Length.ShouldBeLessThan(32);
        BtPanelReader.Chain.ShouldContain("_BT");
    }

    private static BtPanelState Read(string? rules = null, string? sets = null) => BtPanelReader.Read(Encoding.UTF8.GetBytes(rules ?? Rules), Encoding.UTF8.GetBytes(sets ?? Sets), Mark, null);

    private static string Golden(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "btpanel", name));
}
