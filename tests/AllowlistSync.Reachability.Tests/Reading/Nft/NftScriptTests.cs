using System.Diagnostics;
using System.Text;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading;
using AllowlistSync.Reachability.Reading.Nft;
using Shouldly;

namespace AllowlistSync.Reachability.Tests.Reading.Nft;

public sealed class NftScriptTests
{
    private const string Rules = """
        table inet filter {
          set s { type ipv4_addr; flags interval; elements = { 10.0.0.0/8 }; }
          set m { type ipv4_addr; flags interval; auto-merge; elements = { 10.0.0.0/8 }; }
          chain input { type filter hook input priority 0; policy drop; ip saddr @s accept; ip saddr @m accept; }
        }
        """;

    [Fact]
    public void An_empty_script_changes_nothing() => NftTextModel.Lines(NftScript.Apply(Before(Rules), "# nothing\n")).ShouldBe(NftTextModel.Lines(Before(Rules)));

    [Fact]
    public void Rules_keep_their_text_and_handle_and_new_ones_have_none()
    {
        var rules = NftScript.Apply(Before(Rules.Replace("@s accept;", "@s accept # handle 5\n", StringComparison.Ordinal)), "insert rule inet filter input tcp dport 80 accept").Tables[0].Chains["input"].Rules;
        rules.Select(rule => (rule.Number, $"{rule.Text}", rule.Handle)).ShouldBe([(1, "tcp dport 80 accept", null), (2, "ip saddr @s accept", 5), (3, "ip saddr @m accept", null)]);
    }

    [Fact]
    public void A_set_that_merges_is_split_by_meaning()
    {
        var after = NftScript.Apply(Before(Rules), "delete element inet filter m { 10.1.0.0/16 }");
        after.Gaps.ShouldBeEmpty();
        after.Tables[0].Chains["input"].Rules[1].Steps[0].ShouldBe(new FieldCondition(Field.IPv4Source, NumberSet.OfRanges([new(0x0a000000, 0x0a00ffff), new(0x0a020000, 0x0affffff)])));
    }

    [Theory]
    [InlineData("delete element inet filter s { 10.1.0.0/16 }")]
    [InlineData("delete element inet filter s { 11.0.0.0/8 }")]
    [InlineData("delete element inet filter nowhere { 11.0.0.0/8 }")]
    [InlineData("delete rule inet filter input handle 4711")]
    [InlineData("add rule inet filter nowhere accept")]
    [InlineData("add rule ip filter input accept")]
    [InlineData("create set inet filter s { type ipv4_addr; }")]
    [InlineData("create chain inet filter input")]
    [InlineData("delete chain inet filter nowhere")]
    [InlineData("rename chain inet filter input other")]
    [InlineData("insert rule inet filter input index 7 accept")]
    [InlineData("delete rule inet filter input ip saddr @s accept")]
    [InlineData("include \"more.nft\"")]
    [InlineData("frobnicate the firewall")]
    [InlineData("delete table ip nowhere")]
    [InlineData("add rule inet filter input jump nowhere")]
    [InlineData("add rule inet filter input tcp dport vmap { 80 : goto nowhere }")]
    [InlineData("flush set inet filter nowhere")]
    public void What_the_kernel_refuses_or_nobody_understands_is_a_gap(string script) => NftScript.Apply(Before(Rules), script).Gaps.ShouldNotBeEmpty();

    [Theory]
    [InlineData("destroy table ip nowhere")]
    [InlineData("destroy element inet filter s { 11.0.0.0/8 }")]
    [InlineData("destroy chain inet filter nowhere")]
    [InlineData("list ruleset")]
    [InlineData("add counter inet filter hits")]
    [InlineData("delete table inet filter")]
    public void What_needs_nothing_to_be_there_is_no_gap(string script) => NftScript.Apply(Before(Rules), script).Gaps.ShouldBeEmpty();

    [Fact]
    public void Tables_of_the_other_engine_stay()
    {
        var legacy = new Table(Backend.Legacy, "ip", "filter", Before(Rules).Tables[0].Chains);
        var before = Before(Rules) with { Tables = [legacy, .. Before(Rules).Tables] };
        NftScript.Apply(before, "flush ruleset").Tables.ShouldBe([legacy]);
    }

    [Fact]
    public void A_script_of_100_000_elements_is_carried_out_in_linear_time()
    {
        var script = new StringBuilder("add element inet filter s { 1.0.0.0/32");
        for (var i = 1; i < 100_000; i++)
        {
            script.Append($", 1.{i >> 15}.{(i >> 7) & 255}.{(i & 127) * 2}/32");
        }

        var before = Before(Rules);
        var (after, best) = (before, TimeSpan.MaxValue);
        for (var round = 0; round < 4; round++)
        {
            var watch = Stopwatch.StartNew();
            after = NftScript.Apply(before, script + " }");
            best = watch.Elapsed < best ? watch.Elapsed : best;
        }

        after.Gaps.ShouldBeEmpty();
        after.Tables[0].Chains["input"].Rules[0].Steps[0].ShouldBeOfType<FieldCondition>().Values.ShouldBeOfType<NumberSet>().Ranges.Length.ShouldBe(100_001);
        best.ShouldBeLessThan(TimeSpan.FromSeconds(8), "alone, an optimized build takes some 0.3 s; what is quadratic takes minutes on any machine");
    }

    [Fact]
    public void A_script_of_as_many_lines_as_elements_is_linear()
    {
        var script = new StringBuilder();
        for (var i = 0; i < 50_000; i++)
        {
            script.Append($"add element inet filter s {{ 1.{i >> 15}.{(i >> 7) & 255}.{(i & 127) * 2} }}\n");
        }

        for (var i = 0; i < 50_000; i++)
        {
            script.Append($"delete element inet filter s {{ 1.{i >> 15}.{(i >> 7) & 255}.{(i & 127) * 2} }}\n");
        }

        var watch = Stopwatch.StartNew();
        NftTextModel.Lines(NftScript.Apply(Before(Rules), script.ToString())).ShouldBe(NftTextModel.Lines(Before(Rules)));
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    private static RuleSet Before(string text) => RuleSet.Empty with { Tables = NftTextReader.Read(new Dump("test", Encoding.UTF8.GetBytes(text))).Tables };
}
