using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading;
using AllowlistSync.Reachability.Reading.Iptables;
using Shouldly;

namespace AllowlistSync.Reachability.Tests.Reading.Iptables;

/// <summary>What iptables-restore --noflush does, one claim each; the kernel bears them out in ChangeScriptTests and ChangeScriptCases.</summary>
public sealed class RestoreScriptTests
{
    private const string Rules = """
        *filter
        :INPUT DROP [0:0]
        :FORWARD ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        :web - [0:0]
        :spare - [0:0]
        -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A INPUT -s 203.0.113.0/24 -j DROP
        -A INPUT -p tcp -m tcp --dport 80 -j web
        -A web -s 198.51.100.7/32 -j ACCEPT
        COMMIT

        """;

    private static readonly RestoreTool Legacy = new(Backend.Legacy, IpFamily.IPv4);

    [Theory]
    [InlineData("-A INPUT -p tcp --dport https -j ACCEPT", "INPUT", 4, "-A INPUT -p tcp -m tcp --dport 443 -j ACCEPT")]
    [InlineData("-A INPUT --jump DROP --source 10.1.2.3/8", "INPUT", 4, "-A INPUT -s 10.0.0.0/8 -j DROP")]
    [InlineData("[3:4] -A INPUT -p tcp --syn -j REJECT", "INPUT", 4, "-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j REJECT --reject-with icmp-port-unreachable")]
    [InlineData("-A INPUT -m comment --comment \"a \\\"b\\\" -j DROP\" -j ACCEPT", "INPUT", 4, "-A INPUT -m comment --comment \"a \\\"b\\\" -j DROP\" -j ACCEPT")]
    [InlineData("-I INPUT -j ACCEPT", "INPUT", 1, "-A INPUT -j ACCEPT")]
    [InlineData("-I INPUT 3 -j web", "INPUT", 3, "-A INPUT -j web")]
    [InlineData("-I INPUT 4 -j ACCEPT", "INPUT", 4, "-A INPUT -j ACCEPT")]
    [InlineData("-R INPUT 2 -j ACCEPT", "INPUT", 2, "-A INPUT -j ACCEPT")]
    [InlineData("-D INPUT 1", "INPUT", 1, "-A INPUT -s 203.0.113.0/24 -j DROP")]
    [InlineData("-D INPUT -p tcp --dport 80 -j web", "INPUT", 2, "-A INPUT -s 203.0.113.0/24 -j DROP")]
    [InlineData("-A INPUT -s 1.1.1.1,2.2.2.2 -j DROP", "INPUT", 5, "-A INPUT -s 2.2.2.2/32 -j DROP")]
    [InlineData("-I INPUT -s 1.1.1.1,2.2.2.2 -j DROP", "INPUT", 1, "-A INPUT -s 2.2.2.2/32 -j DROP")]
    [InlineData(":INPUT ACCEPT [1:2]", "INPUT", 3, "-A INPUT -p tcp -m tcp --dport 80 -j web")]
    [InlineData(":web - [0:0]\n-A web -j DROP", "web", 1, "-A web -j DROP")]
    public void A_line_does_to_a_chain_what_the_tool_does(string line, string chain, int number, string text)
    {
        var after = Apply(line);

        after.Gaps.ShouldBeEmpty();
        var rules = after.Tables.Single().Chains[chain].Rules;
        rules[number - 1].Text.ToString().ShouldBe(text);
        rules.Select(rule => rule.Number).ShouldBe(Enumerable.Range(1, rules.Length));
    }

    [Fact]
    public void Declaring_a_chain_of_a_user_empties_it_and_declaring_INPUT_sets_its_policy_only()
    {
        var after = Apply(":web - [0:0]\n:INPUT ACCEPT [0:0]\n:FORWARD - [0:0]").Tables.Single();

        after.Chains["web"].Rules.ShouldBeEmpty();
        after.Chains["INPUT"].Rules.Length.ShouldBe(3);
        after.Chains["INPUT"].Base!.DropsByDefault.ShouldBeFalse();
        after.Chains["FORWARD"].Base!.DropsByDefault.ShouldBeFalse();
    }

    [Fact]
    public void A_chain_goes_once_it_is_empty_and_nothing_leads_to_it() =>
        Apply("-D INPUT 3\n-F web\n-X web\n-X").Tables.Single().Chains.Keys.ShouldBe(["INPUT", "FORWARD", "OUTPUT"], ignoreOrder: true);

    [Theory]
    [InlineData("-X web", "holds rules")]
    [InlineData("-F web\n-X web", "rules lead to it")]
    [InlineData("-X", "holds rules")]
    [InlineData("-X INPUT", "no chain INPUT of a user")]
    [InlineData("-A nobody -j DROP", "no such chain nobody")]
    [InlineData("-A INPUT -j later\n:later - [0:0]", "no chain later")]
    [InlineData("-A INPUT -j OUTPUT", "no chain OUTPUT to go to")]
    [InlineData("-I INPUT 5 -j DROP", "has 3 rules")]
    [InlineData("-I INPUT 0 -j DROP", "has 3 rules")]
    [InlineData("-D INPUT 4", "no rule of that number")]
    [InlineData("-D INPUT -s 203.0.113.0/25 -j DROP", "no such rule")]
    [InlineData("-A INPUT --dport 80 -j DROP", "not understood")]
    [InlineData("-A INPUT -s 1.1.1.1 --dport 80 -j DROP", "option of nothing")]
    [InlineData("-A INPUT -m nothing -j DROP", "match nothing")]
    [InlineData("-A INPUT -p tcp --dport 80000 -j DROP", "not understood")]
    [InlineData("-A INPUT -s host.example.org -j DROP", "not understood")]
    [InlineData("-A INPUT -s 2001:db8::1 -j DROP", "not understood")]
    [InlineData("-A INPUT -o eth0 -j DROP", "-o is not possible")]
    [InlineData("-A INPUT -t filter -j DROP", "cannot stand in a script")]
    [InlineData("-A INPUT -j MASQUERADE", "not possible in table filter")]
    [InlineData("-A INPUT -m set --match-set nobody src -j DROP", "no set nobody")]
    [InlineData("-A spare -j web\n-A web -j spare", "in a circle")]
    [InlineData(":spare DROP [0:0]", "only a chain of the packet path")]
    [InlineData(":spare", "no policy")]
    [InlineData("-P spare DROP", "no such chain")]
    [InlineData("-P INPUT REJECT", "no policy that")]
    [InlineData("-N web", "cannot be called")]
    [InlineData("-N DROP", "cannot be called")]
    [InlineData("-N a-name-of-twenty-nine-letters", "cannot be called")]
    [InlineData("-E web site", "not understood")]
    [InlineData(" :spare - [0:0]", "not understood")]
    [InlineData("*nat", "not understood")]
    public void What_the_tool_refuses_is_a_gap_and_changes_nothing(string lines, string why)
    {
        var before = Read(Rules);
        var after = RestoreScript.Apply(before, Legacy, $"*filter\n{lines}\nCOMMIT\n");

        after.Gaps.Single().Message.ShouldContain(why);
        after.Gaps.Single().Families.ShouldBe(Families.IPv4);
        after.Tables.ShouldBe(before.Tables);
    }

    [Theory]
    [InlineData("*filter\n-F INPUT\n", "without a COMMIT")]
    [InlineData("*filter\n-F INPUT\nCOMMIT", "not understood")]
    [InlineData("-F INPUT\n", "a table was to start here")]
    [InlineData("*nothing\nCOMMIT\n", "no such table")]
    public void A_script_without_its_frame_is_a_gap(string script, string why)
    {
        var after = RestoreScript.Apply(Read(Rules), Legacy, script);

        after.Gaps.Single().Message.ShouldContain(why);
        after.Tables.Single().Chains["INPUT"].Rules.Length.ShouldBe(3);
    }

    [Fact]
    public void Each_table_counts_from_its_own_COMMIT()
    {
        var after = RestoreScript.Apply(Read(Rules), Legacy, "*nat\n-A PREROUTING -p tcp -m tcp --dport 81 -j REDIRECT --to-ports 80\nCOMMIT\n*filter\n-F nobody\nCOMMIT\n");

        after.Gaps.Length.ShouldBe(1);
        after.Tables.Select(table => table.Name).ShouldBe(["filter", "nat"]);
    }

    [Theory]
    [InlineData(Backend.Legacy, "FORWARD INPUT OUTPUT POSTROUTING PREROUTING")]
    [InlineData(Backend.NfTables, "INPUT OUTPUT")]
    public void A_table_that_is_not_there_is_made_with_the_chains_that_the_engine_makes(Backend backend, string chains)
    {
        var after = RestoreScript.Apply(RuleSet.Empty, new(backend, IpFamily.IPv6), "*mangle\n:INPUT DROP [0:0]\n-A OUTPUT -d 2001:db8::1 -j ACCEPT\nCOMMIT\n");

        after.Gaps.ShouldBeEmpty();
        var table = after.Tables.Single();
        (table.Backend, table.Family, table.Name).ShouldBe((backend, "ip6", "mangle"));
        string.Join(' ', table.Chains.Keys.Order(StringComparer.Ordinal)).ShouldBe(chains);
        table.Chains["INPUT"].Base.ShouldBe(new BaseChain(ChainType.Filter, Hook.Input, -150, DropsByDefault: true));
        table.Chains["OUTPUT"].Base!.Type.ShouldBe(backend == Backend.NfTables ? ChainType.Route : ChainType.Filter);
    }

    [Fact]
    public void A_circle_that_no_packet_comes_to_is_taken() => Apply("-A spare -j spare").Gaps.ShouldBeEmpty();

    private static RuleSet Apply(string lines) => RestoreScript.Apply(Read(Rules), Legacy, $"*filter\n{lines}\nCOMMIT\n");

    private static RuleSet Read(string save) => RuleSetReader.Read([new Dump("save", Encoding.UTF8.GetBytes(save)) { Kind = DumpKind.IptablesLegacy }, new Dump("ipset", default) { Kind = DumpKind.Ipset }]);
}
