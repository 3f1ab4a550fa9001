using System.Text.Json;
using AllowlistSync.Providers.Host.Nftables;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Nftables;

public sealed class PlacementTests
{
    public static IEnumerable<TheoryDataRow<string>> Comments =>
        Golden.Ruleset.RulesOf(Golden.Table, "input").Select(rule => new TheoryDataRow<string>(rule.Comment!));

    [Theory]
    [MemberData(nameof(Comments))]
    public void A_rule_may_block_or_passes_as_its_comment_says(string comment)
    {
        var rule = Golden.Ruleset.RulesOf(Golden.Table, "input").Single(one => one.Comment == comment);

        Placement.MayBlock(rule, Golden.Ruleset).ShouldBe(comment.StartsWith("blocks:", StringComparison.Ordinal), comment);
    }

    [Fact]
    public void Both_answers_are_in_the_table()
    {
        Comments.Count(row => row.Data.StartsWith("blocks:", StringComparison.Ordinal)).ShouldBeGreaterThan(10);
        Comments.Count(row => row.Data.StartsWith("passes:", StringComparison.Ordinal)).ShouldBeGreaterThan(10);
    }

    [Theory]
    [InlineData("""{"queue": {"num": 0}}""")]
    [InlineData("""{"xt": {"type": "match", "name": "multiport"}}""")]
    [InlineData("""{"xt": null}""")]
    [InlineData("""{"something new": {}}""")]
    [InlineData("""{"jump": {"target": "elsewhere"}}""")]
    [InlineData("""{"jump": {"target": null}}""")]
    [InlineData("""{"jump": "text"}""")]
    [InlineData("\"jump {\\n\\t\\t\\taccept\\n\\t\\t}\"")]
    [InlineData("""{"vmap": "text"}""")]
    [InlineData("""{"vmap": {"key": {"ct": {"key": "state"}}, "data": {"set": ["text"]}}}""")]
    [InlineData("""{"vmap": {"key": {"ct": {"key": "state"}}, "data": {"set": [["established", "jump { accept }"]]}}}""")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    public void A_statement_that_is_not_known_to_pass_may_block(string statement)
    {
        Placement.MayBlock([JsonElement.Parse(statement)]).ShouldBeTrue();
        Placement.MayBlock([JsonElement.Parse("""{"counter": null}"""), JsonElement.Parse(statement)]).ShouldBeTrue();
    }

    [Fact]
    public void The_place_is_ahead_of_the_first_rule_that_may_block()
    {
        var rules = Golden.Ruleset.RulesOf(Golden.Table, "input").ToList();

        Placement.FirstThatMayBlock(rules, Golden.Ruleset)!.Comment.ShouldBe("blocks: drop");
        Placement.FirstThatMayBlock(rules.Take(5), Golden.Ruleset).ShouldBeNull();
        Placement.FirstThatMayBlock([], Golden.Ruleset).ShouldBeNull();
    }

    [Fact]
    public void A_jump_for_every_packet_is_told_from_a_jump_for_some()
    {
        var rules = Golden.Ruleset.RulesOf(Golden.Table, "input").ToLookup(rule => rule.Comment, StringComparer.Ordinal);

        foreach (var anonymous in new[] { "blocks: an anonymous chain, which the JSON has as text", "blocks: goto an anonymous chain" })
        {
            rules[anonymous].Single().Expressions[^1].ValueKind.ShouldBe(JsonValueKind.String);
            Placement.IsJumpTo(rules[anonymous].Single(), "onlyaccepts").ShouldBeFalse();
            Placement.LeadsTo(rules[anonymous].Single(), "onlyaccepts").ShouldBeFalse();
        }

        Placement.IsJumpTo(rules["passes: a chain that only accepts"].Single(), "onlyaccepts").ShouldBeTrue();
        Placement.IsJumpTo(rules["passes: a chain that only accepts"].Single(), "other").ShouldBeFalse();
        Placement.IsJumpTo(rules["passes: some packets to a chain that only accepts"].Single(), "onlyaccepts").ShouldBeFalse();
        Placement.LeadsTo(rules["passes: some packets to a chain that only accepts"].Single(), "onlyaccepts").ShouldBeTrue();
        Placement.LeadsTo(rules["blocks: goto does not come back"].Single(), "onlyaccepts").ShouldBeTrue();
        Placement.IsJumpTo(rules["blocks: goto does not come back"].Single(), "onlyaccepts").ShouldBeFalse();
        Placement.LeadsTo(rules["blocks: drop"].Single(), "onlyaccepts").ShouldBeFalse();
    }
}
