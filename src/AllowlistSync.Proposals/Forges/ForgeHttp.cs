using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AllowlistSync.Sources.Http;
using Polly;
using Polly.Retry;

namespace AllowlistSync.Proposals.Forges;

/// <summary>
/// Speaks to the API of a forge: bounded in time, size and tries. What did not reach the forge, what it asks to be sent later and what changes nothing is tried again; a change that may have been made is not. No redirect is followed:
/// a token goes to the address of the configuration and nowhere else.
/// </summary>
public sealed class ForgeHttp : IDisposable
{
    private const int LargestAnswer = 8 * 1024 * 1024;
    private static readonly TimeSpan s_connect = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_request = TimeSpan.FromSeconds(30);
    private static readonly string[] s_kept = ["retry-after", "x-ratelimit-remaining", "x-ratelimit-reset", "ratelimit-reset", "x-accepted-github-permissions", "x-accepted-oauth-scopes", "x-oauth-scopes", "link", "x-next-page"];
    private static readonly ProductInfoHeaderValue s_userAgent = new("allowlist-sync", typeof(ForgeHttp).Assembly.GetName().Version?.ToString(3) ?? "0");

    private readonly HttpClient _client;
    private readonly Uri _api;
    private readonly ForgeErrors _errors;
    private readonly Action<HttpRequestMessage> _authorize;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<ForgeAnswer> _again;

    /// <summary>A client that has asked nothing yet.</summary>
    /// <param name="api">The address of the API.</param>
    /// <param name="errors">What its errors mean.</param>
    /// <param name="authorize">Puts the token into a request.</param>
    /// <param name="time">The clock.</param>
    public ForgeHttp(Uri api, ForgeErrors errors, Action<HttpRequestMessage> authorize, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(api);
        (_api, _errors, _authorize, _time) = (new Uri(api.AbsoluteUri.TrimEnd('/') + "/"), errors, authorize, time);
        _client = new HttpClient(GuardedHandler.Create(s_connect, time)) { Timeout = Timeout.InfiniteTimeSpan };
        _again = new ResiliencePipelineBuilder<ForgeAnswer> { TimeProvider = time }.AddRetry(new RetryStrategyOptions<ForgeAnswer>
        {
            MaxRetryAttempts = 3,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromSeconds(1),
            ShouldHandle = outcome => ValueTask.FromResult(outcome.Outcome switch
            {
                { Exception: ForgeNotReached } => true,
                { Result: { } answer } => ForgeErrors.MayPass(answer, IsLook(outcome.Context)) && ForgeErrors.Wait(answer, _time.GetUtcNow()) <= ForgeErrors.LongestWait,
                _ => false,
            }),
            DelayGenerator = outcome => ValueTask.FromResult(outcome.Outcome.Result is { } answer && ForgeErrors.Wait(answer, _time.GetUtcNow()) is { Ticks: > 0 } wait ? wait : (TimeSpan?)null),
        }).Build();
    }

    private static readonly ResiliencePropertyKey<bool> s_look = new("look");

    /// <summary>Asks, and reads the answer.</summary>
    public async ValueTask<T> SendAsync<T>(ForgeCall call, JsonTypeInfo<T> shape, CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(call);
        var answer = await SendAsync(call, cancellationToken);
        try
        {
            return JsonSerializer.Deserialize(answer.Body.Span, shape) ?? throw new JsonException("it is null");
        }
        catch (JsonException other)
        {
            throw new ForgeException(ForgeFailure.Protocol, $"{call.Doing}: the answer of {_api.Host} is not what its API says: {other.Message}", "see that `apiUrl` is the address of its API, not that of its pages");
        }
    }

    /// <summary>Asks; any status but one of success is a <see cref="ForgeException"/>.</summary>
    public async ValueTask<ForgeAnswer> SendAsync(ForgeCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(s_look, call.Method == HttpMethod.Get);
        try
        {
            var answer = await _again.ExecuteAsync(async tried => await OnceAsync(call, tried.CancellationToken), context);
            return answer.Status is >= 200 and < 300 ? answer : throw _errors.Of(call, answer, _time.GetUtcNow());
        }
        catch (ForgeNotReached failure)
        {
            throw new ForgeException(ForgeFailure.Unavailable, $"{call.Doing}: {_api.Host}: {failure.Message}", "see whether this machine reaches it; run it again");
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static bool IsLook(ResilienceContext context) => context.Properties.GetValue(s_look, false);

    private async ValueTask<ForgeAnswer> OnceAsync(ForgeCall call, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(s_request, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var request = Request(call);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
            var body = await BoundedBody.ReadAsync(stream, LargestAnswer, either.Token)
                ?? throw new ForgeException(ForgeFailure.Protocol, $"{call.Doing}: the answer of {_api.Host} is larger than {LargestAnswer / 1024 / 1024} MB", "see that `apiUrl` is the address of its API");
            return new ForgeAnswer((int)response.StatusCode, body, Kept(response));
        }
        catch (HttpRequestException failure) when (call.Method == HttpMethod.Get || failure.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            throw new ForgeNotReached(HttpFailure.Of(failure).Reason);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw new ForgeException(ForgeFailure.Unavailable, $"{call.Doing}: the connection to {_api.Host} broke before its answer came, so it may have been done", "run it again; what was done is found then");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ForgeException(ForgeFailure.Unavailable, $"{call.Doing}: no answer of {_api.Host} within {s_request.TotalSeconds:0} s", "run it again; what was done is found then");
        }
    }

    private HttpRequestMessage Request(ForgeCall call)
    {
        var request = new HttpRequestMessage(call.Method, new Uri(_api, call.Path));
        request.Headers.UserAgent.Add(s_userAgent);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (call.Body is { } body)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", Encoding.UTF8.WebName);
        }

        _authorize(request);
        return request;
    }

    private static Dictionary<string, string> Kept(HttpResponseMessage response) => s_kept
        .Where(name => response.Headers.Contains(name))
        .ToDictionary(name => name, name => string.Join(",", response.Headers.GetValues(name)), StringComparer.Ordinal);

    /// <summary>The request did not get there, or changes nothing.</summary>
    private sealed class ForgeNotReached(string message) : Exception(message);
}
