using System.Net;
using System.Text.Json;
using Shouldly;

namespace AllowlistSync.TestKit.Tests;

public sealed class CloudflareServerTests : IAsyncLifetime
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.GZip })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    private CloudflareServer _server = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await CloudflareServer.StartAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_three_routes_publish_the_real_lists()
    {
        var api = await _client.GetAsync(_server.ApiUrl, Ct);
        using var json = JsonDocument.Parse(await api.Content.ReadAsStringAsync(Ct));
        var result = json.RootElement.GetProperty("result");

        result.GetProperty("ipv4_cidrs").GetArrayLength().ShouldBe(15);
        result.GetProperty("ipv6_cidrs").GetArrayLength().ShouldBe(7);
        result.GetProperty("etag").GetString().ShouldBe("38f79d050aa027e3be3865e495dcc9bc");
        json.RootElement.GetProperty("success").GetBoolean().ShouldBeTrue();
        api.Headers.ETag!.Tag.ShouldBe("\"38f79d050aa027e3be3865e495dcc9bc\"");
        string four = await _client.GetStringAsync(_server.TextIPv4Url, Ct);
        four.Split('\n').Length.ShouldBe(15);
        four.ShouldEndWith("131.0.72.0/22");
        (await _client.GetStringAsync(_server.TextIPv6Url, Ct)).Split('\n').ShouldBe(Publication.Real.IPv6);
    }

    [Fact]
    public async Task A_known_etag_is_answered_with_304_until_the_list_changes()
    {
        (await ConditionalAsync()).StatusCode.ShouldBe(HttpStatusCode.NotModified);

        _server.Api = Answers.Added("203.0.113.0/24");

        (await ConditionalAsync()).StatusCode.ShouldBe(HttpStatusCode.OK);
        _server.Requests[0].Headers["if-none-match"].ShouldContain(Publication.Real.ETag);
    }

    [Fact]
    public async Task The_china_network_comes_only_when_asked_for()
    {
        (await _client.GetStringAsync(_server.ApiUrl, Ct)).ShouldNotContain("jdcloud");
        (await _client.GetStringAsync(_server.ApiUrl + "?networks=jdcloud", Ct)).ShouldContain("\"jdcloud_cidrs\":[\"");
        _server.RequestCount.ShouldBe(2);
        _server.Requests[1].Query.ShouldBe("?networks=jdcloud");
        _server.Requests[1].Path.ShouldBe("/client/v4/ips");
    }

    [Fact]
    public async Task Wrong_lists_are_wrong_in_the_shape_of_their_route()
    {
        (await TextAsync(Answers.EmptyOk())).ShouldBeEmpty();
        (await TextAsync(Answers.EmptyLists())).ShouldBeEmpty();
        (await TextAsync(Answers.Removed("104.16.0.0/13"))).Split('\n').Length.ShouldBe(14);
        (await TextAsync(Answers.Added("203.0.113.0/24"))).ShouldEndWith("\n203.0.113.0/24");
        (await TextAsync(Answers.HostBitsSet())).ShouldContain("104.16.0.1/13");
        (await TextAsync(Answers.DefaultRoute())).ShouldContain("0.0.0.0/0");
        (await TextAsync(Answers.PrivateRange())).ShouldContain("10.0.0.0/8");
        (await TextAsync(Answers.V6InV4List())).ShouldContain("2606:4700::/32");
        (await TextAsync(Answers.Duplicates())).Split('\n').Length.ShouldBe(30);
        (await TextAsync(Answers.GluedText())).ShouldContain("131.0.72.0/222400:cb00::/32");
        (await TextAsync(Answers.Truncated(20))).ShouldBe("173.245.48.0/20\n103.");
        (await TextAsync(Answers.TwoMiB())).Length.ShouldBe(2 * 1024 * 1024);
        (await ApiAsync(Answers.GluedText())).ShouldContain("\"131.0.72.0/222400:cb00::/32\"");
        (await ApiAsync(Answers.SuccessFalse())).ShouldContain("\"success\":false,\"errors\":[{\"code\":10000,");
        JsonDocument.Parse(await ApiAsync(Answers.TwoMiB())).RootElement.GetProperty("success").GetBoolean().ShouldBeTrue();
        string half = await ApiAsync(Answers.HalfJson());
        Should.Throw<JsonException>(() => JsonDocument.Parse(half));
        (await ApiAsync(Answers.GzipBomb())).Length.ShouldBe(64 * 1024 * 1024);
    }

    [Fact]
    public async Task Statuses_and_redirects_are_what_they_say()
    {
        (await StatusAsync(Answers.Html())).ShouldBe((200, "text/html", null));
        (await StatusAsync(Answers.Html(403))).ShouldBe((403, "text/html", null));
        (await StatusAsync(Answers.NotFound())).ShouldBe((404, "application/json", null));
        (await StatusAsync(Answers.ServerError())).ShouldBe((503, "text/plain", null));
        (await StatusAsync(Answers.Redirect("/elsewhere"))).ShouldBe((302, "application/json", "/elsewhere"));
        (await StatusAsync(Answers.RedirectToOtherHost())).ShouldBe((302, "application/json", "http://lists.invalid/client/v4/ips"));
    }

    [Fact]
    public async Task Broken_connections_are_errors_for_the_client()
    {
        _server.AnswerAll(Answers.ConnectionReset());
        await Should.ThrowAsync<HttpRequestException>(() => _client.GetStringAsync(_server.ApiUrl, Ct));

        _server.AnswerAll(Answers.WrongContentLength());
        await Should.ThrowAsync<HttpRequestException>(() => _client.GetStringAsync(_server.TextIPv4Url, Ct));
    }

    [Fact]
    public async Task Slow_answers_outlast_an_impatient_client()
    {
        foreach (var answer in new[] { Answers.Slow(TimeSpan.FromSeconds(30)), Answers.Drip(TimeSpan.FromSeconds(1)) })
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            patience.CancelAfter(TimeSpan.FromMilliseconds(200));
            _server.Api = answer;
            await Should.ThrowAsync<OperationCanceledException>(() => _client.GetStringAsync(_server.ApiUrl, patience.Token));
        }

        (await ApiAsync(Answers.Slow(TimeSpan.FromMilliseconds(1)))).ShouldContain("ipv4_cidrs");
        (await TextAsync(Answers.Drip(TimeSpan.Zero))).Split('\n').ShouldBe(Publication.Real.IPv4);
    }

    [Fact]
    public async Task Flapping_gives_one_answer_and_then_the_other()
    {
        var flapping = Answers.Flapping(Answers.Normal(), Answers.Removed("131.0.72.0/22"));

        (await TextAsync(flapping)).ShouldContain("131.0.72.0/22");
        (await TextAsync(flapping)).ShouldNotContain("131.0.72.0/22");
        (await TextAsync(flapping)).ShouldContain("131.0.72.0/22");
    }

    [Fact]
    public async Task A_server_in_a_sandbox_is_reached_from_inside_only()
    {
        Needs.Sandbox("curl");
        await using var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);
        await using var inside = await CloudflareServer.StartInAsync(sandbox, Ct);

        var result = await sandbox.RunAsync(["curl", "-sS", inside.TextIPv4Url.ToString()], ct: Ct);

        result.EnsureSuccess().StdOut.Split('\n').ShouldBe(Publication.Real.IPv4);
        inside.RequestCount.ShouldBe(1);
        (await sandbox.RunAsync(["curl", "-sS", _server.TextIPv4Url.ToString()], ct: Ct)).ExitCode.ShouldBe(7, "connection refused");
    }

    private async Task<HttpResponseMessage> ConditionalAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _server.ApiUrl);
        request.Headers.TryAddWithoutValidation("If-None-Match", $"\"{Publication.Real.ETag}\"");
        return await _client.SendAsync(request, Ct);
    }

    private Task<string> ApiAsync(Answer answer)
    {
        _server.Api = answer;
        return _client.GetStringAsync(_server.ApiUrl, Ct);
    }

    private Task<string> TextAsync(Answer answer)
    {
        _server.TextIPv4 = answer;
        return _client.GetStringAsync(_server.TextIPv4Url, Ct);
    }

    private async Task<(int Status, string? Type, string? Location)> StatusAsync(Answer answer)
    {
        _server.Api = answer;
        using var response = await _client.GetAsync(_server.ApiUrl, Ct);
        return ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, response.Headers.Location?.OriginalString);
    }
}
