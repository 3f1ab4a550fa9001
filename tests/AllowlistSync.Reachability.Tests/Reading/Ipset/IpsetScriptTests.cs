using System.Text;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading;
using AllowlistSync.Reachability.Reading.Ipset;
using AllowlistSync.Reachability.Tests.Kernel.Scripts;
using Shouldly;

namespace AllowlistSync.Reachability.Tests.Reading.Ipset;

/// <summary>What ipset restore does, one claim each, and that the rules that ask a set follow it.</summary>
public sealed class IpsetScriptTests
{
    // ipset 7.17.
    private const string Sets = """
        create web hash:net family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x2d0a4a53
        add web 104.16.0.0/13
        add web 131.0.72.0/22
        create hosts hash:ip family inet hashsize 1024 maxelem 4 bucketsize 12 initval 0x11
        add hosts 198.51.100.1
        create six hash:net family inet6 hashsize 1024 maxelem 65536 bucketsize 12 initval 0x12
        add six 2400:cb00::/32
        create ports bitmap:port range 0-1023
        add ports 80
        create all list:set size 8
        add all web
        create loose hash:net family inet hashsize 1024 maxelem 65536 comment bucketsize 12 initval 0x13
        add loose 192.0.2.0/24 comment "two words"
        create pairs hash:ip,port family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x14
        add pairs 198.51.100.1,tcp:80

        """;

    private const string Rules = "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m set ! --match-set web src -j DROP\n-A INPUT -m set --match-set all src -j ACCEPT\n-A INPUT -j DROP\nCOMMIT\n";

    [Theory]
    [InlineData("add web 10.0.0.0/8", "web", "10.0.0.0/8 104.16.0.0/13 131.0.72.0/22")]
    [InlineData("add web 10.1.2.3/8\nadd web 10.0.0.0/7", "web", "10.0.0.0/7 10.0.0.0/8 104.16.0.0/13 131.0.72.0/22")]
    [InlineData("add web 104.16.0.0/13 -exist", "web", "104.16.0.0/13 131.0.72.0/22")]
    [InlineData("-exist add web 104.16.0.0/13 nomatch", "web", "104.16.0.0/13! 131.0.72.0/22")]
    [InlineData("add web 10.0.0.0-10.0.2.255", "web", "10.0.0.0/23 10.0.2.0/24 104.16.0.0/13 131.0.72.0/22")]
    [InlineData("del web 104.16.0.0/13", "web", "131.0.72.0/22")]
    [InlineData("del web 104.16.0.0/14 -exist", "web", "104.16.0.0/13 131.0.72.0/22")]
    [InlineData("flush web\nadd web 1.1.1.1", "web", "1.1.1.1/32")]
    [InlineData("add hosts 198.51.100.2/31", "hosts", "198.51.100.1/32 198.51.100.2/32 198.51.100.3/32")]
    [InlineData("add ports 443-444", "ports", "443 444 80")]
    [InlineData("del pairs 198.51.100.1,80\nadd pairs 198.51.100.1,udp:443", "pairs", "198.51.100.1/32,17:443")]
    [InlineData("del loose 192.0.2.0/24\nadd loose 10.0.0.0/8 comment \"add web 1.1.1.1\"", "loose", "10.0.0.0/8")]
    [InlineData("create new hash:net\nadd new 7.0.0.0/8\nswap new web\ndestroy new", "web", "7.0.0.0/8")]
    [InlineData("create new hash:net\nadd new 7.0.0.0/8\nswap new web", "new", "104.16.0.0/13 131.0.72.0/22")]
    [InlineData("rename hosts people", "people", "198.51.100.1/32")]
    [InlineData("create web hash:net family inet maxelem 65536 -exist", "web", "104.16.0.0/13 131.0.72.0/22")]
    [InlineData("# a comment\n\nCOMMIT\nquit\nflush web", "web", "104.16.0.0/13 131.0.72.0/22")]
    public void A_line_does_to_a_set_what_the_tool_does(string script, string set, string elements)
    {
        var after = IpsetScript.Apply(Read(), script);

        after.Gaps.ShouldBeEmpty();
        ModelText.Of(after).ShouldContain(line => line.StartsWith($"set {set} ", StringComparison.Ordinal) && line.EndsWith(" " + elements, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("add web 104.16.0.0/13", "already")]
    [InlineData("add web 10.0.0.0/8\nadd web 104.16.0.0/13 -exist", "already")]
    [InlineData("del web 104.16.0.0/14", "not in the set")]
    [InlineData("add nobody 1.1.1.1", "no set nobody")]
    [InlineData("add web 0.0.0.0/0", "cannot be added")]
    [InlineData("add web 2001:db8::/32", "cannot be added")]
    [InlineData("add web 10.0.0.0/8 timeout 5", "cannot be added")]
    [InlineData("add web host.example.org", "cannot be added")]
    [InlineData("add hosts 10.0.0.0/29", "full")]
    [InlineData("add ports 2000", "cannot be added")]
    [InlineData("create web hash:net", "another set")]
    [InlineData("create web hash:net maxelem 10 -exist", "another set")]
    [InlineData("create new hash:nothing", "not understood")]
    [InlineData("create new hash:net frobnicate", "not understood")]
    [InlineData("destroy web", "in use")]
    [InlineData("destroy nobody", "no set nobody")]
    [InlineData("rename web www", "in use")]
    [InlineData("rename hosts loose", "taken")]
    [InlineData("swap web six", "one type and family")]
    [InlineData("swap web hosts", "one type and family")]
    [InlineData("add all nobody", "no set that a list can hold")]
    [InlineData("list web", "not understood")]
    public void What_the_tool_refuses_is_a_gap(string script, string why) => IpsetScript.Apply(Read(), script).Gaps.Single().Message.ShouldContain(why);

    [Fact]
    public void Rules_follow_the_sets_that_they_name_and_the_lists_that_hold_those()
    {
        var before = Read();
        var after = IpsetScript.Apply(before, "create new hash:net\nadd new 7.0.0.0/8\nswap new web\ndestroy new\n");

        var (rules, old) = (after.Tables.Single().Chains["INPUT"].Rules, before.Tables.Single().Chains["INPUT"].Rules);
        rules[0].Steps[0].ShouldBeOfType<FieldCondition>().Values.ShouldBe(NumberSet.Of(0x07000000, 0x07ffffff));
        rules[1].Steps[0].ShouldBeOfType<AnyOfCondition>().Conditions.Single().ShouldBeOfType<FieldCondition>().Values.ShouldBe(NumberSet.Of(0x07000000, 0x07ffffff));
        rules[2].ShouldBeSameAs(old[2]);
    }

    [Fact]
    public void Without_a_listing_of_the_sets_nothing_is_known() =>
        IpsetScript.Apply(Read() with { IpSets = null }, "create x hash:net\n").Gaps.Single().Message.ShouldContain("were not listed");

    [Fact]
    public void A_set_is_read_from_its_text_as_from_the_dump()
    {
        var listing = IpsetReader.Read(new Dump("ipset", Encoding.UTF8.GetBytes(Sets)) { Kind = DumpKind.Ipset });

        foreach (var (name, set) in listing.Sets)
        {
            var read = SetText.Read(listing.Texts[name]);
            (read.Type, read.Family, read.Numbers).ShouldBe((set.Type, set.Family, set.Numbers), name);
            (read.Members ?? []).ShouldBe(set.Members ?? [], name);
        }
    }

    private static RuleSet Read() => RuleSetReader.Read(
        [new Dump("ipset", Encoding.UTF8.GetBytes(Sets)) { Kind = DumpKind.Ipset }, new Dump("save", Encoding.UTF8.GetBytes(Rules)) { Kind = DumpKind.IptablesLegacy }]);
}
