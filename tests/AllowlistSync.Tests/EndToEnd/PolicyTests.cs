using AllowlistSync.TestKit;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

public sealed class PolicyTests
{
    private const string Gone = "190.93.240.0/20";

    [Fact]
    public async Task A_target_that_only_reports_is_never_written()
    {
        await using var origin = await Origin.StartAsync(config: new ConfigText { More = "mode: report" });
        var before = await origin.RulesetAsync();

        (await origin.RunAsync("apply", "--yes")).Ended(1).Saying("+ 104.16.0.0/13", "report; `apply` leaves this target alone");

        (await origin.RulesetAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_target_to_which_is_only_added_keeps_what_it_has()
    {
        await using var origin = await Origin.StartAsync(config: new ConfigText { Guard = "removalGrace: 0s", More = "policy: addOnly" });
        (await origin.RunAsync("apply", "--yes")).Ended(0);
        origin.Cloudflare.Publication = Publication.Real.Without(Gone).Plus("45.64.64.0/22");

        (await origin.RunAsync("apply", "--yes")).Ended(0);

        var applied = await origin.RulesetAsync();
        applied.ShouldContain(Gone);
        applied.ShouldContain("45.64.64.0/22");
        (await origin.RunAsync("diff")).Ended(0);
    }

    [Fact]
    public async Task What_an_operator_had_in_his_sets_goes_only_with_his_approval_and_later_runs_need_none()
    {
        await using var origin = await Origin.StartAsync(Firewalls.FilledSets, new ConfigText { Settings = ConfigText.SetWay, Guard = "removalGrace: 0s" });
        var before = await origin.RulesetAsync();

        var refused = (await origin.RunAsync("apply", "--yes")).Ended(3).Saying("takes-over", "198.51.100.0/24");
        (await origin.RulesetAsync()).ShouldBe(before);
        (await origin.RunAsync("apply", "--accept", refused.Offer, "--yes")).Ended(0);
        var taken = await origin.RulesetAsync();
        taken.ShouldNotContain("198.51.100.0/24");
        taken.ShouldContain("104.24.0.0/14");

        await origin.NftAsync("add element inet filter cf4 { 198.51.100.0/24 }");
        origin.Cloudflare.Publication = Publication.Real.Without(Gone);
        (await origin.RunAsync("apply", "--yes")).Ended(0).Saying("- 198.51.100.0/24", $"- {Gone}");
        (await origin.RulesetAsync()).ShouldNotContain(Gone);
    }

    [Fact]
    public async Task An_own_list_gets_in_beside_cloudflare()
    {
        const string Office = """
              - name: office
                type: static
                prefixes: [198.51.100.0/24]
            """;
        await using var origin = await Origin.StartAsync(config: new ConfigText { Sources = Office, Allow = "cloudflare, office", More = "ports: [443, 443/udp]" });

        (await origin.RunAsync("apply", "--yes")).Ended(0);

        var applied = await origin.RulesetAsync();
        applied.ShouldContain("198.51.100.0/24");
        applied.ShouldContain("udp dport 443");
        applied.ShouldNotContain("dport 80");
    }

    [Fact]
    public async Task A_smaller_configuration_is_asked_about_before_it_closes_most_of_a_target()
    {
        const string Office = """
              - name: office
                type: static
                prefixes: [198.51.100.0/24]
            """;
        await using var origin = await Origin.StartAsync(config: new ConfigText { Sources = Office, Allow = "cloudflare, office" });
        (await origin.RunAsync("apply", "--yes")).Ended(0);
        var applied = await origin.RulesetAsync();
        await origin.ConfigureAsync(new ConfigText { Sources = Office, Allow = "office" });

        var refused = (await origin.RunAsync("apply", "--yes")).Ended(3).Saying("removes-too-much", "check `allow` and `sources`");
        (await origin.RulesetAsync()).ShouldBe(applied);

        (await origin.RunAsync("apply", "--accept", refused.Offer, "--yes")).Ended(0);
        (await origin.RulesetAsync()).ShouldNotContain("104.16.0.0");
    }
}
