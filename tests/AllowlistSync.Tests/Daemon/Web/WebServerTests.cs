using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using AllowlistSync.Configuration;
using AllowlistSync.Core;
using AllowlistSync.Daemon.Web;
using AllowlistSync.Daemon.Web.Page;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.Daemon.Web;

public sealed class WebServerTests : IAsyncDisposable
{
    private const string Token = "hunter2hunter2hunter2";

    private readonly WebEndpoints _web = new(new WebPages(() => Snapshots.Full, _ => []), NullLogger.Instance);
    private readonly Certificates _files = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static ListenConfig Loopback => new() { Address = new(IPAddress.Loopback, 0) };

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task Every_answer_carries_headers_that_let_nothing_else_in()
    {
        await ServeAsync(Loopback);
        foreach (var path in new[] { "/", "/metrics", "/readyz", "/nowhere" })
        {
            using var answer = await GetAsync(path);

            answer.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem()
                .ShouldBe($"default-src 'none'; style-src '{PageStyle.Digest}'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
            answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
            answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            answer.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
            answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
            answer.Headers.Server.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task HEAD_tells_the_length_and_nothing_else()
    {
        await ServeAsync(Loopback);
        using var client = new HttpClient();
        using var answer = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, Url("/readyz")), Ct);

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Content.Headers.ContentLength.ShouldNotBeNull().ShouldBeGreaterThan(100);
        (await answer.Content.ReadAsByteArrayAsync(Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task JSON_is_asked_for_by_the_query_or_by_Accept_and_a_browser_gets_HTML()
    {
        await ServeAsync(Loopback);

        (await TypeAsync("/readyz?format=json", null)).ShouldBe("application/json");
        (await TypeAsync("/", "application/json")).ShouldBe("application/json");
        (await TypeAsync("/", "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8")).ShouldBe("text/html");
        (await TypeAsync("/metrics", "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5")).ShouldBe("text/plain");
    }

    [Theory]
    [InlineData("localhost:9521", true)]
    [InlineData("LOCALHOST", true)]
    [InlineData("127.0.0.1:1", true)]
    [InlineData("[::1]:9521", true)]
    [InlineData("evil.example", false)]
    [InlineData("evil.example:9521", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("203.0.113.7", false)]
    public async Task A_page_of_a_stranger_cannot_read_what_loopback_serves(string host, bool isServed)
    {
        await ServeAsync(Loopback);
        using var answer = await GetAsync("/metrics", request => request.Headers.Host = host);

        answer.StatusCode.ShouldBe(isServed ? HttpStatusCode.OK : HttpStatusCode.MisdirectedRequest);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("Bearer " + Token, true)]
    [InlineData("bearer  " + Token + " ", true)]
    [InlineData("Bearer " + Token + "x", false)]
    [InlineData("Bearer", false)]
    [InlineData("Basic " + Token, false)]
    public async Task A_token_is_needed_where_one_is_configured(string? authorization, bool isServed)
    {
        await ServeAsync(Loopback with { Token = new Secret(Token) });
        using var answer = await GetAsync("/healthz", request => request.Headers.TryAddWithoutValidation("Authorization", authorization));

        answer.StatusCode.ShouldBe(isServed ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.Count.ShouldBe(isServed ? 0 : 1);
    }

    [Fact]
    public async Task A_taken_port_is_told_and_tried_again()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var listen = new ListenConfig { Address = (IPEndPoint)other.LocalEndpoint };

        var problem = await _web.ServeAsync(listen, Ct);

        problem!.Message.ShouldBe($"{listen.Address} is taken by another program, perhaps by another daemon of allowlist-sync; health, metrics and the status page are not served; everything else goes on");
        problem.Remedy.ShouldContain($"ss -ltnp 'sport = :{listen.Address.Port}'");
        _web.Address.ShouldBeNull();
        other.Stop();
        (await _web.ServeAsync(listen, Ct)).ShouldBeNull();
        (await TypeAsync("/", null)).ShouldBe("text/html");
    }

    [Fact]
    public async Task An_address_of_nobody_and_a_certificate_that_is_none_are_told()
    {
        (await _web.ServeAsync(new() { Address = new(IPAddress.Parse("192.0.2.77"), 9521) }, Ct))!.Message.ShouldStartWith("192.0.2.77:9521 is no address of this machine");
        (await _web.ServeAsync(Loopback with { Tls = new("/nowhere/c.pem", "/nowhere/k.pem") }, Ct))!.Message.ShouldStartWith("/nowhere/c.pem cannot be read");
        _web.Address.ShouldBeNull();
    }

    [Fact]
    public async Task What_is_served_stays_over_a_reload_that_does_not_change_it()
    {
        var listen = Loopback with { Token = new Secret(Token) };
        await ServeAsync(listen);
        var address = _web.Address;

        await ServeAsync(listen with { Token = new Secret(Token) });
        _web.Address.ShouldBe(address);

        (await _web.ServeAsync(new ListenConfig(), Ct)).ShouldBeNull();
        _web.Address.ShouldBeNull();
    }

    [Fact]
    public async Task A_renewed_certificate_is_taken_over_and_a_broken_one_is_not()
    {
        await ServeAsync(Loopback with { Tls = _files.Write("one") });
        (await SubjectAsync()).ShouldBe("CN=one");

        _files.Write("two");
        (await SubjectAsync()).ShouldBe("CN=two");

        await File.WriteAllTextAsync(_files.Tls.Certificate, "half", Ct);
        (await SubjectAsync()).ShouldBe("CN=two");

        _files.Write("three");
        (await SubjectAsync()).ShouldBe("CN=three");
    }

    [Fact]
    public async Task Only_a_certificate_of_the_authority_is_let_in()
    {
        await ServeAsync(Loopback with { Tls = _files.Write("server") with { ClientCa = _files.WriteAuthority() } });

        (await SubjectAsync(_files.Client(isOurs: true, isForClients: true))).ShouldBe("CN=server");
        foreach (var wrong in new[] { null, _files.Client(isOurs: false, isForClients: true), _files.Client(isOurs: true, isForClients: false) })
        {
            (await Should.ThrowAsync<Exception>(() => SubjectAsync(wrong))).ShouldBeAssignableTo<Exception>().ShouldSatisfyAllConditions(
                failure => (failure is HttpRequestException or IOException or AuthenticationException).ShouldBeTrue(failure.ToString()));
        }
    }

    [Fact]
    public async Task A_start_takes_little_time()
    {
        await ServeAsync(Loopback);
        await _web.ServeAsync(new ListenConfig(), Ct);
        var start = Stopwatch.GetTimestamp();

        await ServeAsync(Loopback);

        var took = Stopwatch.GetElapsedTime(start);
        TestContext.Current.TestOutputHelper?.WriteLine($"start: {took.TotalMilliseconds:0.0} ms");
        took.ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }

    private async Task ServeAsync(ListenConfig listen) => (await _web.ServeAsync(listen, Ct)).ShouldBeNull();

    private Uri Url(string path) => new($"http://{_web.Address}{path}");

    private async Task<HttpResponseMessage> GetAsync(string path, Action<HttpRequestMessage>? change = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, Url(path));
        change?.Invoke(request);
        return await client.SendAsync(request, Ct);
    }

    private async Task<string?> TypeAsync(string path, string? accept)
    {
        using var answer = await GetAsync(path, request => request.Headers.TryAddWithoutValidation("Accept", accept));
        return answer.Content.Headers.ContentType!.MediaType;
    }

    // Who the server says that it is, on a new connection.
    private async Task<string?> SubjectAsync(X509Certificate2? client = null)
    {
        string? subject = null;
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
        {
            subject = certificate?.Subject;
            return certificate is not null;
        };
        if (client is not null)
        {
            handler.SslOptions.ClientCertificates = [client];
        }

        using var http = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{_web.Address}/healthz") { Headers = { Accept = { new MediaTypeWithQualityHeaderValue("text/plain") } } };
        using var answer = await http.SendAsync(request, Ct);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return subject;
    }
}
