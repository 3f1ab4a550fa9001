using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace AllowlistSync.TestKit;

/// <summary>A request that a <see cref="CloudflareServer" /> got.</summary>
/// <param name="Path">Without the query.</param>
/// <param name="Query">With its question mark; empty when there is none.</param>
/// <param name="Headers">By name, whatever the case; several values joined by a comma.</param>
public sealed record LoggedRequest(string Path, string Query, IReadOnlyDictionary<string, string> Headers);

/// <summary>
/// Publishes Cloudflare's lists on http://127.0.0.1, on this machine or inside a sandbox: <c>/client/v4/ips</c>, <c>/ips-v4</c>, <c>/ips-v6</c>.
/// Each route's answer may be replaced at any time by one of <see cref="Answers" />.
/// </summary>
public sealed class CloudflareServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<LoggedRequest> _log = new();

    private CloudflareServer(Socket socket)
    {
        Port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        _app = Build(socket, AnswerAsync);
    }

    /// <summary>How <c>/client/v4/ips</c> answers.</summary>
    public Answer Api { get; set; } = Answers.Normal();

    /// <summary>How <c>/ips-v4</c> answers.</summary>
    public Answer TextIPv4 { get; set; } = Answers.Normal();

    /// <summary>How <c>/ips-v6</c> answers.</summary>
    public Answer TextIPv6 { get; set; } = Answers.Normal();

    /// <summary>What is published; the real lists until set otherwise.</summary>
    public Publication Publication { get; set; } = Publication.Real;

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The address of the API's list.</summary>
    public Uri ApiUrl => new($"http://127.0.0.1:{Port}/client/v4/ips");

    /// <summary>The address of the IPv4 text list.</summary>
    public Uri TextIPv4Url => new($"http://127.0.0.1:{Port}/ips-v4");

    /// <summary>The address of the IPv6 text list.</summary>
    public Uri TextIPv6Url => new($"http://127.0.0.1:{Port}/ips-v6");

    /// <summary>All requests so far, in the order in which they came.</summary>
    public IReadOnlyList<LoggedRequest> Requests => [.. _log];

    /// <summary>How many requests came so far.</summary>
    public int RequestCount => _log.Count;

    /// <summary>Starts a server on this machine's loopback.</summary>
    public static async Task<CloudflareServer> StartAsync(CancellationToken ct = default) => await StartAsync(await LoopbackSocket.BindAsync(sandbox: null), ct);

    /// <summary>Starts a server on a sandbox's loopback: it runs in this process, and only programs in the sandbox reach it.</summary>
    public static async Task<CloudflareServer> StartInAsync(Sandbox sandbox, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        return await StartAsync(await LoopbackSocket.BindAsync(sandbox), ct);
    }

    /// <summary>Lets all three routes answer alike.</summary>
    public void AnswerAll(Answer answer)
    {
        (Api, TextIPv4, TextIPv6) = (answer, answer, answer);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // No patience for answers that drip.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private static async Task<CloudflareServer> StartAsync(Socket socket, CancellationToken ct)
    {
        var server = new CloudflareServer(socket);
        await server._app.StartAsync(ct);
        return server;
    }

    private static WebApplication Build(Socket socket, RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.ListenAt(socket);
        var app = builder.Build();
        app.Run(answer);
        return app;
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var headers = http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        _log.Enqueue(new LoggedRequest(http.Request.Path, http.Request.QueryString.Value ?? string.Empty, headers));
        try
        {
            await (http.Request.Path.Value switch
            {
                "/client/v4/ips" => Api(new Question(http, CloudflareRoute.Api, Publication)),
                "/ips-v4" => TextIPv4(new Question(http, CloudflareRoute.TextIPv4, Publication)),
                "/ips-v6" => TextIPv6(new Question(http, CloudflareRoute.TextIPv6, Publication)),
                _ => Answers.NotFound()(new Question(http, CloudflareRoute.Api, Publication)),
            });
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client gave up, which is what slow answers are for.
        }
    }
}
