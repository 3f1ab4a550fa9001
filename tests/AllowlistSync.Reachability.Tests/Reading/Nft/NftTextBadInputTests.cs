using System.Diagnostics;
using System.Text;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading;
using AllowlistSync.Reachability.Reading.Nft;
using Shouldly;

namespace AllowlistSync.Reachability.Tests.Reading.Nft;

public sealed class NftTextBadInputTests
{
    [Theory]
    [InlineData("table inet t {\n chain c {\n  tcp dport 80 accept\n }\n")]
    [InlineData("table inet t {\n set s {\n  type ipv4_addr; elements = { 1.1.1.1,\n")]
    [InlineData("table inet t {\n chain c {\n  tcp dport { 80, 443")]
    [InlineData("table inet t {\n chain c {\n  jump { drop")]
    public void A_text_that_is_cut_off_is_refused_with_its_line(string text) =>
        Should.Throw<DumpException>(() => Read(text)).Message.ShouldStartWith("test, line ");

    [Theory]
    [InlineData("<html>\n<body>not found</body>")]
    [InlineData("Error: Could not process rule: Operation not permitted")]
    [InlineData("}}}}}")]
    public void A_text_of_something_else_is_refused(string text) => Should.Throw<DumpException>(() => Read(text)).Remedy.ShouldContain("nft list ruleset");

    [Fact]
    public void Every_beginning_of_a_rule_set_is_read_or_refused_and_nothing_else()
    {
        for (var length = 0; length < NftTextSamples.Conditions.Length; length += 17)
        {
            try
            {
                _ = Read(NftTextSamples.Conditions[..length]);
            }
            catch (DumpException exception)
            {
                exception.Message.ShouldStartWith("test, line ");
            }
        }

        Read(NftTextSamples.Conditions).Gaps.ShouldBeEmpty();
    }

    [Fact]
    public void A_text_with_any_character_changed_is_read_or_refused_and_nothing_else()
    {
        var random = new Random(7);
        var refused = 0;
        for (var round = 0; round < 600; round++)
        {
            var text = (round % 2 == 0 ? NftTextSamples.Conditions : NftTextSamples.Statements).ToCharArray();
            text[random.Next(text.Length)] = "{}();:@$\"\\,-/.x0 \n#"[random.Next(19)];
            try
            {
                _ = Read(new string(text));
            }
            catch (DumpException)
            {
                refused++;
            }
        }

        refused.ShouldBeInRange(1, 300);
    }

    [Fact]
    public void Deep_nesting_ends_in_an_unknown_step_and_not_in_a_crash()
    {
        var rule = Read($"table inet t {{ chain c {{ meta mark {new string('(', 50_000)}1{new string(')', 50_000)} drop\n }} }}").Tables[0].Chains["c"].Rules.ShouldHaveSingleItem();
        rule.Steps.ShouldContain(step => step is UnknownStatement);
        Read($"table inet t {{ chain c {{ ip saddr {new string('{', 5_000)}1.1.1.1{new string('}', 5_000)} drop\n }} }}").Tables[0].Chains["c"].Rules.ShouldNotBeEmpty();
    }

    [Fact]
    public void Jumps_in_a_circle_are_kept() =>
        Read("table inet t { chain a { jump b; }; chain b { jump a; }; }").Tables[0].Chains["b"].Rules[0].Steps.ShouldBe([new Decide(Verdict.Jump("a"))]);

    [Fact]
    public void Ten_times_as_many_lines_take_some_ten_times_as_long()
    {
        var few = TimeOf(20_000);
        var many = TimeOf(200_000);

        // What grows with the square takes a hundred times as long; the machine may be busy meanwhile.
        (many / few).ShouldBeLessThan(50);
    }

    private static TimeSpan TimeOf(int lines)
    {
        var text = new StringBuilder("table inet t { chain c {\n");
        for (var i = 0; i < lines; i++)
        {
            text.Append($"ip saddr 10.{i >> 16}.{(i >> 8) & 255}.{i & 255} tcp dport {{ 80, 443 }} counter packets 0 bytes 0 drop # handle {i}\n");
        }

        var watch = Stopwatch.StartNew();
        var rules = Read(text.Append("} }").ToString()).Tables[0].Chains["c"].Rules;
        rules.Length.ShouldBe(lines);
        rules[^1].Handle.ShouldBe(lines - 1);
        return watch.Elapsed;
    }

    private static NftReading Read(string text) => NftTextReader.Read(new Dump("test", Encoding.UTF8.GetBytes(text)));
}
