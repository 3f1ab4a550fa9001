using AllowlistSync.TestKit;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

public sealed class FirstRunTests
{
    [Theory]
    [InlineData("HTML with status 200 for all")]
    [InlineData("status 503")]
    [InlineData("half of the JSON")]
    [InlineData("IPv4 cut to 3")]
    public async Task A_first_run_with_a_bad_answer_applies_nothing_and_shows_the_list_that_was_built_in(string name)
    {
        var bad = BadAnswers.All.Single(candidate => candidate.Name == name);
        await using var origin = await Origin.StartAsync();
        var before = await origin.RulesetAsync();
        bad.Make(origin.Cloudflare);

        (await origin.RunAsync("apply", "--yes")).Ended(bad.ExitCode).Saying(bad.Rule, "nothing was changed", "source cloudflare has no list that may be used; web was left as it is");
        (await origin.RulesetAsync()).ShouldBe(before);
        (await origin.RunAsync("diff")).Ended(bad.ExitCode).Saying(bad.Rule, "list that was built into this program", "it is never applied", "+ 104.16.0.0/13");
    }

    [Fact]
    public async Task Without_a_network_diff_shows_the_list_that_was_built_in_and_apply_does_nothing()
    {
        await using var origin = await Origin.StartAsync();
        await origin.ShellAsync("ip", "link", "set", "lo", "down");
        var before = await origin.RulesetAsync();

        (await origin.RunAsync("diff")).Ended(2).Saying("not fetched: not-fetched:", "+ 2400:cb00::/32", "it is never applied");
        (await origin.RunAsync("apply", "--yes")).Ended(2).Saying("not-fetched", "source cloudflare has no list that may be used; web was left as it is");
        (await origin.RulesetAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task No_variable_of_the_environment_leads_to_another_list()
    {
        await using var origin = await Origin.StartAsync();
        string[] astray =
        [
            "env", "CLOUDFLARE_BASE_URL=http://127.0.0.1:9", "CLOUDFLARE_API_BASE_URL=http://127.0.0.1:9", "http_proxy=http://127.0.0.1:9",
            "HTTP_PROXY=http://127.0.0.1:9", "HTTPS_PROXY=http://127.0.0.1:9", "ALL_PROXY=http://127.0.0.1:9", "no_proxy=",
        ];

        (await origin.RunByAsync(astray, "apply", "--yes")).Ended(0).Saying("two official publications agree");

        origin.Cloudflare.RequestCount.ShouldBe(3);
    }
}

public sealed class ChangingListTests
{
    [Fact]
    public async Task Nothing_new_comes_in_while_the_publications_disagree_and_what_neither_lists_waits_for_its_end()
    {
        await using var origin = await Origin.StartAsync();
        (await origin.RunAsync("apply", "--yes")).Ended(0);
        var applied = await origin.RulesetAsync();
        origin.Cloudflare.Publication = Publication.Real.Without("197.234.240.0/22");
        origin.Cloudflare.Api = Answers.Added("45.64.64.0/22");

        (await origin.RunAsync("apply", "--yes")).Ended(3).Saying("publications-disagree", "45.64.64.0/22", "~ pending 197.234.240.0/22 until");

        (await origin.RulesetAsync()).ShouldBe(applied);
    }

    [Fact]
    public async Task An_answer_that_flaps_between_the_old_and_the_new_list_takes_nothing_away()
    {
        await using var origin = await Origin.StartAsync();
        (await origin.RunAsync("apply", "--yes")).Ended(0);
        var applied = await origin.RulesetAsync();
        origin.Cloudflare.Api = Answers.Flapping(Answers.Removed("197.234.240.0/22"), Answers.Normal());
        origin.Cloudflare.TextIPv4 = Answers.Flapping(Answers.Removed("197.234.240.0/22"), Answers.Normal());

        (await origin.RunAsync("apply", "--yes")).Ended(0).Saying("~ pending 197.234.240.0/22 until");
        var back = await origin.RunAsync("apply", "--yes");

        back.Ended(0).StdOut.ShouldNotContain("pending");
        (await origin.RulesetAsync()).ShouldBe(applied);
    }

    [Fact]
    public async Task A_new_range_comes_in_at_once()
    {
        await using var origin = await Origin.StartAsync();
        (await origin.RunAsync("apply", "--yes")).Ended(0);
        origin.Cloudflare.Publication = Publication.Real.Plus("45.64.64.0/22", "2405:9100::/32");

        (await origin.RunAsync("diff")).Ended(1).Saying("+ 45.64.64.0/22", "+ 2405:9100::/32");
        (await origin.RunAsync("apply", "--yes")).Ended(0);

        var applied = await origin.RulesetAsync();
        applied.ShouldContain("45.64.64.0/22");
        applied.ShouldContain("2405:9100::/32");
    }
}
