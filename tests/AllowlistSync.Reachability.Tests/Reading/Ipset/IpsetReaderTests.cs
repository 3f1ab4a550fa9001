using System.Text;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading;
using Shouldly;

namespace AllowlistSync.Reachability.Tests.Reading.Ipset;

public sealed class IpsetReaderTests
{
    [Fact]
    public void The_most_specific_network_decides()
    {
        const string Sets = "create s hash:net family inet\nadd s 10.0.0.0/8\nadd s 10.1.0.0/16 nomatch timeout 5\nadd s 10.1.2.0/24 comment \"a b\"\n";
        Ask(Sets, "s src").ShouldBe(new FieldCondition(
            Field.IPv4Source,
            NumberSet.OfRanges([new(0x0a000000, 0x0a00ffff), new(0x0a010200, 0x0a0102ff), new(0x0a020000, 0x0affffff)])));
    }

    [Fact]
    public void A_netmask_makes_a_network_of_each_address()
    {
        Ask("create s hash:ip family inet netmask 24\nadd s 10.0.0.0\n", "s dst").ShouldBe(new FieldCondition(Field.IPv4Destination, NumberSet.Of(0x0a000000, 0x0a0000ff)));
    }

    [Fact]
    public void Ranges_of_a_bitmap_and_a_negation_are_kept()
    {
        Ask("create s bitmap:ip range 10.0.0.0-10.0.0.255\nadd s 10.0.0.4-10.0.0.9\n", "s src", "! ").ShouldBe(new FieldCondition(Field.IPv4Source, NumberSet.Of(0x0a000004, 0x0a000009), IsNegated: true));
        Ask("create s bitmap:port range 0-1024\nadd s 80\nadd s 81\n", "s dst").ShouldBe(new FieldCondition(Field.DestinationPort, NumberSet.Of(80, 81)));
    }

    [Fact]
    public void Each_part_of_an_element_has_its_direction_and_a_port_its_protocol()
    {
        var lookup = Ask("create s hash:ip,port,net family inet\nadd s 10.0.0.1,udp:53,192.0.2.0/24\nadd s 10.0.0.1,80,192.0.2.0/24 nomatch\n", "s dst,dst,src").ShouldBeOfType<LookupCondition>();
        lookup.Key.ShouldBe([Field.IPv4Destination, Field.Protocol, Field.DestinationPort, Field.IPv4Source]);
        lookup.Elements.Elements[0].Parts.ShouldBe([NumberSet.Of(0x0a000001), NumberSet.Of(17), NumberSet.Of(53), NumberSet.Of(0xc0000200, 0xc00002ff)]);
        lookup.Elements.Elements.Select(element => element.IsExcluded).ShouldBe([false, true]);
    }

    [Fact]
    public void A_packet_without_the_field_is_not_in_the_set_and_so_the_negation_holds()
    {
        Ask("create s hash:net,iface family inet\nadd s 10.0.0.0/8,eth0\n", "s src,dst", "! ").ShouldBeOfType<AnyOfCondition>().IsNegated.ShouldBeTrue();
    }

    [Theory]
    [InlineData("create s hash:ip,port family inet\nadd s 10.0.0.1,tcp:80\n", "s src")]
    [InlineData("create s hash:ip family inet6\nadd s 2001:db8::1\n", "s src")]
    public void Too_few_directions_or_another_family_never_match(string sets, string ask) => Ask(sets, ask).ShouldBe(FixedCondition.Never);

    [Fact]
    public void A_list_asks_its_members()
    {
        Ask("create a hash:ip family inet\nadd a 10.0.0.1\ncreate l list:set size 8\nadd l a\n", "l src").ShouldBeOfType<AnyOfCondition>()
            .Conditions.ShouldBe([new FieldCondition(Field.IPv4Source, NumberSet.Of(0x0a000001))]);
    }

    [Theory]
    [InlineData("create s hash:what family inet\nadd s 10.0.0.1\n")]
    [InlineData("create s hash:ip,mark family inet markmask 0xff\nadd s 10.0.0.1,0x1\n")]
    [InlineData("create s hash:ip family inet\nadd s somewhere\n")]
    public void What_is_not_understood_of_a_set_makes_its_match_unknown(string sets) => Ask(sets, "s src,src").ShouldBeOfType<UnknownCondition>().Reason.ShouldBe(UnknownReason.NotUnderstood);

    [Fact]
    public void A_cut_off_dump_is_refused()
    {
        Should.Throw<DumpException>(() => Ask("create s hash:ip family inet\nadd s\n", "s src")).Message.ShouldContain("line 2");
    }

    private static Condition Ask(string sets, string match, string negation = "")
    {
        var save = $"*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m set {negation}--match-set {match}\n-A INPUT -m set {negation}--match-set {match} -j DROP\nCOMMIT\n";
        var rules = RuleSetReader.Read([new("sets", Encoding.UTF8.GetBytes(sets)), new("save", Encoding.UTF8.GetBytes(save))]).Tables.Single().Chains["INPUT"].Rules;
        rules[0].Steps[0].ShouldBeSameAs(rules[1].Steps[0]);
        return rules[0].Steps.Single().ShouldBeAssignableTo<Condition>().ShouldNotBeNull();
    }
}
