using AllowlistSync.TestKit;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

public sealed class GraceTests
{
    private const string Gone = "190.93.240.0/20";
    private static readonly string[] Six = [.. Publication.Real.IPv4.Take(6)];

    [Fact]
    public async Task A_range_that_is_no_longer_published_stays_and_is_shown_with_its_date()
    {
        await using var origin = await AppliedAsync("");
        var applied = await origin.RulesetAsync();
        origin.Cloudflare.Publication = Publication.Real.Without(Gone);

        var json = (await origin.RunAsync("apply", "--yes", "--output", "json")).Ended(0).Json;
        (await origin.RulesetAsync()).ShouldBe(applied);

        foreach (var pending in new[] { json["targets"]![0]!["pending"]!, json["sources"]![0]!["pending"]! })
        {
            pending.AsArray().Count.ShouldBe(1);
            pending[0]!["prefix"]!.GetValue<string>().ShouldBe(Gone);
            var inHours = pending[0]!["until"]!.GetValue<DateTimeOffset>() - json["at"]!.GetValue<DateTimeOffset>();
            inHours.TotalHours.ShouldBe(72, 0.1);
        }

        var date = json["targets"]![0]!["pending"]![0]!["until"]!.GetValue<DateTimeOffset>().ToString("yyyy-MM-dd HH:mm'Z'", null);
        (await origin.RunAsync("diff")).Ended(0).Saying($"~ pending {Gone} until {date}", "(1 pending removal)");
        (await origin.RunAsync("status")).Ended(0).Saying($"~ {Gone} is no longer published and leaves {date}");
        (await origin.RunAsync("ranges")).Ended(0).StdOut.ShouldContain(Gone);
    }

    [Fact]
    public async Task Without_a_grace_it_leaves_at_once()
    {
        await using var origin = await AppliedAsync("removalGrace: 0s");
        origin.Cloudflare.Publication = Publication.Real.Without(Gone);

        (await origin.RunAsync("diff")).Ended(1).Saying($"- {Gone}");
        (await origin.RunAsync("apply", "--yes")).Ended(0);

        (await origin.RulesetAsync()).ShouldNotContain(Gone);
        (await origin.RunAsync("diff")).Ended(0);
    }

    [Fact]
    public async Task A_range_that_comes_back_starts_its_grace_anew_when_it_goes_again()
    {
        await using var origin = await AppliedAsync("");
        origin.Cloudflare.Publication = Publication.Real.Without(Gone);
        var first = await UntilOfAsync(origin);
        (await UntilOfAsync(origin)).ShouldBe(first, "the date stays while it is missing");
        origin.Cloudflare.Publication = Publication.Real;
        (await UntilOfAsync(origin)).ShouldBeNull();
        origin.Cloudflare.Publication = Publication.Real.Without(Gone);

        // Dates are told to the second, and all of this takes less.
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        (await UntilOfAsync(origin)).ShouldNotBeNull().ShouldBeGreaterThan(first.ShouldNotBeNull());
    }

    [Fact]
    public async Task A_range_leaves_when_its_grace_is_over()
    {
        await using var origin = await AppliedAsync("removalGrace: 1s");
        origin.Cloudflare.Publication = Publication.Real.Without(Gone);
        (await UntilOfAsync(origin)).ShouldNotBeNull();

        await Origin.UntilAsync(async () => (await origin.RunAsync("apply", "--yes")).Ended(0).Said.Contains("Target web: applied", StringComparison.Ordinal), "the range leaves");

        (await origin.RulesetAsync()).ShouldNotContain(Gone);
    }

    [Fact]
    public async Task A_list_that_lost_40_percent_is_refused_until_its_plan_is_approved_by_name()
    {
        await using var origin = await AppliedAsync("removalGrace: 0s");
        var applied = await origin.RulesetAsync();
        origin.Cloudflare.Publication = Publication.Real.Without(Six);
        (await origin.RunAsync("apply", "--yes")).Ended(3).Saying("refused: shrinks-too-much:", "6 of 15 prefixes (40 %)", "guard.maxRemovedPercent = 20");
        (await origin.RulesetAsync()).ShouldBe(applied);

        var offer = (await origin.RunAsync("diff")).Ended(3).Saying($"- {Six[0]}").Offer;
        (await origin.RunAsync("apply", "--accept", "000000000000", "--yes")).Ended(3).Saying("shrinks-too-much");
        (await origin.RulesetAsync()).ShouldBe(applied, "a wrong name approves nothing");

        (await origin.RunAsync("apply", "--accept", offer, "--yes")).Ended(0).Saying("Target web: applied");
        var shrunk = await origin.RulesetAsync();
        Six.ShouldAllBe(prefix => !shrunk.Contains(prefix));
        (await origin.RunAsync("diff")).Ended(0);
    }

    [Fact]
    public async Task An_approval_for_another_state_of_the_lists_or_of_the_firewall_is_refused()
    {
        await using var origin = await AppliedAsync("removalGrace: 0s");
        origin.Cloudflare.Publication = Publication.Real.Without(Six);
        var offer = (await origin.RunAsync("diff")).Ended(3).Offer;
        origin.Cloudflare.Publication = Publication.Real.Without([.. Six, Publication.Real.IPv4[7]]);
        (await origin.RunAsync("apply", "--accept", offer, "--yes")).Ended(3);
        origin.Cloudflare.Publication = Publication.Real.Without(Six);
        await origin.NftAsync($"delete element inet filter {Origin.Mark}/web/v6 {{ 2400:cb00::/32 }}");
        var drifted = await origin.RulesetAsync();

        (await origin.RunAsync("apply", "--accept", offer, "--yes")).Ended(3);

        (await origin.RulesetAsync()).ShouldBe(drifted);
    }

    [Fact]
    public async Task What_was_approved_still_waits_for_its_grace_and_is_not_asked_about_again()
    {
        await using var origin = await AppliedAsync("");
        var applied = await origin.RulesetAsync();
        origin.Cloudflare.Publication = Publication.Real.Without(Six);
        var offer = (await origin.RunAsync("diff")).Ended(3).Offer;

        (await origin.RunAsync("apply", "--accept", offer, "--yes")).Ended(0).Saying($"~ pending {Six[0]} until");

        (await origin.RulesetAsync()).ShouldBe(applied);
        (await origin.RunAsync("apply", "--yes")).Ended(0).Saying("(6 pending removal)");
    }

    private static async Task<Origin> AppliedAsync(string guard)
    {
        var origin = await Origin.StartAsync(config: new ConfigText { Guard = guard });
        (await origin.RunAsync("apply", "--yes")).Ended(0);
        return origin;
    }

    private static async Task<DateTimeOffset?> UntilOfAsync(Origin origin)
    {
        var pending = (await origin.RunAsync("apply", "--yes", "--output", "json")).Ended(0).Target["pending"]!.AsArray();
        return pending.Count == 0 ? null : pending.Single()!["until"]!.GetValue<DateTimeOffset>();
    }
}
