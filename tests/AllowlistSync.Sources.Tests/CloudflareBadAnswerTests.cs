using AllowlistSync.Core.Sources;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Sources.Tests;

/// <summary>What has gone wrong at the source in the wild, each with the rule that catches it: the last good list stays in force.</summary>
public sealed class CloudflareBadAnswerTests : CloudflareTest
{
    private const bool Answered = true;
    private const bool NotAnswered = false;

    [Fact]
    public async Task Two_lists_glued_by_a_missing_newline_are_refused()
    {
        var outcome = await StaysAsync(server => server.TextIPv4 = Answers.GluedText(), "malformed-list", Answered);

        outcome.Refusals[0].Message.ShouldContain("131.0.72.0/222400:cb00::/32");
        outcome.Refusals[0].Message.ShouldContain("line 15, column");
        outcome.Refusals[0].Message.ShouldContain(Server.TextIPv4Url.AbsoluteUri);
    }

    [Fact]
    public Task Two_prefixes_glued_in_the_api_are_refused() =>
        StaysAsync(server => server.Api = Answers.GluedText(), "malformed-list", Answered);

    [Fact]
    public Task A_redirect_from_http_to_https_of_the_same_site_is_refused_on_loopback() =>
        StaysAsync(server => server.TextIPv4 = Answers.Redirect($"https://127.0.0.1:{server.Port}/ips-v4"), "redirected", Answered);

    [Fact]
    public async Task A_redirect_to_another_host_is_refused()
    {
        var outcome = await StaysAsync(server => server.AnswerAll(Answers.RedirectToOtherHost()), "redirected", Answered);

        outcome.Refusals[0].Message.ShouldContain("lists.invalid");
    }

    [Fact]
    public async Task A_redirect_to_another_port_of_this_machine_is_not_followed()
    {
        await using var other = await CloudflareServer.StartAsync(Ct);

        await StaysAsync(server => server.Api = Answers.Redirect(other.ApiUrl.AbsoluteUri), "redirected", Answered);

        other.RequestCount.ShouldBe(0);
    }

    [Fact]
    public async Task A_redirect_in_a_circle_ends_after_three_hops()
    {
        await StaysAsync(server => server.TextIPv6 = Answers.Redirect("/ips-v6"), "redirected", Answered);

        RequestsFor("/ips-v6").ShouldBe(1 + 4, "one good fetch, then the first request and three hops");
    }

    [Fact]
    public Task A_redirect_without_location_is_refused() =>
        StaysAsync(server => server.Api = Status(301), "redirected", Answered);

    [Fact]
    public Task An_HTML_page_with_200_is_refused() =>
        StaysAsync(server => server.AnswerAll(Answers.Html()), "not-a-list", Answered);

    [Fact]
    public Task An_HTML_page_that_calls_itself_text_is_refused() =>
        StaysAsync(server => server.TextIPv4 = Bodies.Text("\n <!DOCTYPE html><title>Just a moment...</title>"), "not-a-list", Answered);

    [Fact]
    public async Task An_HTML_page_with_403_is_no_answer_and_is_not_asked_for_again()
    {
        var outcome = await StaysAsync(server => server.AnswerAll(Answers.Html(403)), "http-status", NotAnswered);

        outcome.Refusals[0].Message.ShouldContain("403 (Forbidden) and an HTML page");
        RequestsFor("/client/v4/ips").ShouldBe(1 + 1);
    }

    [Fact]
    public async Task A_404_is_no_answer_and_is_not_asked_for_again()
    {
        await StaysAsync(server => server.AnswerAll(Answers.NotFound()), "http-status", NotAnswered);

        RequestsFor("/client/v4/ips").ShouldBe(1 + 1);
    }

    [Fact]
    public async Task A_5xx_is_asked_exactly_three_times()
    {
        var outcome = await StaysAsync(server => server.Api = Answers.ServerError(), "http-status", NotAnswered);

        RequestsFor("/client/v4/ips").ShouldBe(1 + 3);
        outcome.Refusals[0].Message.ShouldContain("503 (ServiceUnavailable) where 200 was expected (asked 3 times)");
    }

    [Fact]
    public Task An_empty_200_of_the_api_is_refused() =>
        StaysAsync(server => server.Api = Answers.EmptyOk(), "malformed-json", Answered);

    [Fact]
    public Task An_empty_200_of_a_text_list_is_refused() =>
        StaysAsync(server => server.TextIPv6 = Answers.EmptyOk(), "empty-list", Answered);

    [Fact]
    public Task Empty_arrays_are_refused_by_the_guards() =>
        StaysAsync(server => Agree(server, Publication.With([], [])), "empty-list", Answered);

    [Fact]
    public Task A_family_that_is_gone_is_refused_by_the_guards() =>
        StaysAsync(server => Agree(server, Publication.With(Publication.Real.IPv4, [])), "family-missing", Answered);

    [Fact]
    public async Task A_body_of_2_MiB_is_refused()
    {
        var outcome = await StaysAsync(server => server.Api = Answers.TwoMiB(), "too-large", Answered);

        outcome.Refusals[0].Message.ShouldContain("more than 1048576 bytes (2097152 promised)");
    }

    [Fact]
    public Task A_body_of_2_MiB_without_content_length_is_refused() =>
        StaysAsync(server => server.TextIPv4 = Bodies.Chunked(2 * 1024 * 1024), "too-large", Answered);

    [Fact]
    public Task Half_of_the_JSON_is_refused() =>
        StaysAsync(server => server.Api = Answers.HalfJson(), "malformed-json", Answered);

    [Fact]
    public Task A_text_list_cut_in_a_prefix_is_refused() =>
        StaysAsync(server => server.TextIPv4 = Answers.Truncated("173.245.48.0/20\n103.21.244.0/2".Length), "malformed-list", Answered);

    [Fact]
    public Task A_text_list_cut_between_two_prefixes_disagrees_with_the_api() =>
        StaysAsync(server => server.TextIPv4 = Answers.Truncated("173.245.48.0/20\n".Length), "publications-disagree", Answered);

    [Fact]
    public async Task Success_false_is_refused_with_code_and_message()
    {
        var outcome = await StaysAsync(server => server.Api = Answers.SuccessFalse(), "api-error", Answered);

        outcome.Refusals[0].Message.ShouldContain("success is false, errors: 10000 Authentication error");
    }

    [Theory]
    [InlineData("""{"success":true,"errors":[]}""", "api-error", "there is no \"result\"")]
    [InlineData("""{"success":true,"errors":[],"result":{"ipv4_cidrs":["104.16.0.0/13"]}}""", "api-error", "there is no \"result.ipv6_cidrs\"")]
    [InlineData("""{"success":true,"errors":["odd"],"result":{"ipv4_cidrs":[],"ipv6_cidrs":[]}}""", "api-error", "errors: odd")]
    [InlineData("""{"errors":[],"result":{"ipv4_cidrs":[],"ipv6_cidrs":[]}}""", "api-error", "success is missing")]
    [InlineData("null", "api-error", "null")]
    [InlineData("""{"success":true,"errors":[],"result":{"ipv4_cidrs":[null],"ipv6_cidrs":[]}}""", "malformed-list", "result.ipv4_cidrs[0]")]
    [InlineData("""{"success":true,"errors":[],"result":{"ipv4_cidrs":"104.16.0.0/13","ipv6_cidrs":[]}}""", "malformed-json", "expected shape")]
    [InlineData("""{"success":true,"errors":[],"result":{"ipv4_cidrs":[],"ipv4_cidrs":[],"ipv6_cidrs":[]}}""", "malformed-json", "expected shape")]
    [InlineData("""{"success":true,"errors":[]} {}""", "malformed-json", "expected shape")]
    public async Task JSON_of_another_shape_is_refused(string body, string rule, string words)
    {
        var outcome = await StaysAsync(server => server.Api = Bodies.Json(body), rule, Answered);

        outcome.Refusals[0].Message.ShouldContain(words);
    }

    [Fact]
    public async Task Host_bits_in_the_api_are_refused_with_the_entry()
    {
        var outcome = await StaysAsync(server => server.Api = Answers.HostBitsSet(), "malformed-list", Answered);

        outcome.Refusals[0].Message.ShouldContain("result.ipv4_cidrs[14]");
        outcome.Refusals[0].Message.ShouldContain("\"104.16.0.1/13\"");
    }

    [Fact]
    public async Task Host_bits_in_a_text_list_are_refused_with_the_line()
    {
        var outcome = await StaysAsync(server => server.TextIPv6 = Answers.HostBitsSet(), "malformed-list", Answered);

        outcome.Refusals[0].Message.ShouldContain("line 7");
        outcome.Refusals[0].Message.ShouldContain("2400:cb00::1/32");
    }

    [Fact]
    public Task An_IPv6_prefix_in_the_IPv4_array_is_refused() =>
        StaysAsync(server => server.Api = Answers.V6InV4List(), "wrong-family", Answered);

    [Fact]
    public Task An_IPv6_prefix_in_the_IPv4_text_list_is_refused() =>
        StaysAsync(server => server.TextIPv4 = Answers.V6InV4List(), "wrong-family", Answered);

    [Fact]
    public Task Text_lists_that_were_swapped_are_refused() =>
        StaysAsync(server => server.TextIPv6 = Bodies.Text(string.Join('\n', Publication.Real.IPv4)), "wrong-family", Answered);

    [Fact]
    public Task Duplicates_are_refused_by_the_guards() =>
        StaysAsync(server => server.AnswerAll(Answers.Duplicates()), "duplicate-prefix", Answered);

    [Fact]
    public Task Publications_that_disagree_are_refused_by_the_guards() =>
        StaysAsync(server => server.Api = Answers.Added("203.1.113.0/24"), "publications-disagree", Answered);

    [Fact]
    public async Task An_answer_that_drips_ends_with_the_request()
    {
        var limits = Quick with { RequestTimeout = TimeSpan.FromMilliseconds(400) };

        var outcome = await StaysAsync(server => server.Api = Answers.Drip(TimeSpan.FromMilliseconds(50)), "not-fetched", NotAnswered, limits);

        outcome.Refusals[0].Message.ShouldContain("the whole answer did not come within 0.4 s (asked 3 times)");
    }

    [Fact]
    public async Task A_connection_that_is_reset_is_asked_for_three_times()
    {
        await StaysAsync(server => server.Api = Answers.ConnectionReset(), "not-fetched", NotAnswered);

        RequestsFor("/client/v4/ips").ShouldBe(1 + 3);
    }

    [Fact]
    public async Task A_packed_body_is_refused_unread()
    {
        var outcome = await StaysAsync(server => server.Api = Answers.GzipBomb(), "content-encoding", Answered);

        outcome.Refusals[0].Message.ShouldContain("\"gzip\"");
    }

    [Fact]
    public async Task A_body_shorter_than_its_content_length_is_no_answer()
    {
        var outcome = await StaysAsync(server => server.AnswerAll(Answers.WrongContentLength()), "not-fetched", NotAnswered);

        outcome.Refusals[0].Message.ShouldContain("the connection ended");
    }

    [Fact]
    public async Task A_server_that_is_gone_is_no_answer()
    {
        var outcome = await StaysAsync(server => server.DisposeAsync().AsTask().Wait(Ct), "not-fetched", NotAnswered);

        outcome.Refusals[0].Message.ShouldContain("no connection (refused) (asked 3 times)");
    }

    [Fact]
    public Task One_failed_text_list_fails_the_fetch() =>
        StaysAsync(server => server.TextIPv6 = Answers.NotFound(), "http-status", NotAnswered);

    [Fact]
    public async Task A_refused_answer_is_told_before_a_missing_one()
    {
        await StaysAsync(
            server =>
            {
                server.Api = Answers.ServerError();
                server.TextIPv6 = Answers.Html();
            },
            "not-a-list",
            Answered);

        RequestsFor("/client/v4/ips").ShouldBe(1 + 3, "the failure of one must not cut the others short");
    }

    [Fact]
    public async Task Of_two_missing_answers_the_one_of_the_api_is_told()
    {
        var outcome = await StaysAsync(server => server.AnswerAll(Answers.NotFound()), "http-status", NotAnswered);

        outcome.Refusals[0].Message.ShouldContain(Server.ApiUrl.AbsoluteUri);
    }

    [Fact]
    public async Task An_error_that_passes_is_not_told()
    {
        var memory = await RememberAsync();
        Server.Api = Answers.Flapping(Answers.ServerError(), Answers.Normal());

        var snapshot = await FetchAsync(memory.LastGood);

        snapshot.Provenance.ShouldBe(Provenance.CrossChecked);
        RequestsFor("/client/v4/ips").ShouldBe(1 + 2);
    }

    private static void Agree(CloudflareServer server, Publication publication)
    {
        server.Api = Answers.Of(publication);
        if (publication.IPv4.Count > 0)
        {
            server.TextIPv4 = Answers.Of(publication);
        }
    }

    private static Answer Status(int status) => question =>
    {
        question.Http.Response.StatusCode = status;
        return Task.CompletedTask;
    };
}
