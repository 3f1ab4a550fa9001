using System.Security.Cryptography;
using AllowlistSync.Core;
using AllowlistSync.Proposals.Forges;
using AllowlistSync.TestKit;
using Shouldly;
using static AllowlistSync.Proposals.Tests.Forges.ForgeBench;

namespace AllowlistSync.Proposals.Tests.Forges;

/// <summary>What only GitHub has: Apps, and two kinds of limits.</summary>
public sealed class GitHubLoginTests
{
    [Fact]
    public async Task An_app_signs_in_by_its_key_and_asks_for_one_token()
    {
        using var key = RSA.Create(2048);
        await using var bench = await StartAsync("github");
        var server = Server(bench, "Iv1.8a61f9b3a7aba766", key);
        using var forge = App(bench, "Iv1.8a61f9b3a7aba766", key.ExportRSAPrivateKeyPem());

        // Whatever is asked first.
        var opened = await forge.OpenAsync(Draft, Ct);
        await forge.CommentAsync(opened, "hello", Ct);
        var login = await forge.LoginAsync(Ct);

        (login!.User, login.Token.Reveal()).ShouldBe(("x-access-token", server.InstallationTokens.ShouldHaveSingleItem()));
        server.Pulls.ShouldHaveSingleItem().Comments.ShouldBe(["hello"]);
        server.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_app_with_another_key_is_not_taken()
    {
        using var key = RSA.Create(2048);
        using var other = RSA.Create(2048);
        await using var bench = await StartAsync("github");
        Server(bench, "17", key);
        using var forge = App(bench, "17", other.ExportPkcs8PrivateKeyPem());

        var error = await Should.ThrowAsync<ForgeException>(async () => await forge.FindAsync(Branch, "main", Ct));

        error.Failure.ShouldBe(ForgeFailure.SignIn);
        error.Message.ShouldStartWith("looking for the installation of the App: GitHub does not take this");
        error.Remedy.ShouldContain("forge.app");
    }

    [Fact]
    public async Task An_app_that_is_not_installed_there_is_told_as_such()
    {
        using var key = RSA.Create(2048);
        await using var bench = await StartAsync("github");
        Server(bench, "17", key).Fail(ForgeFaults.Status(404, "Not Found"));
        using var forge = App(bench, "17", key.ExportPkcs8PrivateKeyPem());

        var error = await Should.ThrowAsync<ForgeException>(async () => await forge.FindAsync(Branch, "main", Ct));

        error.Failure.ShouldBe(ForgeFailure.NotFound);
        error.Remedy.ShouldContain("an App that is installed in the repository");
    }

    [Fact]
    public async Task A_key_that_is_none_is_not_shown()
    {
        await using var bench = await StartAsync("github");
        using var forge = App(bench, "17", "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n");

        var error = await Should.ThrowAsync<ForgeException>(async () => await forge.FindAsync(Branch, "main", Ct));

        error.Message.ShouldStartWith("the key of the App cannot be read");
        error.ToString().ShouldNotContain("c2VjcmV0");
        bench.Server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_limit_for_haste_is_waited_for()
    {
        await using var bench = await StartAsync("github");
        bench.Server.Fail(ForgeFaults.SecondaryLimit(20), times: 1);

        await bench.OpenAsync();

        bench.Time.Pauses.ShouldBe([TimeSpan.FromSeconds(20)]);
    }

    [Fact]
    public async Task The_limit_of_an_hour_is_waited_for_when_it_ends_soon_and_told_when_not()
    {
        await using var bench = await StartAsync("github");
        bench.Server.Fail(ForgeFaults.PrimaryLimit(bench.Time.GetUtcNow().AddSeconds(40)), times: 1);
        await bench.OpenAsync();
        bench.Time.Pauses.ShouldBe([TimeSpan.FromSeconds(40)]);

        bench.Server.Fail(ForgeFaults.PrimaryLimit(new DateTimeOffset(2026, 11, 21, 13, 0, 0, TimeSpan.Zero)));
        var error = await Should.ThrowAsync<ForgeException>(async () => await bench.FindAsync());

        error.Failure.ShouldBe(ForgeFailure.Limited);
        error.Message.ShouldContain("until 2026-11-21 13:00:00Z (API rate limit exceeded");
        bench.Time.Pauses.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_team_is_asked_as_a_team()
    {
        await using var bench = await StartAsync("github");

        (await bench.Forge.OpenAsync(Draft with { Reviewers = ["team:ops", "ada"] }, Ct)).Warnings.ShouldBeEmpty();

        bench.Server.Pulls.ShouldHaveSingleItem().Reviewers.ShouldBe(["team:ops", "ada"]);
    }

    private static GitHubServer Server(ForgeBench bench, string id, RSA key)
    {
        var server = (GitHubServer)bench.Server;
        (server.App, server.Time) = ((id, key), bench.Time);
        return server;
    }

    private static IForge App(ForgeBench bench, string id, string pem) => bench.Of(new ForgeSettings("github", bench.Server.ApiUrl, bench.Server.Name) { App = new ForgeApp(id, new Secret(pem)) });
}
