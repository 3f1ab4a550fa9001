using System.Text.Json.Nodes;
using AllowlistSync.TestKit;
using AllowlistSync.Tests.Notifying;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

public sealed class NotifyTests
{
    private const string Told = "/run/told";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Apply_tells_a_problem_once_and_its_end_once()
    {
        await using var origin = await Origin.StartAsync(config: new ConfigText { Others = $"notify:\n  - {{ type: exec, command: [sh, -c, \"cat >> {Told}\"], on: [refused, failed, changed] }}" });
        (await origin.RunAsync("apply", "--yes")).Ended(0);
        origin.Cloudflare.AnswerAll(Answers.Html());
        (await origin.RunAsync("apply", "--yes")).Ended(3);
        (await origin.RunAsync("apply", "--yes")).Ended(3);
        origin.Cloudflare.AnswerAll(Answers.Normal());
        (await origin.RunAsync("apply", "--yes")).Ended(0);

        var told = (await origin.ReadAsync(Told)).Trim().Split('\n').Select(line => JsonNode.Parse(line)!);
        told.Select(notice => $"{notice["event"]} {notice["state"]} {notice["source"]}").ShouldBe(["refused problem cloudflare", "refused resolved cloudflare"]);
    }

    [Fact]
    public async Task Apply_ends_as_it_would_have_ended_when_nobody_can_be_told_and_tells_the_next_time()
    {
        await using var origin = await Origin.StartAsync(config: new ConfigText { Others = $"notify:\n  - {{ type: exec, command: [sh, -c, \"test -e /run/mended && cat >> {Told}\"], on: [refused] }}" });
        origin.Cloudflare.AnswerAll(Answers.Html());
        (await origin.RunAsync("apply", "--yes")).StdErr.ShouldContain("notify[0] (exec) takes no messages: it ended with 1");
        await origin.ShellAsync("touch", "/run/mended");
        (await origin.RunAsync("apply", "--yes")).StdErr.ShouldNotContain("notify[0]");

        // The list, and the target that cannot go by any list yet.
        (await origin.ReadAsync(Told)).Trim().Split('\n').Length.ShouldBe(2);
    }

    [Fact]
    public async Task The_test_says_for_each_receiver_what_came_of_it()
    {
        await using var good = await VendorServer.StartAsync(VendorRules.Slack);
        await using var bad = await VendorServer.StartAsync(_ => "invalid_token");
        var directory = Directory.CreateTempSubdirectory("notify");
        try
        {
            var config = Path.Combine(directory.FullName, "config.yaml");
            await File.WriteAllTextAsync(config, $$"""
                version: 1
                sources: [{ name: cf, type: cloudflare }]
                targets: [{ name: web, provider: ufw, allow: [cf] }]
                notify:
                  - { type: slack, url: { env: GOOD } }
                  - { type: webhook, url: { env: BAD } }
                  - { type: exec, command: ["true"] }

                """, Ct);
            Task<Outcome> RunAsync(string more) => Local.ShellAsync("env", "-S", $"GOOD={good.Url} BAD={bad.Url} {Origin.Program} notify test --config {config} {more}", "");

            var all = (await RunAsync("")).Ended(2);
            all.StdOut.ShouldBe("notify[0] (slack): delivered: status 200\nnotify[1] (webhook): not delivered: status 400: invalid_token\nnotify[2] (exec): delivered: it ended with 0\n");
            (await RunAsync("--only slack")).Ended(0).StdOut.ShouldBe("notify[0] (slack): delivered: status 200\n");
            var json = (await RunAsync("--only 1 --output json")).Ended(2);
            json.Json["receivers"]![0]!["delivered"]!.GetValue<bool>().ShouldBeFalse();
            (await RunAsync("--only 7")).Ended(64).Saying("there is no such receiver", "notify[1] (webhook)");
            (all.Said + json.Said).ShouldNotContain("hunter2");
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
