using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Providers.Host.Iptables;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Iptables;

public sealed class AcceptRuleTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_written_is_read_back(bool beforeTranslation)
    {
        var ports = IptablesGolden.Ports("22", "80", "8000-8010", "1-5/udp", "443/udp");
        var rules = AcceptRule.ForSet("als-test/web/v4", ports, beforeTranslation).Concat(AcceptRule.ForPrefixes([IpPrefix.Parse("10.0.0.0/8")], ports, beforeTranslation)).ToList();

        rules.Count.ShouldBe(beforeTranslation ? 10 : 4);
        rules.ShouldAllBe(rule => AcceptRule.Read(rule.Text(IptablesGolden.Mark), IptablesGolden.Mark, IpFamily.IPv4) == rule);
    }

    [Fact]
    public void A_rule_has_at_most_fifteen_ports_and_a_range_counts_two()
    {
        var ports = PortSet.Of([.. Enumerable.Range(1, 14).Select(i => PortRange.Tcp((ushort)(i * 10))), new PortRange(TransportProtocol.Tcp, 8000, 8010), PortRange.Tcp(9000)]);

        var rules = AcceptRule.ForSet("s", ports, beforeTranslation: false).ToList();

        rules.Select(rule => rule.Ports.Ranges.Length).ShouldBe([14, 2]);
        PortSet.Of(rules.SelectMany(rule => rule.Ports.Ranges)).ShouldBe(ports);
    }

    [Theory]
    [InlineData("0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1")]
    [InlineData("::/0", "::/1", "8000::/1")]
    public void Everything_is_written_as_its_two_halves(string all, string low, string high) =>
        AcceptRule.Halves(IpPrefix.Parse(all)).ShouldBe([IpPrefix.Parse(low), IpPrefix.Parse(high)]);

    [Theory]
    [InlineData("-p tcp -m set --match-set als-test/web/v4 src -m multiport --dports 80 {0} -j DROP")]
    [InlineData("-p tcp -m set --match-set als-test/web/v4 dst -m multiport --dports 80 {0} -j ACCEPT")]
    [InlineData("-p tcp -m set ! --match-set als-test/web/v4 src -m multiport --dports 80 {0} -j ACCEPT")]
    [InlineData("-p tcp -m set --match-set als-test/web/v4 src -m multiport --sports 80 {0} -j ACCEPT")]
    [InlineData("-p tcp -m set --match-set als-test/web/v4 src {0} -j ACCEPT")]
    [InlineData("-p tcp -m multiport --dports 80 {0} -j ACCEPT")]
    [InlineData("-p icmp -m set --match-set als-test/web/v4 src -m multiport --dports 80 {0} -j ACCEPT")]
    [InlineData("-i eth0 -p tcp -m set --match-set als-test/web/v4 src -m multiport --dports 80 {0} -j ACCEPT")]
    [InlineData("-s 2400:cb00::/32 -p tcp -m multiport --dports 80 {0} -j ACCEPT")]
    [InlineData("-s 10.0.0.0/8 -p tcp -m conntrack --ctorigdstport 80 {0} -j ACCEPT")]
    [InlineData("-p tcp -m set --match-set als-test/web/v4 src -m multiport --dports 80 -j ACCEPT")]
    public void A_rule_that_somebody_edited_is_not_taken_for_ours(string text) =>
        AcceptRule.Read(text.Replace("{0}", IptablesGolden.Mark.Match, StringComparison.Ordinal), IptablesGolden.Mark, IpFamily.IPv4).ShouldBeNull();

    [Fact]
    public void Names_fit_into_their_limits_and_stay_apart()
    {
        string[] names = ["web", "w", "a-very-long-name-of-a-target-001", "a-very-long-name-of-a-target-002", new('x', 32)];
        var marks = names.SelectMany(name => new[] { "allowlist-sync", "als", new string('o', 32) }.Select(owner => IptablesMark.Of(Target(owner, name)))).ToList();

        marks.Select(mark => mark.Chain).ShouldBeUnique();
        marks.ShouldAllBe(mark => mark.Chain.Length <= 28 && mark.NewSet(IpFamily.IPv6).Length <= 31 && mark.Comment.Length <= 255);
        IptablesMark.Of(Target("allowlist-sync", "web")).Set(IpFamily.IPv4).ShouldBe("allowlist-sync/web/v4");
        IptablesMark.Of(Target("allowlist-sync", "a-very-long-name-of-a-target-001")).Chain.ShouldBe("allowlist-sync/a-v~b9790f85");
    }

    private static Target Target(string owner, string name) =>
        new() { Name = name, Provider = "iptables", Allow = [], Ports = PortSet.Empty, Owner = Owner.TryCreate(owner, out var made) ? made : throw new ArgumentException(owner, nameof(owner)) };
}
