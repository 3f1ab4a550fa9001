using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Ufw;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Ufw;

public sealed class UfwReaderTests
{
    [Fact]
    public void A_file_of_ufw_is_read_rule_by_rule_and_its_text_is_kept()
    {
        var file = UfwReader.ReadRules(UfwGolden.Rules, IpFamily.IPv4);

        file.Text.ShouldBe(UfwGolden.Rules);
        file.Entries.Where(entry => entry.Tuple is not null).Select(entry => $"{entry.Tuple!.Action} {entry.Tuple.Ports} {entry.Tuple.Way} {entry.Rules.Length}").ShouldBe(
            ["allow 22 in 1", "limit 2222 in 3", "deny_log 23 in 4", "allow 80,443 in 1", "route:allow any in_lo!out_lo 0", "reject 25 out 0", "allow 80,443 in 1", "allow 443 in 1"]);
    }

    [Fact]
    public void The_fresh_file_of_the_package_has_no_rules_and_no_end_of_them() =>
        UfwReader.ReadRules(UfwGolden.Text("ufw.fresh.user.rules"), IpFamily.IPv4).Entries.ShouldBeEmpty();

    [Fact]
    public void The_kernels_chain_is_read_in_order_with_what_is_of_our_shape()
    {
        var chain = UfwReader.ReadChain(UfwGolden.Save, IpFamily.IPv4, "iptables-nft-save").ShouldNotBeNull();

        chain.Rules.Length.ShouldBe(11);
        chain.Rules.Select(rule => rule.Rule).OfType<UfwRule>().Select(rule => $"{rule.Source} {rule.Ports}").ShouldBe(["198.51.100.0/24 22", "104.16.0.0/13 80,443", "131.0.72.1/32 443"]);
        UfwReader.ReadChain(UfwGolden.Save, IpFamily.IPv6, "x").ShouldBeNull("that chain is of the other family");
        UfwReader.ReadChain("", IpFamily.IPv4, "x").ShouldBeNull("iptables-nft-save says nothing where there is no table");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(500)]
    [InlineData(2_000)]
    public void Half_a_listing_is_a_failure_and_never_an_empty_chain(int length) =>
        Should.Throw<ProviderException>(() => UfwReader.ReadChain(UfwGolden.Save[..length], IpFamily.IPv4, "iptables-nft-save")).Kind.ShouldBe(FailureKind.Protocol);

    [Theory]
    [InlineData("### tuple ### allow tcp 80,443 0.0.0.0/0 any 104.16.0.0/13 in comment=616c73", "104.16.0.0/13 80,443")]
    [InlineData("### tuple ###   allow  tcp 443\t0.0.0.0/0 any 104.16.0.1 in", "104.16.0.1/32 443")]
    [InlineData("### tuple ### allow_log udp 443,8000:8010 0.0.0.0/0 any 104.16.0.0/13 in", "104.16.0.0/13 443/udp,8000-8010/udp")]
    [InlineData("### tuple ### allow tcp 443 0.0.0.0/0 any 104.16.0.0/13 in_eth0", null)]
    [InlineData("### tuple ### allow tcp 443 0.0.0.0/0 any 104.16.0.0/13 out", null)]
    [InlineData("### tuple ### allow tcp 443 192.0.2.2 any 104.16.0.0/13 in", null)]
    [InlineData("### tuple ### allow any 443 0.0.0.0/0 any 104.16.0.0/13 in", null)]
    [InlineData("### tuple ### allow tcp 80,443 0.0.0.0/0 any 104.24.0.0/14 AlsWeb - in comment=616c73", null)]
    [InlineData("### tuple ### route:allow tcp 443 0.0.0.0/0 any 104.16.0.0/13 in", null)]
    [InlineData("### tuple ### deny tcp 443 0.0.0.0/0 any 104.16.0.0/13 in", null)]
    public void Only_what_allows_a_prefix_on_ports_is_of_our_shape(string line, string? rule) =>
        (UfwTuple.Read(line).ShouldNotBeNull().Allows(IpFamily.IPv4) is { } found ? $"{found.Source} {found.Ports}" : null).ShouldBe(rule);

    [Theory]
    [InlineData("deny any any 0.0.0.0/0 any 104.16.7.7 in", true)]
    [InlineData("deny any any 0.0.0.0/0 any 0.0.0.0/0 in_eth0", true)]
    [InlineData("limit tcp 443 0.0.0.0/0 any 0.0.0.0/0 in", true)]
    [InlineData("reject tcp 400:500 192.0.2.2 any 0.0.0.0/0 in", true)]
    [InlineData("deny any any 0.0.0.0/0 any 203.0.113.5 in", false)]
    [InlineData("deny any 440:445 0.0.0.0/0 any 0.0.0.0/0 in", true)]
    [InlineData("deny_log any 23 0.0.0.0/0 any 0.0.0.0/0 in", false)]
    [InlineData("deny udp 443 0.0.0.0/0 any 0.0.0.0/0 in", false)]
    [InlineData("deny tcp 22 0.0.0.0/0 any 0.0.0.0/0 in", false)]
    [InlineData("deny tcp 443 0.0.0.0/0 any 0.0.0.0/0 out", false)]
    [InlineData("allow any any 0.0.0.0/0 any 0.0.0.0/0 in", false)]
    public void A_rule_ahead_of_ours_counts_only_when_it_may_block_our_traffic(string words, bool mayBlock) =>
        UfwTuple.Read($"{UfwTuple.Start} {words}")!.MayBlock(TrafficSet.Of(PrefixSet.Of(IpPrefix.Parse("104.16.0.0/13")), UfwGolden.Target.Ports)).ShouldBe(mayBlock);

    [Theory]
    [InlineData("ENABLED=no\n#ENABLED=yes\n", "ENABLED", "no")]
    [InlineData("# x\n IPV6=\"YES\" \n", "IPV6", "yes")]
    [InlineData("LOGLEVEL=low\n", "ENABLED", null)]
    public void A_switch_is_read_as_ufw_reads_it(string text, string name, string? value) => UfwReader.ReadVariable(text, name).ShouldBe(value);
}
