using AllowlistSync.Proposals.Forges;
using AllowlistSync.TestKit;
using Shouldly;
using static AllowlistSync.Proposals.Tests.Forges.ForgeBench;

namespace AllowlistSync.Proposals.Tests.Forges;

/// <summary>What each forge says and does when its server goes wrong.</summary>
public sealed class ForgeFaultTests
{
    public static TheoryData<string> Types => [.. ForgeTable.All.Select(line => line.Type)];

    private static async Task<ForgeException> FailsAsync(Func<ValueTask> work) => await Should.ThrowAsync<ForgeException>(async () => await work());

    private static Task<ForgeException> LookFailsAsync(ForgeBench bench) => FailsAsync(async () => await bench.FindAsync());

    private static Task<ForgeException> OpeningFailsAsync(ForgeBench bench) => FailsAsync(async () => await bench.OpenAsync());

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_token_that_is_not_taken_is_told_as_such(string type)
    {
        await using var bench = await StartAsync(type);
        using var forge = bench.Of("tok-of-yesterday");

        var error = await FailsAsync(async () => await forge.FindAsync(Branch, "main", Ct));

        error.Failure.ShouldBe(ForgeFailure.SignIn);
        error.Message.ShouldContain("does not take this token");
        error.Message.ShouldNotContain("tok-of-yesterday");
        error.Remedy.ShouldBe("make a new one, and put it where `forge.token` points to");
        bench.Server.Requests.Count.ShouldBe(1, "no second try makes it a better token");
    }

    [Theory]
    [InlineData("github", "give it the permission pull_requests:write")]
    [InlineData("gitlab", "give it the scope api")]
    [InlineData("gitea", "give it the scope write:repository")]
    public async Task The_scope_that_is_missing_is_named(string type, string remedy)
    {
        await using var bench = await StartAsync(type);
        bench.Server.LacksScope = true;

        var error = await OpeningFailsAsync(bench);

        error.Failure.ShouldBe(ForgeFailure.Scope);
        error.Message.ShouldContain("the token may not do that (");
        error.Remedy.ShouldBe(remedy);
        bench.Server.Pulls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("a token")]
    [InlineData("token\n")]
    [InlineData("tökén")]
    [InlineData("")]
    public async Task What_cannot_be_a_token_is_not_sent_and_not_shown(string token)
    {
        foreach (var line in ForgeTable.All)
        {
            await using var bench = await StartAsync(line.Type);
            using var forge = bench.Of(token);

            var error = await FailsAsync(async () => await forge.FindAsync(Branch, "main", Ct));

            error.Failure.ShouldBe(ForgeFailure.SignIn);
            error.Message.ShouldBe($"looking for {(line.Type == "gitlab" ? "merge" : "pull")} requests: the token is empty, or holds a space, a line end or another character that no token has; it was not sent");
            bench.Server.Requests.ShouldBeEmpty();
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task No_message_shows_the_token_whatever_the_server_echoes(string type)
    {
        await using var bench = await StartAsync(type);
        foreach (var fault in new[] { 400, 401, 403, 404, 409, 422, 429, 500, 503 }.SelectMany(status => new[] { ForgeFaults.EchoesToken(status), ForgeFaults.EchoesTokenInPage(status) }))
        {
            bench.Server.Heal();
            bench.Server.Fail(fault);
            foreach (var error in new[] { await LookFailsAsync(bench), await OpeningFailsAsync(bench) })
            {
                // Half of it is enough to be ashamed of.
                $"{error.Message} {error.Remedy} {error}".ShouldNotContain(bench.Server.Token[..12]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_redirect_is_not_followed(string type)
    {
        await using var bench = await StartAsync(type);
        await using var other = await StartAsync(type);
        bench.Server.Fail(ForgeFaults.Redirect(other.Server.ApiUrl.AbsoluteUri));

        foreach (var error in new[] { await LookFailsAsync(bench), await OpeningFailsAsync(bench) })
        {
            error.Failure.ShouldBe(ForgeFailure.NotFound);
            error.Message.ShouldContain("sends us to another address");
            error.Remedy.ShouldBe("the repository was moved or renamed: correct `repository` and `forge.repository`");
        }

        other.Server.Requests.ShouldBeEmpty("the token goes nowhere else");
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_page_in_the_place_of_an_answer_is_no_answer(string type)
    {
        await using var bench = await StartAsync(type);
        var opened = await bench.OpenAsync();
        bench.Server.Fail(ForgeFaults.Html());

        foreach (var error in new[] { await LookFailsAsync(bench), await OpeningFailsAsync(bench), await FailsAsync(() => bench.Forge.CloseAsync(opened, Ct)), await FailsAsync(() => bench.Forge.CommentAsync(opened, "x", Ct)) })
        {
            error.Failure.ShouldBe(ForgeFailure.Protocol);
            error.Remedy.ShouldContain("`apiUrl` is the address of its API, not that of its pages");
        }

        bench.Server.Pulls.ShouldHaveSingleItem().IsOpen.ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_failure_that_passes_is_lived_through_by_a_look(string type)
    {
        await using var bench = await StartAsync(type);
        await bench.OpenAsync();
        foreach (var fault in new[] { ForgeFaults.ServerError(), ForgeFaults.ServerError(502), ForgeFaults.ServerError(503), ForgeFaults.CutAfterDoing(), ForgeFaults.CutInAnswer() })
        {
            bench.Server.Fail(fault, times: 1);
            (await bench.FindAsync()).Length.ShouldBe(1);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_failure_that_stays_is_told_after_four_tries(string type)
    {
        await using var bench = await StartAsync(type);
        bench.Server.Fail(ForgeFaults.ServerError());

        var error = await LookFailsAsync(bench);

        error.Failure.ShouldBe(ForgeFailure.Unavailable);
        error.Message.ShouldContain("has a failure of its own (status 500: Internal Server Error)");
        error.Remedy.ShouldBe("run it again later");
        bench.Server.Requests.Count.ShouldBe(4);
        (bench.Time.Pauses.Sum(pause => pause.TotalSeconds) < 60).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_change_that_may_have_been_made_is_not_sent_again(string type)
    {
        await using var bench = await StartAsync(type);
        await bench.FindAsync();
        foreach (var (fault, writes) in new[] { (ForgeFaults.ServerError(), 1), (ForgeFaults.ServerError(503), 2) })
        {
            bench.Server.Fail(fault, times: 1, request => request.Method == "POST");
            (await OpeningFailsAsync(bench)).Failure.ShouldBe(ForgeFailure.Unavailable);
            bench.Server.Writes.ShouldBe(writes);
        }

        // A look before it keeps a connection, over which a client likes to send again by itself.
        await bench.FindAsync();
        bench.Server.Fail(ForgeFaults.CutAfterDoing(), times: 1, request => request.Method == "POST");
        var cut = await OpeningFailsAsync(bench);

        cut.Failure.ShouldBe(ForgeFailure.Unavailable);
        cut.Message.ShouldContain("the connection to 127.0.0.1 broke before its answer came, so it may have been done");
        cut.Remedy.ShouldBe("run it again; what was done is found then");
        bench.Server.Writes.ShouldBe(3);
        bench.Server.Pulls.ShouldHaveSingleItem("it was done");
        (await bench.FindAsync()).ShouldHaveSingleItem().State.ShouldBe(PullRequestState.Open);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_change_that_the_server_wants_later_is_sent_then(string type)
    {
        await using var bench = await StartAsync(type);
        bench.Server.Fail(ForgeFaults.Maintenance(retryAfter: 7), times: 1, request => request.Method == "POST");
        await bench.OpenAsync();

        bench.Server.Pulls.ShouldHaveSingleItem();
        bench.Time.Pauses.ShouldContain(TimeSpan.FromSeconds(7));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_server_that_does_not_answer_is_given_up(string type)
    {
        await using var bench = await StartAsync(type);
        bench.Time.IsImpatient = true;
        bench.Server.Fail(ForgeFaults.Hang());

        foreach (var error in new[] { await LookFailsAsync(bench), await OpeningFailsAsync(bench) })
        {
            error.Failure.ShouldBe(ForgeFailure.Unavailable);
            error.Message.ShouldContain("no answer of 127.0.0.1 within 30 s");
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_server_that_is_not_there_is_tried_again_for_changes_too(string type)
    {
        await using var bench = await StartAsync(type);
        using var forge = bench.Of(new ForgeSettings(type, new Uri("http://127.0.0.1:9/"), bench.Server.Name) { Token = new Core.Secret("x") });

        var error = await FailsAsync(async () => await forge.OpenAsync(Draft, Ct));

        error.Failure.ShouldBe(ForgeFailure.Unavailable);
        error.Message.ShouldContain("127.0.0.1: no connection (refused)");
        bench.Time.Pauses.Count.ShouldBe(3);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_limit_is_waited_for_as_long_as_the_server_says(string type)
    {
        await using var bench = await StartAsync(type);
        bench.Server.Fail(ForgeFaults.TooMany(59), times: 1);

        (await bench.OpenAsync()).State.ShouldBe(PullRequestState.Open);

        bench.Time.Pauses.ShouldBe([TimeSpan.FromSeconds(59)]);
        bench.Server.Writes.ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task A_limit_that_lasts_longer_is_told_with_its_end(string type)
    {
        await using var bench = await StartAsync(type);
        bench.Server.Fail(ForgeFaults.TooMany(61));

        var error = await OpeningFailsAsync(bench);

        error.Failure.ShouldBe(ForgeFailure.Limited);
        error.Message.ShouldEndWith("takes no more requests of this token until 2026-11-21 12:01:01Z (Retry later)");
        error.Remedy.ShouldBe("run it again then, and less often");
        bench.Server.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task All_waits_for_one_request_are_a_minute_at_most(string type)
    {
        await using var bench = await StartAsync(type);
        bench.Server.Fail(ForgeFaults.TooMany(25));

        (await OpeningFailsAsync(bench)).Failure.ShouldBe(ForgeFailure.Limited);

        bench.Time.Pauses.ShouldBe([TimeSpan.FromSeconds(25), TimeSpan.FromSeconds(25)]);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(999_999_999_999)]
    public async Task A_limit_without_sense_is_a_long_one(long seconds)
    {
        await using var bench = await StartAsync("gitlab");
        bench.Server.Fail(ForgeFaults.TooMany(seconds));

        (await LookFailsAsync(bench)).Message.ShouldContain("until 2027-11-21");
    }
}
