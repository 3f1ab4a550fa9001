using System.Text;
using AllowlistSync.Proposals.Forges;
using Shouldly;

namespace AllowlistSync.Proposals.Tests.Forges;

public sealed class ForgeErrorsTests
{
    private static readonly ForgeCall s_call = new("opening a merge request", HttpMethod.Post, "x") { Needs = "the scope api" };

    [Theory]
    [InlineData(409, """{"message":["Another open merge request already exists for this source branch: !1"]}""", ForgeFailure.Exists)]
    [InlineData(409, """{"message":"pull request already exists for these targets"}""", ForgeFailure.Exists)]
    [InlineData(409, """{"message":"the branch is being changed"}""", ForgeFailure.Invalid)]
    [InlineData(422, """{"message":"There are no changes between the head and the base"}""", ForgeFailure.Invalid)]
    [InlineData(403, """{"error":"insufficient_scope","scope":"api"}""", ForgeFailure.Scope)]
    public void The_answer_says_what_failed(int status, string body, ForgeFailure failure) => Of(status, body).Failure.ShouldBe(failure);

    [Fact]
    public void A_missing_scope_is_named()
    {
        var error = Of(403, """{"error":"insufficient_scope","scope":"api"}""");
        error.Message.ShouldBe("opening a merge request: the token may not do that (insufficient_scope; api)");
        error.Remedy.ShouldBe("give it the scope api");
    }

    [Theory]
    [InlineData("17", 17)]
    [InlineData("Thu, 01 Jan 1970 00:00:40 GMT", 40)]
    [InlineData("Wed, 31 Dec 1969 23:00:00 GMT", 0)]
    [InlineData("soon", 0)]
    public void A_wait_is_told_in_seconds_or_as_a_date(string retryAfter, int seconds) =>
        ForgeErrors.Wait(new ForgeAnswer(429, default, new Dictionary<string, string>(StringComparer.Ordinal) { ["retry-after"] = retryAfter }), DateTimeOffset.UnixEpoch).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData("token does not have at least one of required scope(s): [write:issue]", "the scope write:issue")]
    [InlineData("token does not have at least one of required scope(s), required=[write:repository], token scope=read:user", "the scope write:repository")]
    [InlineData("user should have a permission to write to a repo", "the scope api")]
    public void The_scope_in_the_words_of_Gitea_is_named(string message, string needs) => Of(403, $$"""{"message":"{{message}}"}""").Remedy.ShouldBe($"give it {needs}");

    [Fact]
    public void A_field_is_told_with_what_is_wrong_with_it() =>
        Of(422, """{"message":{"title":["can't be blank","is too long"]}}""").Message.ShouldEndWith("says 422: title can't be blank; title is too long");

    [Fact]
    public void A_draft_is_marked_once_and_shown_without_the_mark()
    {
        DraftTitle.GitLab.Put("Change", isDraft: true).ShouldBe("Draft: Change");
        DraftTitle.GitLab.Put("Draft: Change", isDraft: true).ShouldBe("Draft: Change");
        DraftTitle.Gitea.Put("Change", isDraft: false).ShouldBe("Change");
        DraftTitle.Gitea.Take("WIP: Change").ShouldBe("Change");
    }

    private static ForgeException Of(int status, string body) => new ForgeErrors("GitLab", "the scope api")
        .Of(s_call, new ForgeAnswer(status, Encoding.UTF8.GetBytes(body), new Dictionary<string, string>()), DateTimeOffset.UnixEpoch);
}
