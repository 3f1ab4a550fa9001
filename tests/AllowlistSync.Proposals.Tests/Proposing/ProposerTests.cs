using AllowlistSync.Proposals.Forges;
using AllowlistSync.Proposals.Proposing;
using AllowlistSync.Proposals.Rewriting;
using Shouldly;
using static AllowlistSync.Proposals.Tests.Proposing.ProposalLab;

namespace AllowlistSync.Proposals.Tests.Proposing;

/// <summary>What becomes of a proposal from run to run, in a real repository.</summary>
public sealed class ProposerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_run_opens_the_second_does_nothing_a_new_list_updates_and_the_old_list_closes()
    {
        using var forge = new MemoryForge();
        await using var lab = await StartAsync(forge);

        var opened = await lab.RunAsync();
        opened.Error.ShouldBeNull();
        opened.Status.ShouldBe(ProposalStatus.Opened);
        opened.Url.ShouldBe("https://forge.example/1");
        (await lab.Remote.ShowAsync(Branch, FilePath, Ct)).ShouldContain("set_real_ip_from 2400:cb00::/32;");
        (await lab.Remote.ShowAsync("main", FilePath, Ct)).ShouldNotContain("2400:cb00::/32");
        forge.Requests[0].Text.ShouldContain("+1 -0 in 1 file");
        forge.Statuses.ShouldHaveSingleItem().ShouldBe($"{opened.Commit}: proposal {opened.Fingerprint![..12]}: +1 -0 in 1 file");

        var (writes, head) = (forge.Writes, await lab.Remote.HeadAsync(Branch, Ct));
        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.Unchanged);
        (forge.Writes, await lab.Remote.HeadAsync(Branch, Ct)).ShouldBe((writes, head));

        lab.List = ["104.16.0.0/13", "2400:cb00::/32", "172.64.0.0/13"];
        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.Updated);
        forge.Requests.ShouldHaveSingleItem().Text.ShouldContain("`172.64.0.0/13`");
        (await lab.Remote.InAsync(Ct, "rev-list", "--count", $"main..{Branch}")).Trim().ShouldBe("1", "one commit on top of the base");

        lab.List = ["104.16.0.0/13"];
        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.Closed);
        forge.Requests.ShouldHaveSingleItem().State.ShouldBe(PullRequestState.Closed);
        forge.Comments.ShouldHaveSingleItem().ShouldContain("No longer needed");
        (await lab.Remote.HeadAsync(Branch, Ct)).ShouldBeNull();
        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.InSync);

        // What was closed by us is proposed again when it is wanted again.
        lab.List = ["104.16.0.0/13", "2400:cb00::/32"];
        var reopened = await lab.RunAsync();
        reopened.Status.ShouldBe(ProposalStatus.Opened, reopened.Error?.Message);
    }

    [Fact]
    public async Task A_look_writes_nothing_and_shows_what_would_be_pushed()
    {
        using var forge = new MemoryForge();
        await using var lab = await StartAsync(forge);

        var look = await lab.RunAsync(isLook: true);

        look.Status.ShouldBe(ProposalStatus.WouldOpen);
        look.Diff.ShouldContain("+set_real_ip_from 2400:cb00::/32;");
        (forge.Writes, await lab.Remote.HeadAsync(Branch, Ct)).ShouldBe((0, null));
        await lab.RunAsync();
        (await lab.RunAsync(isLook: true)).Status.ShouldBe(ProposalStatus.Unchanged);
        lab.List = ["104.16.0.0/13"];
        (await lab.RunAsync(isLook: true)).Status.ShouldBe(ProposalStatus.WouldClose);
        forge.Requests.ShouldHaveSingleItem().State.ShouldBe(PullRequestState.Open);
    }

    [Fact]
    public async Task What_was_merged_is_in_sync_and_the_next_change_is_a_new_pull_request()
    {
        using var forge = new MemoryForge();
        await using var lab = await StartAsync(forge);
        await lab.RunAsync();
        await lab.Remote.MergeAsync(Branch, Ct);
        forge.End(PullRequestState.Merged);

        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.InSync);

        lab.List = ["104.16.0.0/13", "2400:cb00::/32", "172.64.0.0/13"];
        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.Opened);
        forge.Requests.Count.ShouldBe(2);
        (await lab.Remote.InAsync(Ct, "rev-list", "--count", $"main..{Branch}")).Trim().ShouldBe("1");
    }

    [Fact]
    public async Task When_the_base_moves_the_one_commit_is_made_anew_on_top_of_it()
    {
        using var forge = new MemoryForge();
        await using var lab = await StartAsync(forge);
        await lab.RunAsync();
        await lab.Remote.CommitAsync("main", "elsewhere", Ct, ("README", "read me again\n"));

        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.Updated);

        (await lab.Remote.ShowAsync(Branch, "README", Ct)).ShouldBe("read me again\n");
        (await lab.Remote.InAsync(Ct, "rev-parse", $"{Branch}~1")).Trim().ShouldBe(await lab.Remote.HeadAsync("main", Ct));

        // A history that was written anew is a base like any other.
        await lab.Remote.WorkAsync("git commit --quiet --amend --message rewritten; git push --quiet --force origin HEAD:main; git commit --quiet --allow-empty --message more", Ct);
        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.Updated);
    }

    [Fact]
    public async Task A_person_who_closed_it_is_not_asked_again_for_the_same_content()
    {
        using var forge = new MemoryForge();
        await using var lab = await StartAsync(forge);
        await lab.RunAsync();
        forge.End(PullRequestState.Closed);
        await lab.Remote.CommitAsync("main", "elsewhere", Ct, ("README", "read me again\n"));

        var left = await lab.RunAsync();

        left.Status.ShouldBe(ProposalStatus.LeftAlone);
        left.Findings.ShouldHaveSingleItem().Id.ShouldBe("closed-by-person");
        forge.Requests.Count.ShouldBe(1);
        lab.List = ["104.16.0.0/13", "172.64.0.0/13"];
        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.Opened, "that is another content");

        // Back to what the person did not want: what is open goes, and nothing comes in its place.
        lab.List = ["104.16.0.0/13", "2400:cb00::/32"];
        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.Closed);
        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.LeftAlone);
    }

    [Fact]
    public async Task A_branch_with_the_commit_of_a_person_is_left_to_people()
    {
        using var forge = new MemoryForge();
        await using var lab = await StartAsync(forge);
        await lab.RunAsync();
        await lab.Remote.CommitAsync(Branch, "better", Ct, (FilePath, "mine\n"));
        lab.List = ["104.16.0.0/13", "2400:cb00::/32", "172.64.0.0/13"];

        var left = await lab.RunAsync();

        left.Status.ShouldBe(ProposalStatus.LeftAlone);
        left.Findings.ShouldHaveSingleItem().Message.ShouldContain("holds a commit of Ada");
        (await lab.Remote.ShowAsync(Branch, FilePath, Ct)).ShouldBe("mine\n");
    }

    [Fact]
    public async Task An_amended_commit_is_a_persons_too()
    {
        using var forge = new MemoryForge();
        await using var lab = await StartAsync(forge);
        await lab.RunAsync();
        await lab.Remote.WorkAsync($"git checkout --quiet {Branch}; git commit --quiet --amend --no-edit; git push --quiet --force origin HEAD:{Branch}; git checkout --quiet main", Ct);

        (await lab.RunAsync()).Findings.ShouldHaveSingleItem().Id.ShouldBe("person-commit");
    }

    [Fact]
    public async Task A_plan_file_that_is_a_link_is_not_written()
    {
        await using var lab = await StartAsync(null);
        await lab.Remote.WorkAsync("ln -s /etc/passwd plan.md; ln -s /etc plans", Ct);
        lab.Spec = lab.Spec with { PlanFile = "plan.md" };
        (await lab.RunAsync()).Error!.Id.ShouldBe("not-a-file");
        lab.Spec = lab.Spec with { PlanFile = "plans/plan.md" };
        (await lab.RunAsync()).Error!.Id.ShouldBe("not-a-directory");
        (await lab.Remote.HeadAsync(Branch, Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task Two_runners_at_once_end_with_one_pull_request()
    {
        using var forge = new MemoryForge();
        await using var lab = await StartAsync(forge);
        forge.BeforeOpening = async () => (await lab.RunAsync(runner: "other")).Status.ShouldBe(ProposalStatus.Opened);

        var late = await lab.RunAsync();

        late.Error.ShouldBeNull();
        forge.Requests.ShouldHaveSingleItem().State.ShouldBe(PullRequestState.Open);
        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.Unchanged);
    }

    [Fact]
    public async Task A_forge_that_fails_after_the_push_is_made_good_by_the_next_run()
    {
        using var forge = new MemoryForge { NextOpening = new ForgeException(ForgeFailure.Unavailable, "the forge has a failure of its own", "run it again later") };
        await using var lab = await StartAsync(forge);

        var failed = await lab.RunAsync();

        failed.Status.ShouldBe(ProposalStatus.Failed);
        failed.Error!.Id.ShouldBe("forge-unavailable");
        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.Opened);
    }

    [Fact]
    public async Task Without_a_forge_the_branch_is_the_proposal()
    {
        await using var lab = await StartAsync(null);
        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.Opened);
        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.Unchanged);
        lab.List = ["104.16.0.0/13"];
        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.Closed);
        (await lab.Remote.HeadAsync(Branch, Ct)).ShouldBeNull();
        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.InSync);
    }

    [Fact]
    public async Task A_list_that_cannot_be_used_proposes_nothing()
    {
        using var forge = new MemoryForge();
        await using var lab = await StartAsync(forge);
        lab.Spec = lab.Spec with { Files = [lab.Spec.Files[0] with { Allow = ["cloudflare", "office"] }] };

        var refused = await lab.RunAsync();

        refused.Status.ShouldBe(ProposalStatus.Refused);
        refused.Error!.Message.ShouldContain("source office has no list that may be used");
        (await lab.Remote.HeadAsync(Branch, Ct)).ShouldBeNull();
    }

    [Theory]
    [InlineData("ln -s /etc/hostname nginx/link", "nginx/link", "not-a-file")]
    [InlineData("true", "nginx/realip.conf/new.conf", "not-a-directory")]
    [InlineData("ln -s /etc linked", "linked/new.conf", "not-a-directory")]
    [InlineData("true", "nothing/*.conf", "file-missing")]
    public async Task A_file_that_must_not_be_written_is_refused(string work, string path, string id)
    {
        using var forge = new MemoryForge();
        await using var lab = await StartAsync(forge);
        await lab.Remote.WorkAsync(work, Ct);
        lab.Spec = lab.Spec with { Files = [lab.Spec.Files[0] with { Path = path }] };

        (await lab.RunAsync()).Error!.Id.ShouldBe(id);

        (await lab.Remote.HeadAsync(Branch, Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task All_wrong_places_are_told_at_once()
    {
        using var forge = new MemoryForge();
        await using var lab = await StartAsync(forge);
        var file = lab.Spec.Files[0];
        lab.Spec = lab.Spec with { Files = [file with { Path = "README", Place = new BlockPlace("cf", "plain") }, file, file with { Path = "gone.yml", Place = new KeyPlace("a") }], PlanFile = "README/plan.md" };

        var failed = await lab.RunAsync();

        failed.Status.ShouldBe(ProposalStatus.Failed);
        failed.Error!.Id.ShouldBe("marker-missing");
        failed.Findings.Select(finding => finding.Id).ShouldBe(["file-missing", "not-a-directory"]);
        (await lab.Remote.HeadAsync(Branch, Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task A_pattern_names_many_files_and_the_whole_text_is_kept_in_a_file_when_asked()
    {
        using var forge = new MemoryForge();
        await using var lab = await StartAsync(forge);
        var old = await lab.Remote.ShowAsync("main", FilePath, Ct);
        await lab.Remote.CommitAsync("main", "more", Ct, ("sites/a/realip.conf", old), ("sites/a/b/realip.conf", old), ("sites/other.conf", "x\n"), ("sites/plans/realip.conf", "a text\n"));
        lab.Spec = lab.Spec with { Files = [lab.Spec.Files[0] with { Path = "sites/**/realip.conf" }], PlanFile = "sites/plans/realip.conf", Commit = lab.Spec.Commit with { SignOff = true } };

        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.Opened);

        (await lab.Remote.InAsync(Ct, "diff-tree", "-r", "--name-status", "main", Branch)).ShouldBe("M\tsites/a/b/realip.conf\nM\tsites/a/realip.conf\nM\tsites/plans/realip.conf\n");
        (await lab.Remote.InAsync(Ct, "log", "-1", "--format=%(trailers:only)", Branch)).ShouldContain("Signed-off-by: allowlist-sync <allowlist-sync@localhost>");
        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.Unchanged);
    }

    [Fact]
    public async Task A_text_that_is_too_long_for_the_forge_is_cut_and_says_so()
    {
        using var forge = new MemoryForge { LongestText = 3000 };
        await using var lab = await StartAsync(forge);
        lab.List = [.. Enumerable.Range(0, 400).Select(i => $"104.{16 + (i / 128)}.{i % 128 * 2}.0/24")];

        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.Opened);

        forge.Requests[0].Text.Length.ShouldBeLessThanOrEqualTo(3000);
        forge.Requests[0].Text.ShouldContain("more: the files of this pull request have them all");
        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.Unchanged);
    }

    [Fact]
    public async Task However_little_fits_a_later_run_knows_what_was_proposed()
    {
        using var forge = new MemoryForge { LongestText = 500 };
        await using var lab = await StartAsync(forge);
        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.Opened);

        forge.Requests[0].Text.Length.ShouldBeLessThanOrEqualTo(500);
        forge.Requests[0].Text.ShouldContain("\n... the rest does not fit; the changed files have the ranges\n");
        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.Unchanged);
        forge.End(PullRequestState.Closed);
        (await lab.RunAsync()).Status.ShouldBe(ProposalStatus.LeftAlone, "a person closed it");
    }
}
