using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AllowlistSync.Core.Sources;
using AllowlistSync.Sources.Http;
using Microsoft.AspNetCore.Http;
using Shouldly;

namespace AllowlistSync.Sources.Tests;

public sealed class GuardedHttpTests
{
    private static readonly HttpLimits Quick = new() { RetryDelay = TimeSpan.FromMilliseconds(1) };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static Task<HttpAnswer> GetAsync(Uri url, HttpLimits? limits = null) =>
        new GuardedHttp(TimeProvider.System, limits ?? Quick).GetAsync(new HttpQuestion("test", url, "text/plain"), Ct);

    [Fact]
    public async Task A_redirect_to_the_same_address_with_a_slash_is_followed()
    {
        await using var server = await ListServer.StartAsync(
            http =>
            {
                if (http.Request.Path == "/ips-v4/")
                {
                    return http.Response.WriteAsync("104.16.0.0/13", http.RequestAborted);
                }

                http.Response.StatusCode = 301;
                http.Response.Headers.Location = "/ips-v4/";
                return Task.CompletedTask;
            },
            Ct);

        var answer = await GetAsync(new Uri(server.Root, "/ips-v4"));

        Encoding.UTF8.GetString(answer.Body.Span).ShouldBe("104.16.0.0/13");
        server.Paths.ShouldBe(["/ips-v4", "/ips-v4/"]);
    }

    [Theory]
    [InlineData("0", 3)]
    [InlineData("3600", 1)]
    [InlineData("Wed, 21 Oct 2015 07:28:00 GMT", 3)]
    public async Task Retry_after_is_waited_for_when_it_is_short_and_obeyed_when_it_is_long(string retryAfter, int tries)
    {
        await using var server = await ListServer.StartAsync(
            http =>
            {
                http.Response.StatusCode = 429;
                http.Response.Headers.RetryAfter = retryAfter;
                return Task.CompletedTask;
            },
            Ct);
        var watch = Stopwatch.StartNew();

        var refused = await Should.ThrowAsync<SourceException>(GetAsync(server.Root));

        refused.Refusal.RuleId.ShouldBe("http-status");
        server.Paths.Count.ShouldBe(tries);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_body_of_exactly_the_limit_is_read_and_one_byte_more_is_not()
    {
        await using var server = await ListServer.StartAsync(
            async http =>
            {
                var length = int.Parse(http.Request.Query["n"]!, CultureInfo.InvariantCulture);
                await http.Response.StartAsync(http.RequestAborted);
                await http.Response.WriteAsync(new string('#', length), http.RequestAborted);
            },
            Ct);

        (await GetAsync(new Uri(server.Root, "?n=1048576"))).Body.Length.ShouldBe(1048576);
        var refused = await Should.ThrowAsync<SourceException>(GetAsync(new Uri(server.Root, "?n=1048577")));
        refused.Refusal.RuleId.ShouldBe("too-large");
    }

    [Theory]
    [InlineData("http://lists.example.org/v4")]
    [InlineData("http://192.0.2.1/v4")]
    [InlineData("ftp://127.0.0.1/v4")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://user:hunter2@lists.example.org/v4")]
    public async Task An_address_that_is_not_safe_is_not_asked(string url)
    {
        var refused = await Should.ThrowAsync<SourceException>(GetAsync(new Uri(url)));

        refused.Refusal.RuleId.ShouldBe("insecure-url");
        refused.Answered.ShouldBeFalse();
        refused.Message.ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task A_token_in_the_query_stays_out_of_messages()
    {
        await using var server = await ListServer.StartAsync("<html>", Ct);

        var refused = await Should.ThrowAsync<SourceException>(GetAsync(new Uri(server.Root, "/list?token=hunter2")));

        refused.ToString().ShouldNotContain("hunter2");
        refused.Message.ShouldContain("/list?***");
    }

    [Fact]
    public async Task A_connection_that_nobody_accepts_ends_with_its_own_time_out()
    {
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        using var first = new TcpClient();
        await first.ConnectAsync((IPEndPoint)full.LocalEndPoint!, Ct);

        var refused = await Should.ThrowAsync<SourceException>(GetAsync(
            new Uri($"http://127.0.0.1:{((IPEndPoint)full.LocalEndPoint!).Port}/"),
            Quick with { ConnectTimeout = TimeSpan.FromMilliseconds(200), MaxTries = 2 }));

        refused.Refusal.RuleId.ShouldBe("not-fetched");
        refused.Message.ShouldContain("no connection within 0.2 s (asked 2 times)");
    }

    [Fact]
    public async Task A_certificate_of_a_stranger_is_not_accepted_and_not_asked_for_again()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeTlsAsync(listener);

        var refused = await Should.ThrowAsync<SourceException>(GetAsync(new Uri($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/")));

        refused.Refusal.RuleId.ShouldBe("not-fetched");
        refused.Message.ShouldContain("TLS certificate or handshake was not accepted");
        refused.Message.ShouldNotContain("asked");
        await serving.WaitAsync(TimeSpan.FromSeconds(10), Ct);
    }

    [Fact]
    public async Task What_is_not_HTTP_is_no_answer()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener, "SSH-2.0-OpenSSH_9.6\r\n");

        var refused = await Should.ThrowAsync<SourceException>(GetAsync(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/")));

        refused.Refusal.RuleId.ShouldBe("not-fetched");
        refused.Message.ShouldContain("not HTTP");
        await serving.WaitAsync(TimeSpan.FromSeconds(10), Ct);
    }

    [Fact]
    public async Task Cancelling_ends_a_request_at_once_and_is_no_failure_of_the_source()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var arrived = new TaskCompletionSource();
        await using var server = await ListServer.StartAsync(
            async http =>
            {
                arrived.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            },
            Ct);

        var asking = new GuardedHttp(TimeProvider.System, Quick).GetAsync(new HttpQuestion("test", server.Root, "text/plain"), cancel.Token);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(asking.WaitAsync(TimeSpan.FromSeconds(5), Ct));
        server.Paths.Count.ShouldBe(1);
    }

    private static async Task ServeTlsAsync(TcpListener listener)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        using var client = await listener.AcceptTcpClientAsync(Ct);
        await using var tls = new SslStream(client.GetStream());
        try
        {
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, Ct);
            (await tls.ReadAsync(new byte[1], Ct)).ShouldBe(0, "the client must not send a request");
        }
        catch (Exception gone) when (gone is IOException or AuthenticationException)
        {
            // The client turned away, which is what it should do.
        }
    }

    private static async Task ServeAsync(TcpListener listener, string greeting)
    {
        using var client = await listener.AcceptTcpClientAsync(Ct);
        using var request = new StreamReader(client.GetStream(), Encoding.ASCII, leaveOpen: true);
        while (await request.ReadLineAsync(Ct) is { Length: > 0 })
        {
            // The whole request is read, so that closing sends no reset.
        }

        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(greeting), Ct);
    }
}
