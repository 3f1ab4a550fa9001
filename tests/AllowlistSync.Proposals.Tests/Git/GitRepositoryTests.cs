using System.Diagnostics;
using System.Text;
using AllowlistSync.Proposals.Git;
using AllowlistSync.Providers.Host.Hosts;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Proposals.Tests.Git;

/// <summary>The real git against real repositories on this disk.</summary>
public sealed class GitRepositoryTests
{
    private const string Branch = "allowlist-sync/cloudflare";
    private static readonly DateTimeOffset s_noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_commit_replaces_what_it_names_keeps_all_else_and_is_pushed()
    {
        await using var remote = await BareRepository.CreateAsync(Ct, ("nginx/realip.conf", "old\n"), ("README", "read me\n"), ("run.sh", "#!/bin/sh\n"));
        await remote.WorkAsync("chmod +x run.sh", Ct);
        var repository = await OpenAsync(remote);
        var heads = await repository.FetchAsync("main", Branch, Ct);
        var files = await repository.FilesAsync(heads.Base, Ct);

        var commit = await CommitAsync(repository, heads.Base, files.Single(file => file.Path == "nginx/realip.conf"), "new\n");
        await repository.PushAsync(Branch, commit, heads.Branch, Ct);

        (await remote.ShowAsync(Branch, "nginx/realip.conf", Ct)).ShouldBe("new\n");
        (await remote.InAsync(Ct, "diff-tree", "-r", "--name-status", "main", Branch)).ShouldBe("M\tnginx/realip.conf\n");
        (await remote.InAsync(Ct, "log", "-1", "--format=%an %ae %cn %cI %P", Branch)).ShouldBe($"allowlist-sync allowlist-sync@localhost allowlist-sync 2026-11-21T12:00:00+00:00 {heads.Base.Id}\n");
        (await remote.InAsync(Ct, "log", "-1", "--format=%B", Branch)).ShouldStartWith("Title\n\nBody.\n");

        var again = await repository.FetchAsync("main", Branch, Ct);
        again.Branch!.Id.ShouldBe(commit.Id);
        again.Branch.Committer.ShouldBe(GitPerson.Default);
        again.Branch.Parents.ShouldBe([heads.Base.Id]);
    }

    [Fact]
    public async Task Nothing_but_what_is_read_is_fetched_and_a_second_run_fetches_what_is_new()
    {
        await using var remote = await BareRepository.CreateAsync(Ct, ("list.conf", "old\n"), ("big.bin", new string('x', 3_000_000)));
        for (var i = 0; i < 5; i++)
        {
            await remote.CommitAsync("main", $"{i}", Ct, ("big.bin", new string((char)('a' + i), 3_000_000)));
        }

        var repository = await OpenAsync(remote);
        var heads = await repository.FetchAsync("main", Branch, Ct);
        Encoding.UTF8.GetString((await repository.ReadAsync((await repository.FilesAsync(heads.Base, Ct)).Single(file => file.Path == "list.conf"), Ct)).Span).ShouldBe("old\n");

        Directory.GetFiles(remote.CloneAt(), "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length).ShouldBeLessThan(100_000);
        await remote.CommitAsync("main", "next", Ct, ("list.conf", "next\n"));
        var next = await (await OpenAsync(remote)).FetchAsync("main", Branch, Ct);
        next.Base.Message.ShouldBe("next\n");
    }

    [Fact]
    public async Task Locks_that_a_killed_git_left_keep_no_later_run_from_its_work()
    {
        await using var remote = await BareRepository.CreateAsync(Ct, ("list.conf", "old\n"));
        await remote.CommitAsync("main", "second", Ct, ("list.conf", "second\n"));
        await remote.CommitAsync("main", "third", Ct, ("list.conf", "third\n"));
        await (await OpenAsync(remote)).FetchAsync("main", Branch, Ct);
        foreach (var left in (string[])["shallow.lock", "config.lock", "refs/allowlist-sync/base.lock"])
        {
            await File.WriteAllTextAsync(Path.Combine(remote.CloneAt(), left), "", Ct);
        }

        await remote.CommitAsync("main", "next", Ct, ("list.conf", "next\n"));
        (await (await OpenAsync(remote)).FetchAsync("main", Branch, Ct)).Base.Message.ShouldBe("next\n");
    }

    [Theory]
    [InlineData("rm HEAD")]
    [InlineData(": > HEAD")]
    [InlineData("rm -r refs")]
    public async Task A_clone_that_lost_a_part_is_mended(string damage)
    {
        await using var remote = await BareRepository.CreateAsync(Ct, ("list.conf", "old\n"));
        await (await OpenAsync(remote)).FetchAsync("main", Branch, Ct);
        using (var shell = Process.Start(new ProcessStartInfo("sh", ["-ec", damage]) { WorkingDirectory = remote.CloneAt() })!)
        {
            await shell.WaitForExitAsync(Ct);
            shell.ExitCode.ShouldBe(0);
        }

        (await (await OpenAsync(remote)).FetchAsync("main", Branch, Ct)).Base.Message.ShouldBe("first\n");
    }

    [Fact]
    public async Task A_push_over_somebody_elses_commit_is_refused()
    {
        await using var remote = await BareRepository.CreateAsync(Ct, ("list.conf", "old\n"));
        var repository = await OpenAsync(remote);
        var heads = await repository.FetchAsync("main", Branch, Ct);
        var commit = await CommitAsync(repository, heads.Base, (await repository.FilesAsync(heads.Base, Ct))[0], "ours\n");
        await remote.CommitAsync(Branch, "theirs", Ct, ("list.conf", "theirs\n"));

        var refused = await Should.ThrowAsync<GitException>(async () => await repository.PushAsync(Branch, commit, heads.Branch, Ct));

        refused.Failure.ShouldBe(GitFailure.LeaseLost);
        (await remote.ShowAsync(Branch, "list.conf", Ct)).ShouldBe("theirs\n");
    }

    [Fact]
    public async Task No_code_of_a_repository_is_run_and_nothing_outside_of_the_clone_is_touched()
    {
        await using var remote = await BareRepository.CreateAsync(Ct, ("list.conf", "old\n"), (".gitattributes", "* filter=evil diff=evil text eol=crlf\n"), (".gitmodules", "[submodule \"x\"]\n\tpath = sub\n\turl = ext::sh -c 'touch /tmp/als-owned'\n"));
        var outside = remote.At("outside");
        await File.WriteAllTextAsync(outside, "mine", Ct);
        await remote.WorkAsync($"ln -s {outside} link; ln -s / root; printf x > \"$(printf 'a\\nb')\"; printf x > \"$(printf 'bad\\377')\"; mkdir sub; git update-index --add --cacheinfo 160000,$(git rev-parse HEAD),sub", Ct);
        var repository = await OpenAsync(remote);
        var heads = await repository.FetchAsync("main", Branch, Ct);

        var files = await repository.FilesAsync(heads.Base, Ct);

        files.Where(file => !file.IsFile).Select(file => file.Path).ShouldBe(["link", "root", "sub"], ignoreOrder: true);
        files.ShouldContain(file => file.Path == "a\nb");
        files.ShouldNotContain(file => file.Path.StartsWith("bad", StringComparison.Ordinal), "a name that is no UTF-8 cannot be written back");
        await repository.PushAsync(Branch, await CommitAsync(repository, heads.Base, files.Single(file => file.Path == "list.conf"), "new\n"), null, Ct);
        (await remote.ShowAsync(Branch, "list.conf", Ct)).ShouldBe("new\n", "no filter and no line ends of the repository apply");
        (await remote.InAsync(Ct, "diff-tree", "-r", "--name-only", "main", Branch)).ShouldBe("list.conf\n");
        (await File.ReadAllTextAsync(outside, Ct)).ShouldBe("mine");
        Directory.Exists(Path.Combine(remote.CloneAt(), "hooks")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("nothing.git", "main", GitFailure.NoRepository)]
    [InlineData("remote.git", "master", GitFailure.NoBranch)]
    public async Task A_repository_or_branch_that_is_not_there_is_said(string name, string branch, GitFailure failure)
    {
        await using var remote = await BareRepository.CreateAsync(Ct, ("list.conf", "old\n"));
        var repository = await OpenAsync(remote, new GitRemote($"file://{remote.At(name)}"));

        var said = await Should.ThrowAsync<GitException>(async () => await repository.FetchAsync(branch, Branch, Ct));

        said.Failure.ShouldBe(failure);
        said.Remedy.ShouldContain("correct");
    }

    [Fact]
    public async Task A_hook_of_the_remote_that_says_no_is_heard()
    {
        await using var remote = await BareRepository.CreateAsync(Ct, ("list.conf", "old\n"));
        var hook = Path.Combine(remote.Path, "hooks", "update");
        await File.WriteAllTextAsync(hook, "#!/bin/sh\necho 'branches are named by ticket here' >&2\nexit 1\n", Ct);
        File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var repository = await OpenAsync(remote);
        var heads = await repository.FetchAsync("main", Branch, Ct);
        var commit = await CommitAsync(repository, heads.Base, (await repository.FilesAsync(heads.Base, Ct))[0], "ours\n");

        var refused = await Should.ThrowAsync<GitException>(async () => await repository.PushAsync(Branch, commit, null, Ct));

        refused.Failure.ShouldBe(GitFailure.Rejected);
        refused.Message.ShouldContain("branches are named by ticket here");
        (await remote.HeadAsync(Branch, Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task A_commit_is_signed_by_an_ssh_key_and_a_key_that_is_not_there_is_said()
    {
        await using var remote = await BareRepository.CreateAsync(Ct, ("list.conf", "old\n"));
        var key = remote.At("key");
        (await new LocalHost().RunAsync(new Core.Hosts.HostCommand("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]), Ct)).ExitCode.ShouldBe(0);
        var repository = await OpenAsync(remote, options: new GitCommitOptions { SigningKey = key });
        var heads = await repository.FetchAsync("main", Branch, Ct);
        var commit = await CommitAsync(repository, heads.Base, (await repository.FilesAsync(heads.Base, Ct))[0], "ours\n");
        await repository.PushAsync(Branch, commit, null, Ct);
        (await remote.InAsync(Ct, "cat-file", "commit", Branch)).ShouldContain("gpgsig -----BEGIN SSH SIGNATURE-----");
        commit.Message.ShouldStartWith("Title");

        var without = await OpenAsync(remote, options: new GitCommitOptions { SigningKey = remote.At("missing") });
        (await Should.ThrowAsync<GitException>(async () => await CommitAsync(without, heads.Base, (await without.FilesAsync(heads.Base, Ct))[0], "ours\n"))).Failure.ShouldBe(GitFailure.Signing);
    }

    [Fact]
    public async Task The_token_is_in_a_file_for_its_owner_only()
    {
        await using var remote = await BareRepository.CreateAsync(Ct, ("list.conf", "old\n"));
        await OpenAsync(remote, new GitRemote("https://git.example.org/ops/infra.git") { Token = new Core.Secret("s3cr3t") });

        var configuration = remote.CloneAt() + ".config";
        File.GetUnixFileMode(configuration).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await File.ReadAllTextAsync(configuration, Ct)).ShouldContain(Convert.ToBase64String("x-access-token:s3cr3t"u8));
        (await File.ReadAllTextAsync(Path.Combine(remote.CloneAt(), "config"), Ct)).ShouldNotContain("example.org");
    }

    private static ValueTask<GitRepository> OpenAsync(BareRepository remote, GitRemote? address = null, GitCommitOptions? options = null) =>
        GitRepository.OpenAsync(new LocalHost(), remote.CloneAt(), address ?? new GitRemote(remote.Url), options ?? new GitCommitOptions(), Ct);

    private static ValueTask<GitCommit> CommitAsync(GitRepository repository, GitCommit parent, GitEntry file, string content) =>
        repository.CommitAsync(parent, [(file, Encoding.UTF8.GetBytes(content))], "Title\n\nBody.\n\nAllowlist-Sync-Fingerprint: abc\n", s_noon, Ct);
}
