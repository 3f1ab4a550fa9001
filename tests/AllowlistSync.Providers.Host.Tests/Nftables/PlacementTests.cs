using System.Text.Json;
using System.Text.Json.Nodes;
using AllowlistSync.Core.Providers;
using AllowlistSync.Reachability.Proving;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Nftables;

/// <summary>Where an accept must stand: each rule of a listing of the real nft says in its comment whether it may block what comes to ports 22, 23, 25, 80 and 443.</summary>
public sealed class PlacementTests
{
    // Listed as blocking by their looks; the model sees that what they block was accepted before, or that they only accept.
    private static readonly string[] SeenThrough =
        ["blocks: a chain that jumps to one that drops", "blocks: an anonymous chain, which the JSON has as text"];

    private static readonly ChainModel Model = new();

    public static IEnumerable<TheoryDataRow<string>> Comments =>
        Golden.Ruleset.RulesOf(Golden.Table, "input").Select(rule => new TheoryDataRow<string>(rule.Comment!));

    [Theory]
    [MemberData(nameof(Comments))]
    public void A_rule_may_block_or_passes_as_its_comment_says(string comment)
    {
        var handle = Golden.Ruleset.RulesOf(Golden.Table, "input").Single(one => one.Comment == comment).Handle;

        FirstThatMayBlock(only => only == handle).ShouldBe(comment.StartsWith("blocks:", StringComparison.Ordinal) && !SeenThrough.Contains(comment) ? handle : null, comment);
    }

    [Fact]
    public void Both_answers_are_in_the_table()
    {
        Comments.Count(row => row.Data.StartsWith("blocks:", StringComparison.Ordinal)).ShouldBeGreaterThan(10);
        Comments.Count(row => row.Data.StartsWith("passes:", StringComparison.Ordinal)).ShouldBeGreaterThan(10);
    }

    [Fact]
    public void The_place_is_ahead_of_the_first_rule_that_may_block()
    {
        var rules = Golden.Ruleset.RulesOf(Golden.Table, "input").ToList();

        FirstThatMayBlock(_ => true).ShouldBe(rules.First(rule => rule.Comment == "blocks: drop").Handle);
        FirstThatMayBlock(_ => false).ShouldBeNull();
    }

    // The listing with only those rules of the operator's chain that the test wants.
    private static long? FirstThatMayBlock(Func<long, bool> keep)
    {
        var listing = JsonNode.Parse(Golden.Bytes("ruleset.terse.json"))!;
        var objects = listing["nftables"]!.AsArray();
        foreach (var rule in objects.Where(entry => entry!["rule"]?["chain"]?.GetValue<string>() == "input" && !keep(entry["rule"]!["handle"]!.GetValue<long>())).ToList())
        {
            objects.Remove(rule);
        }

        return Model.FirstThatMayBlock(new ChainQuestion([new RuleListing(ListingKind.NftTerseJson, JsonSerializer.SerializeToUtf8Bytes(listing))], "inet filter", "input", Golden.Ports("22", "23", "25", "80", "443")))?.Handle;
    }
}
