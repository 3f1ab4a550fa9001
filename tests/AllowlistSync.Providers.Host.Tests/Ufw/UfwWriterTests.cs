using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Ufw;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Ufw;

public sealed class UfwWriterTests
{
    [Fact]
    public void Ours_are_moved_to_the_front_and_taken_out_without_a_trace()
    {
        var state = UfwGolden.State();
        var rules = Rules(UfwGolden.Observe(state).Allowed);

        var moved = UfwWriter.Edits(state, UfwGolden.Mark, rules)[0];
        moved.After.ShouldContain($"### RULES ###\n\n### tuple ### allow tcp 80,443 0.0.0.0/0 any 104.16.0.0/13 in comment={UfwGolden.Mark.Hex}\n-A ufw-user-input -p tcp -m multiport --dports 80,443 -s 104.16.0.0/13 -j ACCEPT\n\n### tuple ### allow tcp 443 0.0.0.0/0 any 131.0.72.1 in");
        moved.Loads.ShouldBeTrue();

        var without = UfwWriter.Edits(state, UfwGolden.Mark, []);
        var again = UfwGolden.State(without[0].After);
        again = again with { IPv4 = again.IPv4 with { Chain = null } };
        UfwGolden.Observe(again).Existence.ShouldBe(Existence.Absent);
        UfwWriter.Edits(again, UfwGolden.Mark, rules)[0].After.ShouldBe(moved.After);
        without[1].Writes.ShouldBeFalse("nothing of ours is in the other file");
    }

    [Fact]
    public void More_than_fifteen_ports_and_both_transports_become_several_rules()
    {
        var ports = PortSet.Of([new PortRange(TransportProtocol.Tcp, 1000, 1010), PortRange.Udp(443), .. Enumerable.Range(0, 20).Select(i => PortRange.Tcp((ushort)(2000 + (2 * i))))]);

        var rules = Rules(TrafficSet.Of(PrefixSet.Of(IpPrefix.Parse("2400:cb00::1/128")), ports));

        rules.Length.ShouldBe(3);
        rules[0].Line().ShouldBe("-A ufw6-user-input -p tcp -m multiport --dports 1000:1010,2000,2002,2004,2006,2008,2010,2012,2014,2016,2018,2020,2022,2024 -s 2400:cb00::1 -j ACCEPT");
        rules[2].Tuple(UfwGolden.Mark).ShouldBe($"### tuple ### allow udp 443 ::/0 any 2400:cb00::1 in comment={UfwGolden.Mark.Hex}");
        rules[2].Line().ShouldBe("-A ufw6-user-input -p udp --dport 443 -s 2400:cb00::1 -j ACCEPT");
        UfwView.Traffic(rules).ShouldBe(TrafficSet.Of(PrefixSet.Of(IpPrefix.Parse("2400:cb00::1/128")), ports));
        rules.ShouldAllBe(rule => UfwRule.Read(rule.Line(), IpFamily.IPv6) == rule);
    }

    [Fact]
    public void A_half_started_ufw_and_rules_by_hand_are_conflicts()
    {
        Should.Throw<ProviderException>(() => UfwWriter.Edits(UfwGolden.State(isEnabled: false), UfwGolden.Mark, [])).Message.ShouldContain("ENABLED=no");
        var byHand = UfwGolden.Save.Replace("-A ufw-user-input -s 198.51.100.0/24", "-A ufw-user-input -s 1.2.3.4/32 -j DROP\n-A ufw-user-input -s 198.51.100.0/24", StringComparison.Ordinal);
        Should.Throw<ProviderException>(() => UfwWriter.Edits(UfwGolden.State(save: byHand), UfwGolden.Mark, [])).Message.ShouldContain("1 rules that are not in /etc/ufw/user.rules");
    }

    private static System.Collections.Immutable.ImmutableArray<UfwRule> Rules(TrafficSet traffic) => UfwWriter.Rules(traffic);
}
