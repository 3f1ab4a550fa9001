using AllowlistSync.Core.Sources;
using AllowlistSync.Sources.Http;
using Shouldly;

namespace AllowlistSync.Sources.Tests;

public sealed class UrlSourceTests
{
    private const string AwsShape = """{"prefixes":[{"ip_prefix":"3.5.140.0/22"},{"ip_prefix":"13.34.37.64/27"}],"ipv6_prefixes":[{"ipv6_prefix":"2a05:d07a:a000::/40"}]}""";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static async Task<RangeSnapshot> FetchAsync(string body, ListFormat format, params string[] paths)
    {
        await using var server = await ListServer.StartAsync(body, Ct);
        var options = new UrlSourceOptions { Name = "office", Url = new Uri(server.Root, "/list"), Format = format, Paths = [.. paths] };
        return await new UrlSource(options, new GuardedHttp(TimeProvider.System), TimeProvider.System).FetchAsync(known: null, Ct);
    }

    [Fact]
    public async Task A_text_list_is_read()
    {
        var snapshot = await FetchAsync("# office\n192.0.2.0/24\n2001:db8::/32", ListFormat.Text);

        snapshot.Published.Select(prefix => prefix.ToString()).ShouldBe(["192.0.2.0/24", "2001:db8::/32"]);
        (snapshot.Source, snapshot.Kind, snapshot.Provenance).ShouldBe(("office", SourceKind.Url, Provenance.Live));
    }

    [Fact]
    public async Task A_JSON_list_is_read_along_its_paths()
    {
        var snapshot = await FetchAsync(AwsShape, ListFormat.Json, "prefixes[].ip_prefix", "$.ipv6_prefixes[].ipv6_prefix");

        snapshot.Published.Select(prefix => prefix.ToString()).ShouldBe(["3.5.140.0/22", "13.34.37.64/27", "2a05:d07a:a000::/40"]);
    }

    [Theory]
    [InlineData("""{"a":["192.0.2.1/24"]}""", "$.a", "malformed-list", "path $.a, entry 1")]
    [InlineData("""{"a":[7]}""", "$.a", "malformed-list", "a number where a prefix was expected")]
    [InlineData("""{"b":[]}""", "$.a", "malformed-list", "there is no \"a\"")]
    [InlineData("""{"a":{}}""", "a[].b", "malformed-list", "an object where an array was expected")]
    [InlineData("""{"a":["192.0.2.0/24"]""", "$.a", "malformed-json", "/list")]
    [InlineData("""{"a":[],"a":["192.0.2.0/24"]}""", "$.a", "malformed-json", "/list")]
    public async Task JSON_that_does_not_fit_is_refused(string body, string path, string rule, string words)
    {
        var refused = await Should.ThrowAsync<SourceException>(FetchAsync(body, ListFormat.Json, path));

        refused.Refusal.RuleId.ShouldBe(rule);
        refused.Answered.ShouldBeTrue();
        refused.Message.ShouldContain(words);
    }

    [Fact]
    public async Task A_bad_line_is_refused_with_line_and_column()
    {
        var refused = await Should.ThrowAsync<SourceException>(FetchAsync("192.0.2.0/24\nnonsense\n", ListFormat.Text));

        refused.Refusal.RuleId.ShouldBe("malformed-list");
        refused.Message.ShouldContain("line 2, column 1");
    }

    [Fact]
    public async Task JSON_without_a_path_is_refused_when_the_source_is_made()
    {
        await Should.ThrowAsync<ArgumentException>(FetchAsync("[]", ListFormat.Json));
        await Should.ThrowAsync<ArgumentException>(FetchAsync("", ListFormat.Text, "$.a"));
    }

    [Theory]
    [InlineData("$", """["192.0.2.0/24"]""")]
    [InlineData("$[]", """["192.0.2.0/24"]""")]
    [InlineData("[].p", """[{"p":"192.0.2.0/24"}]""")]
    [InlineData("$.a.b", """{"a":{"b":"192.0.2.0/24"}}""")]
    [InlineData("a[][].p", """{"a":[[{"p":["192.0.2.0/24"]}]]}""")]
    public async Task A_path_may_be(string path, string body) =>
        (await FetchAsync(body, ListFormat.Json, path)).Published.Single().ToString().ShouldBe("192.0.2.0/24");

    [Theory]
    [InlineData("a[0]")]
    [InlineData("a..b")]
    [InlineData("a.")]
    [InlineData("a.[]")]
    [InlineData("a[]b")]
    public void A_path_may_not_be(string path) =>
        Should.Throw<FormatException>(() => JsonListPath.Parse(path)).Message.ShouldContain(path);
}
