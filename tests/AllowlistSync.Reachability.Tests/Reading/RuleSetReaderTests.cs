using System.Text;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading;
using Shouldly;

namespace AllowlistSync.Reachability.Tests.Reading;

public sealed class RuleSetReaderTests
{
    private const string Filter = "*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n";

    [Theory]
    [InlineData("{\"nftables\": [{\"table\": {\"family\": \"inet\", \"name\": \"t\", \"flags\": \"a\nb\"")]
    [InlineData("{\"nftables\": []}\n{")]
    public void Json_that_the_flags_of_a_dormant_table_spoil_is_made_up_for_by_the_text(string json)
    {
        const string Text = "table inet t { # handle 1\n\tflags dormant\n\tchain in { # handle 1\n\t\ttype filter hook input priority filter; policy drop;\n\t\ttcp dport 443 accept # handle 2\n\t}\n}\n";

        var rules = RuleSetReader.Read([Of("json", json) with { Kind = DumpKind.NftJson }, Of("text", Text)]);

        var table = rules.Tables.ShouldHaveSingleItem();
        table.IsDormant.ShouldBeTrue();
        table.Chains["in"].Rules.ShouldHaveSingleItem().Handle.ShouldBe(2);
        rules.Gaps.ShouldBeEmpty();
        Should.Throw<DumpException>(() => RuleSetReader.Read([Of("json", json) with { Kind = DumpKind.NftJson }]));
    }

    [Fact]
    public void A_save_is_read_with_the_sets_that_it_asks()
    {
        var rules = RuleSetReader.Read(
        [
            Of("rules", Filter + "-A INPUT -p tcp -m set --match-set ban src -j DROP\nCOMMIT\n"),
            Of("sets", "create ban hash:net family inet hashsize 1024 maxelem 65536\nadd ban 104.16.0.0/13\nadd ban 104.17.0.0/16 nomatch\n"),
        ]);

        var rule = rules.Tables.Single().Chains["INPUT"].Rules.Single();
        rule.Text.ToString().ShouldBe("-A INPUT -p tcp -m set --match-set ban src -j DROP");
        rule.Steps.ShouldBe([
            new FieldCondition(Field.Protocol, NumberSet.Of(6)),
            new FieldCondition(Field.IPv4Source, NumberSet.OfRanges([new(0x68100000, 0x6810ffff), new(0x68120000, 0x6817ffff)])),
            new Decide(Verdict.Drop),
        ]);
    }

    [Theory]
    [InlineData("*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j DROP\n", "COMMIT")]
    [InlineData("-A INPUT -j DROP\n", "none of the formats")]
    [InlineData("*filtre\nCOMMIT\n", "filtre")]
    [InlineData("*filter\n:INPUT\nCOMMIT\n", "line 2")]
    [InlineData("*filter\nCOMMIT\n-A INPUT -j DROP\n", "line 3")]
    [InlineData("*filter\nCOMMIT\n*filter\nCOMMIT\n", "twice")]
    public void What_is_no_whole_save_is_refused_with_its_place(string text, string part)
    {
        var problem = Should.Throw<DumpException>(() => RuleSetReader.Read([Of("rules.v4", text)]));
        problem.Message.ShouldContain("rules.v4");
        problem.Message.ShouldContain(part);
        problem.Remedy.ShouldNotBeEmpty();
    }

    private static Dump Of(string name, string text) => new(name, Encoding.UTF8.GetBytes(text));
}
