using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

public sealed class PlanFileTests
{
    private const string Plan = "/run/plan.json";

    [Fact]
    public async Task The_plan_of_a_file_is_carried_out()
    {
        await using var origin = await Origin.StartAsync();
        (await origin.RunAsync("diff", "--out", Plan)).Ended(1);

        (await origin.RunAsync("apply", "--plan", Plan, "--yes")).Ended(0).Saying("Target web: applied");

        (await origin.RunAsync("diff")).Ended(0);
    }

    [Theory]
    [InlineData("104.16.0.0/13", "104.0.0.0/8")]
    [InlineData("2400:cb00::/32", "2400:cb01::/32")]
    public async Task A_plan_that_was_edited_is_refused(string old, string replacement)
    {
        await using var origin = await Origin.StartAsync();
        var before = await origin.RulesetAsync();
        (await origin.RunAsync("diff", "--out", Plan)).Ended(1);
        var text = await origin.ReadAsync(Plan);
        text.ShouldContain(old);
        await origin.WriteAsync(Plan, text.Replace(old, replacement, StringComparison.Ordinal));

        (await origin.RunAsync("apply", "--plan", Plan, "--yes")).Ended(3).Saying("plan-edited", "run `diff --out FILE` again", "nothing was changed");

        (await origin.RulesetAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_plan_for_another_state_is_refused()
    {
        await using var origin = await Origin.StartAsync();
        (await origin.RunAsync("diff", "--out", Plan)).Ended(1);
        (await origin.RunAsync("apply", "--yes")).Ended(0);
        await origin.NftAsync($"delete element inet filter {Origin.Mark}/web/v4 {{ 103.21.244.0/22 }}");
        var drifted = await origin.RulesetAsync();

        (await origin.RunAsync("apply", "--plan", Plan, "--yes")).Ended(3).Saying("plan-stale");

        (await origin.RulesetAsync()).ShouldBe(drifted);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{ \"schema\": \"allowlist-sync/plan/v2\", \"plans\": [] }")]
    [InlineData("{ \"schema\": \"allowlist-sync/plan/v1\", \"plans\": [")]
    public async Task What_is_no_plan_file_is_wrong_usage(string text)
    {
        await using var origin = await Origin.StartAsync();
        await origin.WriteAsync(Plan, text);

        (await origin.RunAsync("apply", "--plan", Plan, "--yes")).Ended(64).Saying("plan-unusable", Plan, "nothing was changed");
    }

    [Fact]
    public async Task A_plan_file_that_is_not_there_is_refused()
    {
        await using var origin = await Origin.StartAsync();

        (await origin.RunAsync("apply", "--plan", "/run/none.json", "--yes")).Ended(64).Saying("plan-unusable", "/run/none.json");
    }

    [Fact]
    public async Task A_plan_that_cannot_be_written_is_told_and_is_no_crash()
    {
        await using var origin = await Origin.StartAsync();

        var outcome = await origin.RunAsync("diff", "--out", "/proc/none/plan.json");

        outcome.Ended(2).Saying("/proc/none/plan.json");
        outcome.Said.ShouldNotContain("internal error");
    }
}
