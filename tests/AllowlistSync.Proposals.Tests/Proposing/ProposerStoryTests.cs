using AllowlistSync.Proposals.Proposing;
using AllowlistSync.Proposals.Tests.Forges;
using AllowlistSync.TestKit;
using Shouldly;
using static AllowlistSync.Proposals.Tests.Proposing.ProposalLab;

namespace AllowlistSync.Proposals.Tests.Proposing;

/// <summary>The whole life of a proposal, with a server of each forge in front of a real repository.</summary>
public sealed class ProposerStoryTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("github")]
    [InlineData("gitlab")]
    [InlineData("gitea")]
    public async Task It_opens_rests_updates_closes_and_opens_again(string type)
    {
        await using var story = await StoryAsync(type);
        var (lab, server) = (story.Lab, story.Server);
        lab.Spec = lab.Spec with { Labels = ["allowlist"], Reviewers = ["ada"], IsDraft = true };

        var opened = await lab.RunAsync();
        opened.Error.ShouldBeNull();
        (opened.Status, opened.Findings.Length).ShouldBe((ProposalStatus.Opened, 0));
        var pull = server.Pulls.ShouldHaveSingleItem();
        opened.Url.ShouldBe(server.UrlOf(pull).AbsoluteUri);
        (pull.Labels.Single(), pull.Reviewers.Single()).ShouldBe(("allowlist", "ada"));
        server.Statuses.ShouldHaveSingleItem().Commit.ShouldBe(await lab.Remote.HeadAsync(Branch, Ct));

        var (writes, title) = (server.Writes, pull.Title);
        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.Unchanged);
        server.Writes.ShouldBe(writes, "a run that changes nothing asks and does nothing");

        lab.List = ["104.16.0.0/13", "2400:cb00::/32", "172.64.0.0/13"];
        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.Updated);
        pull = server.Pulls.ShouldHaveSingleItem();
        pull.Text.ShouldContain("`172.64.0.0/13`");
        pull.Title.ShouldBe(title, "a draft stays one");
        server.Statuses.Count.ShouldBe(2);

        lab.List = ["104.16.0.0/13"];
        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.Closed);
        (pull.State, pull.Comments.Count).ShouldBe(("closed", 1));
        (await lab.Remote.HeadAsync(Branch, Ct)).ShouldBeNull();
        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.InSync);

        lab.List = ["104.16.0.0/13", "2400:cb00::/32"];
        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.Opened, "what was closed by us is no wish of a person");
        server.Complaints.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("github")]
    [InlineData("gitlab")]
    [InlineData("gitea")]
    public async Task What_a_person_closed_stays_closed(string type)
    {
        await using var story = await StoryAsync(type);
        await story.Lab.RunAsync();
        story.Server.CloseByPerson(1);

        var left = await story.Lab.RunAsync();

        left.Status.ShouldBe(ProposalStatus.LeftAlone);
        left.Findings.ShouldHaveSingleItem().Id.ShouldBe("closed-by-person");
        story.Server.Pulls.ShouldHaveSingleItem().State.ShouldBe("closed");
    }

    [Theory]
    [InlineData("github")]
    [InlineData("gitlab")]
    [InlineData("gitea")]
    public async Task A_merge_ends_it_and_the_next_change_is_another_one(string type)
    {
        await using var story = await StoryAsync(type);
        await story.Lab.RunAsync();
        await story.Server.MergeAsync(1, Ct);

        (await story.Lab.RunAsync()).Status.ShouldBe(ProposalStatus.InSync);
        (await story.Lab.Remote.ShowAsync("main", FilePath, Ct)).ShouldContain("2400:cb00::/32");

        story.Lab.List = ["104.16.0.0/13", "2400:cb00::/32", "172.64.0.0/13"];
        (await story.Lab.RunAsync()).Status.ShouldBe(ProposalStatus.Opened);
        story.Server.Pulls.Select(pull => pull.State).ShouldBe(["merged", "open"]);
    }

    [Theory]
    [InlineData("github")]
    [InlineData("gitlab")]
    [InlineData("gitea")]
    public async Task An_opening_whose_answer_was_lost_is_found_by_the_next_run(string type)
    {
        await using var story = await StoryAsync(type);
        story.Server.Fail(ForgeFaults.CutAfterDoing(), times: 1, request => request.Method == "POST");

        var failed = await story.Lab.RunAsync();
        failed.Status.ShouldBe(ProposalStatus.Failed);
        failed.Error!.Id.ShouldBe("forge-unavailable");

        (await story.Lab.RunAsync()).Error.ShouldBeNull();
        story.Server.Pulls.ShouldHaveSingleItem().IsOpen.ShouldBeTrue();
        (await story.Lab.RunAsync()).Status.ShouldBe(ProposalStatus.Unchanged);
    }

    private static async Task<Story> StoryAsync(string type)
    {
        var lab = await StartAsync(null);
        var bench = await ForgeBench.StartAsync(type, lab.Remote);
        return new Story(new ProposalLab(lab.Remote, bench.Forge), bench);
    }

    private sealed record Story(ProposalLab Lab, ForgeBench Bench) : IAsyncDisposable
    {
        public ForgeServer Server => Bench.Server;

        public ValueTask DisposeAsync() => Bench.DisposeAsync();
    }
}
