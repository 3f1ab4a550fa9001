using AllowlistSync.Proposals.Forges;
using Shouldly;
using static AllowlistSync.Proposals.Tests.Forges.ForgeBench;

namespace AllowlistSync.Proposals.Tests.Forges;

/// <summary>What every forge keeps to, asked of a server that refuses what the published description does not have.</summary>
/// <param name="type">The kind of forge.</param>
public abstract class ForgeContract(string type)
{
    /// <summary>Whether it refuses a pull request without commits.</summary>
    protected abstract bool WantsCommits { get; }

    [Fact]
    public async Task What_is_opened_is_found_and_shown_as_it_was_written()
    {
        await using var bench = await StartAsync(type);

        var opened = await bench.OpenAsync();

        var shown = bench.Server.Pulls.ShouldHaveSingleItem();
        (shown.Head, shown.Base, shown.Title, shown.Text).ShouldBe((Branch, "main", Draft.Title, Draft.Text));
        (opened.Number, opened.Url, opened.State, opened.Title, opened.Text).ShouldBe((shown.Number, bench.Server.UrlOf(shown).AbsoluteUri, PullRequestState.Open, Draft.Title, Draft.Text));
        opened.Warnings.ShouldBeEmpty();
        (await bench.FindAsync()).ShouldHaveSingleItem().ShouldBe(opened with { Warnings = [] });
        bench.Server.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Open_closed_and_merged_ones_are_found_newest_first_and_nobody_elses()
    {
        await using var bench = await StartAsync(type);
        (await bench.FindAsync()).ShouldBeEmpty();
        await bench.OpenAsync();
        bench.Server.CloseByPerson(1);
        await bench.OpenAsync();
        await bench.Server.MergeAsync(2, Ct);
        await bench.Server.Repository.CommitAsync(Branch, "more", Ct, ("list", "three\n"));
        await bench.OpenAsync();
        bench.Server.OpenFromFork(Branch);
        await bench.Server.Repository.CommitAsync("other", "other", Ct, ("list", "four\n"));
        await bench.Forge.OpenAsync(Draft with { Branch = "other" }, Ct);

        var found = await bench.FindAsync();

        found.Select(request => (request.Number, request.State)).ShouldBe([(3, PullRequestState.Open), (2, PullRequestState.Merged), (1, PullRequestState.Closed)]);
        bench.Server.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task One_whose_branch_is_gone_is_still_found()
    {
        await using var bench = await StartAsync(type);
        var opened = await bench.OpenAsync();
        await bench.Forge.CloseAsync(opened, Ct);
        await bench.Server.Repository.InAsync(Ct, "update-ref", "-d", $"refs/heads/{Branch}");

        (await bench.FindAsync()).ShouldHaveSingleItem().State.ShouldBe(PullRequestState.Closed);
    }

    [Fact]
    public async Task It_is_changed_commented_on_and_closed()
    {
        await using var bench = await StartAsync(type);
        var opened = await bench.OpenAsync();

        await bench.Forge.UpdateAsync(opened, "Another title", "another text with \"quotes\" & ümlauts", Ct);
        await bench.Forge.CommentAsync(opened, "No longer needed: `main`", Ct);
        await bench.Forge.CloseAsync(opened, Ct);

        var shown = bench.Server.Pulls.ShouldHaveSingleItem();
        (shown.Title, shown.Text, shown.State).ShouldBe(("Another title", "another text with \"quotes\" & ümlauts", "closed"));
        shown.Comments.ShouldBe(["No longer needed: `main`"]);
        bench.Server.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_commit_is_marked_green_twice_as_well_as_once()
    {
        await using var bench = await StartAsync(type);
        var commit = await bench.HeadAsync();

        await bench.Forge.MarkAsync(commit, "proposal 1234: +1 -0", Ct);
        await bench.Forge.MarkAsync(commit, "proposal 1234: +1 -0", Ct);

        bench.Server.Statuses.Distinct().ShouldHaveSingleItem().ShouldBe(new(commit, "success", "allowlist-sync", "proposal 1234: +1 -0"));
        bench.Server.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_commit_that_is_not_there_is_named()
    {
        await using var bench = await StartAsync(type);
        var commit = new string('a', 40);

        var error = await Should.ThrowAsync<ForgeException>(async () => await bench.Forge.MarkAsync(commit, "x", Ct));

        error.Message.ShouldContain(commit);
        error.Remedy.ShouldNotContain("forge.repository");
    }

    [Fact]
    public async Task A_second_one_for_the_same_branch_is_told_as_such()
    {
        await using var bench = await StartAsync(type);
        await bench.OpenAsync();

        var error = await Should.ThrowAsync<ForgeException>(async () => await bench.OpenAsync());

        error.Failure.ShouldBe(ForgeFailure.Exists);
        error.Message.ShouldContain("has one already");
        bench.Server.Pulls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_draft_stays_one_and_one_that_was_made_ready_stays_ready()
    {
        await using var bench = await StartAsync(type);
        var opened = await bench.Forge.OpenAsync(Draft with { IsDraft = true }, Ct);
        var shown = bench.Server.Pulls.ShouldHaveSingleItem();
        (shown.IsDraft || shown.Title is $"Draft: Update the ranges" or "WIP: Update the ranges").ShouldBeTrue(shown.Title);
        var asDraft = shown.Title;

        opened.Title.ShouldBe(Draft.Title);
        await bench.Forge.UpdateAsync((await bench.FindAsync()).Single(), Draft.Title, "new", Ct);
        shown.Title.ShouldBe(asDraft);

        shown.Title = Draft.Title;
        await bench.Forge.UpdateAsync((await bench.FindAsync()).Single(), Draft.Title, "newer", Ct);
        (shown.Title, shown.Text).ShouldBe((Draft.Title, "newer"));
        bench.Server.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Labels_are_set_whether_the_repository_has_them_or_not()
    {
        await using var bench = await StartAsync(type);
        await bench.Forge.OpenAsync(Draft with { Labels = ["network", "allowlist"] }, Ct);
        bench.Server.CloseByPerson(1);

        var second = await bench.Forge.OpenAsync(Draft with { Labels = ["allowlist", "third"] }, Ct);

        second.Warnings.ShouldBeEmpty();
        bench.Server.Pulls[0].Labels.ShouldBe(["network", "allowlist"], ignoreOrder: true);
        bench.Server.Pulls[1].Labels.ShouldBe(["allowlist", "third"], ignoreOrder: true);
        bench.Server.Labels.Values.Distinct().Count().ShouldBe(bench.Server.Labels.Count, "no label is made twice");
        bench.Server.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_unknown_reviewer_is_a_warning_and_the_others_are_asked()
    {
        await using var bench = await StartAsync(type);

        var opened = await bench.Forge.OpenAsync(Draft with { Reviewers = ["ada", "nobody", "grace"] }, Ct);

        bench.Server.Pulls.ShouldHaveSingleItem().Reviewers.ShouldBe(["ada", "grace"], ignoreOrder: true);
        var warning = opened.Warnings.ShouldHaveSingleItem();
        warning.ShouldContain("nobody");
        warning.ShouldNotContain("forge.repository");
        bench.Server.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_branch_that_is_missing_is_told_from_a_repository_that_is_missing()
    {
        await using var bench = await StartAsync(type);

        var branch = await Should.ThrowAsync<ForgeException>(async () => await bench.Forge.OpenAsync(Draft with { Branch = "gone" }, Ct));
        bench.Server.IsHidden = true;
        var repository = await Should.ThrowAsync<ForgeException>(async () => await bench.OpenAsync());
        var look = await Should.ThrowAsync<ForgeException>(async () => await bench.FindAsync());

        (branch.Failure, repository.Failure, look.Failure).ShouldBe((ForgeFailure.NotFound, ForgeFailure.NotFound, ForgeFailure.NotFound));
        branch.Message.ShouldContain("no branch gone or main");
        branch.Remedy.ShouldStartWith("see what became of branch gone or main");
        repository.Message.ShouldContain("has no such repository, or does not show it to this token");
        repository.Remedy.ShouldStartWith("correct `forge.repository`; the token needs ");
        look.Remedy.ShouldBe(repository.Remedy);
    }

    [Fact]
    public async Task A_branch_without_commits_is_refused_or_opened_as_the_forge_does_it()
    {
        await using var bench = await StartAsync(type);
        await bench.Server.Repository.InAsync(Ct, "update-ref", "refs/heads/same", "refs/heads/main");

        if (!WantsCommits)
        {
            (await bench.Forge.OpenAsync(Draft with { Branch = "same" }, Ct)).State.ShouldBe(PullRequestState.Open);
            return;
        }

        var error = await Should.ThrowAsync<ForgeException>(async () => await bench.Forge.OpenAsync(Draft with { Branch = "same" }, Ct));
        error.Failure.ShouldBe(ForgeFailure.Invalid);
        error.Message.ShouldContain("No commits between main and same");
    }
}

/// <summary>GitHub.</summary>
public sealed class GitHubContractTests() : ForgeContract("github")
{
    /// <inheritdoc/>
    protected override bool WantsCommits => true;
}

/// <summary>GitLab.</summary>
public sealed class GitLabContractTests() : ForgeContract("gitlab")
{
    /// <inheritdoc/>
    protected override bool WantsCommits => false;
}

/// <summary>Gitea and Forgejo.</summary>
public sealed class GiteaContractTests() : ForgeContract("gitea")
{
    /// <inheritdoc/>
    protected override bool WantsCommits => false;
}
