using System.Text;
using AllowlistSync.Core;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Proposals.Git;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Proposals.Tests.Git;

/// <summary>The real git over a real sshd and over a real Apache with git's own backend, in a sandbox.</summary>
public sealed class GitTransportTests
{
    private const string Branch = "allowlist-sync/cloudflare";
    private static readonly DateTimeOffset s_noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task By_http_with_the_token_it_is_fetched_and_pushed_and_the_token_is_nowhere_else()
    {
        await using var lab = await LabAsync();
        await using var server = await GitHttpServer.StartAsync(lab.Sandbox, lab.Remote, Ct);

        await PushAsync(lab, Http("git/remote.git", GitHttpServer.Token));

        (await lab.Remote.ShowAsync(Branch, "list.conf", Ct)).ShouldBe("new\n");
        foreach (var file in Directory.GetFiles(lab.Remote.CloneAt(), "*", SearchOption.AllDirectories))
        {
            (await File.ReadAllTextAsync(file, Ct)).ShouldNotContain(GitHttpServer.Token);
        }

        (await server.RequestsAsync(Ct)).ShouldContain("POST /git/remote.git/git-receive-pack 200 x-access-token");
    }

    [Theory]
    [InlineData("git/remote.git", "wrong", GitFailure.Denied, "does not take this token")]
    [InlineData("git/remote.git", null, GitFailure.Denied, "asks for a token and there is none")]
    [InlineData("git/none.git", GitHttpServer.Token, GitFailure.NoRepository, "no such repository")]
    [InlineData("moved/remote.git", GitHttpServer.Token, GitFailure.NoRepository, "another address")]
    [InlineData("broken/remote.git", GitHttpServer.Token, GitFailure.Unreachable, "failure of its own")]
    [InlineData("readonly/remote.git", GitHttpServer.Token, GitFailure.Denied, "may not do that")]
    public async Task What_the_server_refuses_is_named_and_nothing_is_pushed(string path, string? token, GitFailure failure, string says)
    {
        await using var lab = await LabAsync();
        await using var server = await GitHttpServer.StartAsync(lab.Sandbox, lab.Remote, Ct);

        var refused = await Should.ThrowAsync<GitException>(() => PushAsync(lab, Http(path, token)));

        refused.Failure.ShouldBe(failure, refused.Message);
        refused.Message.ShouldContain(says);
        refused.Message.ShouldNotContain(GitHttpServer.Token);
        refused.Remedy.ShouldNotBeEmpty();
        (await lab.Remote.HeadAsync(Branch, Ct)).ShouldBeNull();
        File.Exists(lab.Remote.CloneAt() + ".config").ShouldBeFalse("the file with the token is gone");
    }

    [Fact]
    public async Task A_token_does_not_follow_to_where_the_server_sends()
    {
        await using var lab = await LabAsync();
        await using var server = await GitHttpServer.StartAsync(lab.Sandbox, lab.Remote, Ct);

        await Should.ThrowAsync<GitException>(() => PushAsync(lab, Http("moved/remote.git", GitHttpServer.Token)));

        (await server.RequestsAsync(Ct)).Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(line => line.Contains(" /moved/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_named()
    {
        await using var lab = await LabAsync();
        await using var server = await GitHttpServer.StartAsync(lab.Sandbox, lab.Remote, Ct);
        var remote = new GitRemote($"https://localhost:{GitHttpServer.TlsPort}/git/remote.git") { Token = new Secret(GitHttpServer.Token) };

        var refused = await Should.ThrowAsync<GitException>(() => PushAsync(lab, remote));

        refused.Failure.ShouldBe(GitFailure.Certificate, refused.Message);
        (await server.RequestsAsync(Ct)).ShouldBeEmpty("no token goes to a stranger");
    }

    [Fact]
    public async Task By_ssh_it_is_fetched_and_pushed_with_a_key_of_its_own()
    {
        await using var lab = await LabAsync();
        await using var server = await SshServer.StartAsync(lab.Sandbox, ct: Ct);
        (await lab.Sandbox.RunAsync(["cp", $"{SshServer.Place}/id", lab.Remote.At("id")], ct: Ct)).EnsureSuccess();

        await PushAsync(lab, new GitRemote($"ssh://root@locked{lab.Remote.Path}") { IdentityFile = lab.Remote.At("id") });

        (await lab.Remote.ShowAsync(Branch, "list.conf", Ct)).ShouldBe("new\n");
        server.SignIns.ShouldBeGreaterThan(0);
        await lab.Remote.CommitAsync("main", "next", Ct, ("list.conf", "next\n"));
        await using var again = await GitRepository.OpenAsync(lab.Host, lab.Remote.CloneAt(), new GitRemote($"ssh://root@h1{lab.Remote.Path}"), new GitCommitOptions(), Ct);
        var before = server.SignIns;
        var heads = await again.FetchAsync("main", Branch, Ct);
        (await again.ReadAsync((await again.FilesAsync(heads.Base, Ct))[0], Ct)).ToArray().ShouldBe("next\n"u8.ToArray());
        (server.SignIns - before).ShouldBe(2, "asked and fetched; a server of protocol 0 is known for one");
    }

    [Theory]
    [InlineData("locked", "remote.git", GitFailure.Denied, "does not know this key")]
    [InlineData("stranger", "remote.git", GitFailure.HostKey, "is not known")]
    [InlineData("h1", "none.git", GitFailure.NoRepository, "no such repository")]
    [InlineData("127.0.0.1:9", "remote.git", GitFailure.Unreachable, "refuses the connection")]
    public async Task What_ssh_refuses_is_named(string host, string repository, GitFailure failure, string says)
    {
        await using var lab = await LabAsync();
        await using var server = await SshServer.StartAsync(lab.Sandbox, ct: Ct);

        var refused = await Should.ThrowAsync<GitException>(() => PushAsync(lab, new GitRemote($"ssh://root@{host}{lab.Remote.At(repository)}")));

        refused.Failure.ShouldBe(failure, refused.Message);
        refused.Message.ShouldContain(says);
        (await lab.Remote.HeadAsync(Branch, Ct)).ShouldBeNull();
    }

    private static GitRemote Http(string path, string? token) => new($"http://127.0.0.1:{GitHttpServer.Port}/{path}") { Token = token is null ? null : new Secret(token) };

    private static async Task PushAsync(Lab lab, GitRemote remote)
    {
        await using var repository = await GitRepository.OpenAsync(lab.Host, lab.Remote.CloneAt(), remote, new GitCommitOptions(), Ct);
        var heads = await repository.FetchAsync("main", Branch, Ct);
        var files = await repository.FilesAsync(heads.Base, Ct);
        (await repository.ReadAsync(files[0], Ct)).ToArray().ShouldBe("old\n"u8.ToArray());
        var commit = await repository.CommitAsync(heads.Base, [(files[0], Encoding.UTF8.GetBytes("new\n"))], "Title\n", s_noon, Ct);
        await repository.PushAsync(Branch, commit, heads.Branch, Ct);
    }

    private static async Task<Lab> LabAsync()
    {
        Needs.Sandbox([.. GitHttpServer.Programs, .. SshServer.Programs]);
        return new Lab(await Sandbox.StartAsync(SandboxOptions.Default, Ct), await BareRepository.CreateAsync(Ct, ("list.conf", "old\n")));
    }

    private sealed record Lab(Sandbox Sandbox, BareRepository Remote) : IAsyncDisposable
    {
        public IHost Host { get; } = SandboxHost.Of(Sandbox);

        public async ValueTask DisposeAsync()
        {
            await Sandbox.DisposeAsync();
            await Remote.DisposeAsync();
        }
    }
}
