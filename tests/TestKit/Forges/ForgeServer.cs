using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AllowlistSync.TestKit;

/// <summary>
/// A forge on http://127.0.0.1 in front of a real bare repository. It keeps what it is told, and refuses what the published description of the real one does not have.
/// Made of descriptions, and of recorded answers where there are any; it is not the real one.
/// </summary>
public abstract partial class ForgeServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<ForgeRequest> _log = new();
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Lazy<IReadOnlyList<ForgeRoute>> _routes;
    private WebApplication? _app;

    private protected ForgeServer(BareRepository repository)
    {
        Repository = repository;
        _routes = new Lazy<IReadOnlyList<ForgeRoute>>(() => [.. Routes()]);
    }

    /// <summary>The repository that it shows.</summary>
    public BareRepository Repository { get; }

    /// <summary>The name of the repository: <c>owner/name</c>.</summary>
    public string Name { get; } = "ops/infra";

    /// <summary>The token that it takes.</summary>
    public string Token { get; } = $"tok-{Guid.NewGuid():n}";

    /// <summary>The kind, as the configuration names it.</summary>
    public abstract string Type { get; }

    /// <summary>The address of the pages.</summary>
    public Uri Url => new(_app!.Urls.First());

    /// <summary>The address of the API.</summary>
    public Uri ApiUrl => new(Url, Root.Length == 0 ? "/" : Root);

    /// <summary>All requests so far.</summary>
    public IReadOnlyList<ForgeRequest> Requests => [.. _log];

    /// <summary>What the description of the API does not have, and was asked for all the same; a test ends with none.</summary>
    public IReadOnlyList<string> Complaints => [.. _complaints];

    private protected abstract string Root { get; }

    /// <summary>How many requests came that change something.</summary>
    public int Writes => _log.Count(request => request.Method != "GET");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app!.StopAsync(now.Token);
        await _app.DisposeAsync();
        _one.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected abstract IEnumerable<ForgeRoute> Routes();

    /// <summary>The answer to a request whose token is not taken; null when it is.</summary>
    private protected abstract ForgeReply? SignInFault(ForgeRequest request);

    /// <summary>The answer to a body that is wrong.</summary>
    private protected abstract ForgeReply Wrong(string member, string fault);

    /// <summary>The answer for a token of too few rights.</summary>
    private protected abstract ForgeReply ScopeFault(string needs);

    /// <summary>The answer when there is no such thing.</summary>
    private protected abstract ForgeReply NotFound();

    private protected static ForgeReply Ok(JsonNode body) => new(200, body);

    private protected static ForgeReply Created(JsonNode body) => new(201, body);

    private protected static JsonArray List(IEnumerable<JsonNode> items) => new([.. items]);

    private protected static async Task<T> StartAsync<T>(T server, Sandbox? sandbox, CancellationToken cancellationToken)
        where T : ForgeServer
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.ListenAt(await LoopbackSocket.BindAsync(sandbox));
        server._app = builder.Build();
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync(cancellationToken);
        return server;
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var request = await ReadAsync(http);
        _log.Enqueue(request);
        try
        {
            await (NextFault(request) is { } fault ? fault(new ForgeFaultCase(this, http, request, () => ReplyAsync(request))) : SendAsync(http, await ReplyAsync(request)));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client gave up, which is what a hang is for.
        }
    }

    private static async Task<ForgeRequest> ReadAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync(http.RequestAborted);
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0];
        return new ForgeRequest(
            http.Request.Method,
            target,
            http.Request.Query.ToDictionary(one => one.Key, one => one.Value.ToString(), StringComparer.Ordinal),
            http.Request.Headers.ToDictionary(one => one.Key, one => one.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body);
    }

    // One after the other, as a forge locks what it changes.
    private async Task<ForgeReply> ReplyAsync(ForgeRequest request)
    {
        await _one.WaitAsync();
        try
        {
            return await CheckedAsync(request);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<ForgeReply> CheckedAsync(ForgeRequest request)
    {
        if (SignInFault(request) is { } refused)
        {
            return refused;
        }

        var path = request.Path.StartsWith(Root, StringComparison.Ordinal) ? request.Path[Root.Length..] : "";
        var (route, asked) = _routes.Value.Select(route => (route, asked: route.Of(request, path))).FirstOrDefault(found => found.asked is not null);
        if (asked is null || IsHidden)
        {
            return NotFound();
        }

        if (LacksScope)
        {
            return ScopeFault(route.Needs);
        }

        if (Parse(route, asked) is not { } json)
        {
            return Wrong("body", "is no JSON object");
        }

        asked = asked with { Json = json };
        if (route.Unknown(asked) is { } unknown)
        {
            _complaints.Enqueue($"{request.Method} {path}: {unknown}");
            return new ForgeReply(400, new JsonObject { ["message"] = $"this test's server: {unknown}" });
        }

        return route.WrongBody(json) is { } wrong ? Wrong(wrong.Member, wrong.Fault) : await route.Answer(asked);
    }

    private static JsonObject? Parse(ForgeRoute route, ForgeRequest request)
    {
        if (request.Body.Length == 0)
        {
            return [];
        }

        try
        {
            return route.Body is not null && request.Header("content-type").StartsWith("application/json", StringComparison.OrdinalIgnoreCase) ? JsonNode.Parse(request.Body) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal static async Task SendAsync(HttpContext http, ForgeReply reply)
    {
        http.Response.StatusCode = reply.Status;
        foreach (var (name, value) in reply.Headers)
        {
            http.Response.Headers[name] = value;
        }

        if (reply.Body is { } body)
        {
            http.Response.ContentType = "application/json;charset=utf-8";
            await http.Response.WriteAsync(body.ToJsonString(), http.RequestAborted);
        }
    }
}
