using System.Text.Json;
using AllowlistSync.Providers.Host.Nftables;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Nftables;

public sealed class LeadingTests
{
    [Fact]
    public void A_jump_for_every_packet_is_told_from_a_jump_for_some()
    {
        var rules = Golden.Ruleset.RulesOf(Golden.Table, "input").ToLookup(rule => rule.Comment, StringComparer.Ordinal);

        foreach (var anonymous in new[] { "blocks: an anonymous chain, which the JSON has as text", "blocks: goto an anonymous chain" })
        {
            rules[anonymous].Single().Expressions[^1].ValueKind.ShouldBe(JsonValueKind.String);
            Leading.IsJumpTo(rules[anonymous].Single(), "onlyaccepts").ShouldBeFalse();
            Leading.LeadsTo(rules[anonymous].Single(), "onlyaccepts").ShouldBeFalse();
        }

        Leading.IsJumpTo(rules["passes: a chain that only accepts"].Single(), "onlyaccepts").ShouldBeTrue();
        Leading.IsJumpTo(rules["passes: a chain that only accepts"].Single(), "other").ShouldBeFalse();
        Leading.IsJumpTo(rules["passes: some packets to a chain that only accepts"].Single(), "onlyaccepts").ShouldBeFalse();
        Leading.LeadsTo(rules["passes: some packets to a chain that only accepts"].Single(), "onlyaccepts").ShouldBeTrue();
        Leading.LeadsTo(rules["blocks: goto does not come back"].Single(), "onlyaccepts").ShouldBeTrue();
        Leading.IsJumpTo(rules["blocks: goto does not come back"].Single(), "onlyaccepts").ShouldBeFalse();
        Leading.LeadsTo(rules["blocks: drop"].Single(), "onlyaccepts").ShouldBeFalse();
    }
}
