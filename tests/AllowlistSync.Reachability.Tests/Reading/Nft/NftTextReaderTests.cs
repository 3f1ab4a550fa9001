using System.Text;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading;
using AllowlistSync.Reachability.Reading.Nft;
using Shouldly;

namespace AllowlistSync.Reachability.Tests.Reading.Nft;

public sealed class NftTextReaderTests
{
    [Theory]
    [InlineData("tcp dport http accept", "tcp dport 80 accept")]
    [InlineData("tcp dport { ssh, 8000-9000 } accept", "tcp dport { 22, 8000-9000 } accept")]
    [InlineData("tcp dport vmap { https : drop }", "tcp dport vmap { 443 : drop }")]
    [InlineData("tcp dport eq 80 accept", "tcp dport == 80 accept")]
    [InlineData("tcp dport ne 80 accept", "tcp dport != 80 accept")]
    [InlineData("tcp dport 80 \\\n accept", "tcp dport 80 accept")]
    [InlineData("tcp dport { 80, # the web\n 443,\n } accept", "tcp dport { 80, 443 } accept")]
    [InlineData("ip saddr 10.0.0.0/8 counter packets 0 bytes 0 accept comment \"x\"", "ip saddr 10.0.0.0/8 accept")]
    [InlineData("tcp flags & (syn | ack) == syn drop", "tcp flags syn / syn,ack drop")]
    [InlineData("@th,16,16 80 drop", "th dport 80 drop")]
    [InlineData("ct original ip daddr 1.2.3.4 drop", "ct original ip daddr { 1.2.3.4 } drop")]
    [InlineData("meta mark 0x10 drop", "mark 16 drop")]
    public void Two_spellings_mean_the_same(string one, string other) =>
        Steps(one).ShouldBe(Steps(other));

    [Theory]
    [InlineData("filter", 0)]
    [InlineData("filter - 1", -1)]
    [InlineData("filter-1", -1)]
    [InlineData("\"filter - 1\"", -1)]
    [InlineData("mangle + 10", -140)]
    [InlineData("-300", -300)]
    [InlineData("security", 50)]
    [InlineData("$prio", -101)]
    [InlineData("$named + 3", 53)]
    public void Priorities_have_names_and_offsets(string priority, int expected) =>
        Read($"define prio = dstnat - 1\ndefine named = security\ntable inet t {{ chain c {{ type filter hook input priority {priority}; policy drop; }} }}")
            .Tables[0].Chains["c"].Base.ShouldBe(new BaseChain(ChainType.Filter, Hook.Input, expected, DropsByDefault: true));

    [Fact]
    public void In_a_bridge_the_names_of_priorities_mean_other_numbers() =>
        Read("table bridge t { chain c { type filter hook input priority filter; }; }").Tables[0].Chains["c"].Base!.Priority.ShouldBe(-200);

    [Theory]
    [InlineData("device eth0")]
    [InlineData("device \"eth0\"")]
    [InlineData("devices = { eth0 }")]
    [InlineData("device $dev")]
    public void Devices_of_ingress_chains_are_read(string devices) =>
        Read($"define dev = eth0\ntable netdev t {{ chain c {{ type filter hook ingress {devices} priority 0; }} }}").Tables[0].Chains["c"].Base!.Devices.ShouldBe(["eth0"]);

    [Fact]
    public void Variables_hold_values_sets_and_other_variables()
    {
        var reading = Read("""
            define nets = { 10.0.0.0/8, 192.168.0.0/16 }
            define all = { $nets, 1.2.3.4 }
            define web = 80
            table inet t { chain c { ip saddr $all tcp dport { $web, 443 } accept } }
            """);
        Lines(reading).ShouldBe(Lines(Read("table inet t { chain c { ip saddr { 10.0.0.0/8, 192.168.0.0/16, 1.2.3.4 } tcp dport { 80, 443 } accept\n } }")));
    }

    [Fact]
    public void Tables_of_one_name_are_one_table_and_commands_add_to_it()
    {
        var reading = Read("""
            flush ruleset
            table inet t { chain c { tcp dport 1 drop; }; }
            add rule inet t c tcp dport 3 drop
            insert rule inet t c tcp dport 0 drop
            table inet t { chain c { tcp dport 4 drop; }; }
            add rule inet t c index 1 tcp dport 2 drop
            """);
        Lines(reading).ShouldBe(Lines(Read("table inet t { chain c { tcp dport 0 drop; tcp dport 1 drop; tcp dport 2 drop; tcp dport 3 drop; tcp dport 4 drop; }; }")));
    }

    [Fact]
    public void A_rule_keeps_its_text_and_handle()
    {
        var rule = Read("table inet t { # handle 3\n chain c { # handle 1\n\t\ttcp dport 80  accept comment \"x\" # handle 12\n } }").Tables[0].Chains["c"].Rules.ShouldHaveSingleItem();
        rule.Text.ToString().ShouldBe("tcp dport 80  accept comment \"x\"");
        rule.Handle.ShouldBe(12);
    }

    [Theory]
    [InlineData("frobnicate 5 drop", "unknown statement NotUnderstood False", "Decide")]
    [InlineData("tcp dport 22 frobnicate { a, b } accept", "TcpDestinationPort in 16", "unknown statement NotUnderstood False", "Decide")]
    [InlineData("tcp dport nosuchservice accept", "unknown condition NotUnderstood False", "Decide")]
    [InlineData("ip saddr $nowhere accept", "unknown statement NotUnderstood False", "Decide")]
    [InlineData("ip saddr @nowhere accept", "IPv4Source in 0-", "unknown condition NotRead False", "Decide")]
    [InlineData("limit rate 5/second accept", "unknown condition Rate False", "Decide")]
    [InlineData("queue num 1 bypass", "unknown statement Host False")]
    [InlineData("xt match \"multiport\" drop", "XtStep", "Decide")]
    [InlineData("xt target REJECT", "XtStep")]
    [InlineData("drop # xt_nothing", "Decide", "XtStep")]
    public void What_is_not_understood_stays_in_its_place(string rule, params string[] expected)
    {
        var steps = Steps(rule).Split(" ; ");
        steps.Select((step, i) => step[..Math.Min(step.Length, i < expected.Length ? expected[i].Length : 0)]).ShouldBe(expected, Steps(rule));
    }

    [Fact]
    public void What_an_include_would_bring_is_a_gap() =>
        Read("include \"/etc/nftables.d/*.nft\"\ntable inet t { }").Gaps.ShouldHaveSingleItem().Message.ShouldBe("test, line 1: include \"/etc/nftables.d/*.nft\" is not followed; the rules of that file are missing");

    [Theory]
    [InlineData("table inet t { }\nfrobnicate it")]
    [InlineData("table inet t { frobnicate { a b }\n }")]
    [InlineData("table inet t { chain c { type filter hook nowhere priority 0; }; }")]
    [InlineData("table inet t { chain c { type filter hook input priority soon; }; }")]
    [InlineData("table inet t { chain c { type filter hook input priority 0; policy $unset; }; }")]
    [InlineData("table inet t { }\nadd rule inet other c accept")]
    [InlineData("table inet t { chain c { policy reject; }; }")]
    public void What_has_no_place_is_a_gap(string text) => Read(text).Gaps.ShouldNotBeEmpty();

    private static string Steps(string rule) =>
        string.Join(" ; ", Read($"table inet t {{ chain c {{\n{rule}\n}} }}").Tables[0].Chains["c"].Rules.ShouldHaveSingleItem().Steps.Select(NftTextModel.Step));

    private static IReadOnlyList<string> Lines(NftReading reading) => NftTextModel.Lines(reading);

    private static NftReading Read(string text) => NftTextReader.Read(new Dump("test", Encoding.UTF8.GetBytes(text)));
}
