using AllowlistSync.TestKit;
using AllowlistSync.Tests.Configuration;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd.Propose;

/// <summary>The samples for teams, run as they stand: the scripts of each pipeline by bash in a clone of the repository, the built program, the real git and nft, and a forge that keeps what it is told.</summary>
public sealed class GitopsSampleTests
{
    private const string Checkout = "/run/checkout";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("github", ".github/workflows/allowlist-sync.yml")]
    [InlineData("gitlab", ".gitlab-ci.yml")]
    [InlineData("gitea", ".gitea/workflows/allowlist-sync.yml")]
    public async Task A_pipeline_proposes_comments_the_plan_fails_on_refusal_and_applies_what_was_merged(string type, string pipeline)
    {
        await using var lab = await ForgeOrigin.StartAsync(type, ("README", "read me\n"));
        await lab.Remote.CommitAsync("main", "allowlist-sync", Ct, ("allowlist-sync.yaml", Config(lab, type)), (pipeline, await SampleAsync(type, pipeline)));

        (await JobAsync(lab, type, pipeline, "propose", "main")).Ended(0);
        var pull = lab.Forge.Pulls.ShouldHaveSingleItem();
        pull.Labels.ShouldBe([]);

        (await JobAsync(lab, type, pipeline, "plan", ForgeOrigin.Branch)).Ended(0);
        pull.Comments.ShouldHaveSingleItem().ShouldContain("104.16.0.0/13");
        lab.Origin.Cloudflare.AnswerAll(Answers.Html());
        (await JobAsync(lab, type, pipeline, "plan", ForgeOrigin.Branch)).ExitCode.ShouldNotBe(0, "a refusal fails the job");
        pull.Comments.Count.ShouldBe(2, "and is commented all the same");
        lab.Origin.Cloudflare.AnswerAll(Answers.Normal());

        var before = await lab.Origin.RulesetAsync();
        await lab.Forge.MergeAsync(pull.Number, Ct);
        (await JobAsync(lab, type, pipeline, "propose", "main")).Ended(0);
        (await lab.Origin.RulesetAsync()).ShouldBe(before);
        (await JobAsync(lab, type, pipeline, "apply", "main")).Ended(0).Saying("web: applied");
        (await lab.Origin.RulesetAsync()).ShouldContain("104.16.0.0");
        (await JobAsync(lab, type, pipeline, "apply", "main")).Ended(0);
        lab.Forge.Complaints.ShouldBeEmpty();
    }

    // What stands for the reader's own is put in, and the lists come from a server of the test.
    private static string Config(ForgeOrigin lab, string type)
    {
        var text = File.ReadAllText(Repository.PathOf($"samples/gitops-{type}/allowlist-sync.yaml"));
        var repository = text.Split("repository: ")[1].Split('\n')[0];
        text = lab.Origin.WithItsList(text).Replace(repository, lab.Remote.Url, StringComparison.Ordinal).Replace("OWNER/NAME", lab.Forge.Name, StringComparison.Ordinal);
        return type == "gitea" ? text.Replace("https://gitea.example.org/api/v1", lab.Forge.ApiUrl.ToString(), StringComparison.Ordinal) : text.Replace($"type: {type},", $"type: {type}, apiUrl: '{lab.Forge.ApiUrl}',", StringComparison.Ordinal);
    }

    private static Task<string> SampleAsync(string type, string file) => File.ReadAllTextAsync(Repository.PathOf($"samples/gitops-{type}/{file}"), Ct);

    // As a runner does it: a fresh clone of the branch, the variables of the forge, bash that stops at the first failure.
    private static async Task<Outcome> JobAsync(ForgeOrigin lab, string type, string pipeline, string job, string branch)
    {
        var (forge, origin) = (lab.Forge, lab.Origin);
        var number = forge.Pulls.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var read = PipelineFile.Read(Repository.PathOf($"samples/gitops-{type}/{pipeline}"), job, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["secrets.ALLOWLIST_SYNC_TOKEN"] = forge.Token,
            ["github.token"] = forge.Token,
            ["github.event.pull_request.number"] = number,
        });
        var api = forge.ApiUrl.ToString().TrimEnd('/');
        IEnumerable<string> variables =
        [
            .. read.Variables.Select(one => $"{one.Key}={one.Value}"), $"PATH={Path.GetDirectoryName(Origin.Program)}:/usr/sbin:/usr/bin:/sbin:/bin",
            .. type == "gitlab"
                ? new[] { $"CI_API_V4_URL={api}", "CI_PROJECT_ID=ops%2Finfra", $"CI_MERGE_REQUEST_IID={number}", $"ALLOWLIST_SYNC_TOKEN={forge.Token}" }
                : [$"GITHUB_API_URL={api}", $"GITHUB_REPOSITORY={forge.Name}"],
        ];
        await origin.ShellAsync("rm", "-rf", Checkout);
        await origin.ShellAsync("git", "clone", "--quiet", "--branch", branch, lab.Remote.Url, Checkout);
        var ended = new Outcome(0, "", "");
        foreach (var script in read.Scripts)
        {
            ended = ended.ExitCode != 0 ? ended : Outcome.Of(await origin.Sandbox.RunAsync(["env", "--chdir", Checkout, .. variables, "bash", "-eo", "pipefail", "-c", script], timeout: TimeSpan.FromSeconds(120), ct: Ct));
        }

        return ended;
    }
}
