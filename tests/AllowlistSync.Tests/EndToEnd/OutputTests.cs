using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

public sealed partial class OutputTests
{
    [Fact]
    public async Task Each_json_document_has_its_schema_and_its_fixed_fields()
    {
        await using var origin = await Origin.StartAsync();
        foreach (var (command, exitCode) in new[] { ("diff", 1), ("apply", 0), ("status", 0), ("ranges", 0), ("diff", 0), ("confirm", 0), ("remove", 0), ("rollback", 0) })
        {
            string[] yes = command is "apply" or "remove" or "rollback" ? ["--yes"] : [];
            var outcome = (await origin.RunAsync([command, "--output", "json", .. yes])).Ended(exitCode);

            outcome.StdErr.ShouldBeEmpty();
            outcome.Json["schema"]!.GetValue<string>().ShouldBe($"allowlist-sync/{command}/v1");
            if (command is "diff" or "apply" or "remove")
            {
                FixedFields(outcome.Target);
            }
        }
    }

    [Fact]
    public async Task A_failure_and_a_refusal_have_their_fields_too()
    {
        await using var origin = await Origin.StartAsync(config: new ConfigText { Settings = "settings: { table: inet other, chain: input }" });

        var error = (await origin.RunAsync("diff", "--output", "json")).Ended(2).Target["error"]!;

        error["kind"]!.GetValue<string>().ShouldBe("unavailable");
        error["aftermath"]!.GetValue<string>().ShouldBe("untouched");
        error["message"]!.GetValue<string>().ShouldContain("inet other");
        error["remedy"]!.GetValue<string>().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Texts_for_people_are_as_they_were_agreed()
    {
        await using var origin = await Origin.StartAsync();

        await Golden.MatchAsync("diff.txt", Normal(origin, (await origin.RunAsync("diff")).Ended(1)));
        await Golden.MatchAsync("apply.txt", Normal(origin, (await origin.RunAsync("apply", "--yes")).Ended(0)));
        await Golden.MatchAsync("status.txt", Normal(origin, (await origin.RunAsync("status")).Ended(0)));
        origin.Cloudflare.AnswerAll(TestKit.Answers.Html());
        await Golden.MatchAsync("refused.txt", Normal(origin, (await origin.RunAsync("apply", "--yes")).Ended(3)));
    }

    [Fact]
    public async Task A_pipe_gets_no_colours_whatever_the_terminal_can_do()
    {
        await using var origin = await Origin.StartAsync();

        var outcome = await origin.RunByAsync(["env", "TERM=xterm-256color"], "diff");

        outcome.Ended(1).StdOut.ShouldNotContain('\u001b');
        outcome.StdErr.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("TERM=xterm-256color", true)]
    [InlineData("NO_COLOR=1", false)]
    [InlineData("TERM=dumb", false)]
    public async Task A_terminal_gets_colours_unless_it_is_asked_not_to(string variable, bool colours)
    {
        Needs("script");
        await using var origin = await Origin.StartAsync();

        var typescript = await origin.ShellAsync("env", "TERM=xterm", variable, "script", "-qec", $"{Origin.Program} diff || true", "/dev/null");

        typescript.ShouldContain("104.16.0.0/13");
        // The runtime itself switches the keypad of a terminal (ESC [?1h); only colours end with an m.
        Colours().IsMatch(typescript).ShouldBe(colours);
    }

    [Fact]
    public async Task At_a_terminal_a_change_is_asked_about_and_a_no_changes_nothing()
    {
        Needs("script");
        await using var origin = await Origin.StartAsync();
        var before = await origin.RulesetAsync();

        var no = await origin.Sandbox.RunAsync(["script", "-qec", $"{Origin.Program} apply", "/dev/null"], "n\n", ct: TestContext.Current.CancellationToken);
        no.StdOut.ShouldContain("Make this change? [y/N]");
        no.ExitCode.ShouldBe(1, no.StdOut);
        (await origin.RulesetAsync()).ShouldBe(before);

        var yes = await origin.Sandbox.RunAsync(["script", "-qec", $"{Origin.Program} apply", "/dev/null"], "y\n", ct: TestContext.Current.CancellationToken);
        yes.ExitCode.ShouldBe(0, yes.StdOut);
        (await origin.RulesetAsync()).ShouldNotBe(before);
    }

    [Fact]
    public async Task Markdown_is_written_for_chats()
    {
        await using var origin = await Origin.StartAsync();

        (await origin.RunAsync("diff", "--output", "markdown")).Ended(1).StdOut.ShouldContain("104.16.0.0/13");
    }

    private static void Needs(string program) => TestKit.Needs.Sandbox(program);

    private static void FixedFields(JsonNode target)
    {
        var fields = target.AsObject().Select(member => member.Key).ToList();
        fields.ShouldBe(fields.Union(["name", "provider", "status", "fingerprint", "add", "remove", "pending", "findings", "error"]), ignoreOrder: true);
        target["name"]!.GetValue<string>().ShouldBe("web");
        target["provider"]!.GetValue<string>().ShouldBe("nftables");
        foreach (var entry in target["add"]!.AsArray().Concat(target["remove"]!.AsArray()))
        {
            entry!["prefix"]!.GetValue<string>().ShouldContain('/');
            entry["ports"].ShouldNotBeNull();
        }
    }

    private static string Normal(Origin origin, Outcome outcome)
    {
        outcome.StdErr.ShouldBeEmpty();
        var text = outcome.StdOut.Replace($"127.0.0.1:{origin.Cloudflare.Port}", "127.0.0.1:PORT", StringComparison.Ordinal);
        text = Runs().Replace(text, "RUN");
        text = Times().Replace(text, "TIME");
        return Fingerprints().Replace(text, "plan FINGERPRINT");
    }

    [GeneratedRegex("\u001b\\[[0-9;]*m", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Colours();

    [GeneratedRegex("[0-9]{8}T[0-9]{6}Z-[0-9]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Runs();

    [GeneratedRegex("20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2})?Z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Times();

    [GeneratedRegex("plan [0-9a-f]{12}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Fingerprints();
}
