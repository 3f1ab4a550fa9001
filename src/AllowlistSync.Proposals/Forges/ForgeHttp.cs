using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AllowlistSync.Core;
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

    private static readonly ResiliencePropertyKey<bool> s_look = new("look");
    private static readonly ResiliencePropertyKey<long> s_begun = new("begun");

    private readonly HttpClient _client;
    private readonly Uri _api;
    private readonly ForgeErrors _errors;
    private readonly Func<CancellationToken, ValueTask<Secret>> _token;
    private readonly Action<HttpRequestMessage, string> _authorize;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<ForgeAnswer> _again;

    /// <summary>A client that has asked nothing yet.</summary>
    /// <param name="api">The address of the API.</param>
    /// <param name="errors">What its errors mean.</param>
    /// <param name="token">What signs in.</param>
    /// <param name="authorize">Puts the token into a request.</param>
    /// <param name="time">The clock.</param>
    public ForgeHttp(Uri api, ForgeErrors errors, Func<CancellationToken, ValueTask<Secret>> token, Action<HttpRequestMessage, string> authorize, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(api);
        (_api, _errors, _token, _authorize, _time) = (new Uri(api.AbsoluteUri.TrimEnd('/') + "/"), errors, token, authorize, time);
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
                { Result: { } answer } => ForgeErrors.MayPass(answer, IsLook(outcome.Context)) && Spent(outcome.Context) + ForgeErrors.Wait(answer, _time.GetUtcNow()) <= ForgeErrors.LongestWait,
                _ => false,
            }),
            DelayGenerator = outcome => ValueTask.FromResult(outcome.Outcome.Result is { } answer && ForgeErrors.Wait(answer, _time.GetUtcNow()) is { Ticks: > 0 } wait ? wait : (TimeSpan?)null),
        }).Build();
    }

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
            throw new ForgeException(ForgeFailure.Protocol, $"{call.Doing}: the answer of {_api.Host} is not what its API says: {ForgeErrors.Masked(other.Message, answer.Token)}", "see that `apiUrl` is the address of its API, not that of its pages");
        }
    }

    /// <summary>Asks; any status but one of success is a <see cref="ForgeException"/>.</summary>
    public async ValueTask<ForgeAnswer> SendAsync(ForgeCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(s_look, call.Method == HttpMethod.Get);
        context.Properties.Set(s_begun, _time.GetTimestamp());
        try
        {
            var answer = await _again.ExecuteAsync(async tried => await OnceAsync(call, tried.CancellationToken), context);
            return answer.Status is >= 200 and < 300 ? Checked(call, answer) : throw _errors.Of(call, answer, _time.GetUtcNow(), await HasRepositoryAsync(call, answer, cancellationToken));
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

    private TimeSpan Spent(ResilienceContext context) => _time.GetElapsedTime(context.Properties.GetValue(s_begun, 0));

    // A page for people that comes with a status of success must not pass for a change that was made.
    private ForgeAnswer Checked(ForgeCall call, ForgeAnswer answer) => answer.Body.Span.TrimStart(" \t\r\n"u8) is [] or [(byte)'{' or (byte)'[', ..]
        ? answer
        : throw new ForgeException(ForgeFailure.Protocol, $"{call.Doing}: the answer of {_api.Host} is not JSON", "see that `apiUrl` is the address of its API, not that of its pages, and that nothing stands between that answers in its place");

    // One answer, no tries: it only makes a message better.
    private async ValueTask<bool> HasRepositoryAsync(ForgeCall call, ForgeAnswer answer, CancellationToken cancellationToken)
    {
        if (answer.Status != 404 || call is not { Part: not null, Home: { } home })
        {
            return false;
        }

        try
        {
            return await OnceAsync(new ForgeCall("looking for the repository", HttpMethod.Get, home), cancellationToken) is { Status: >= 200 and < 300 };
        }
        catch (Exception failure) when (failure is ForgeException or ForgeNotReached)
        {
            return false;
        }
    }

    private async ValueTask<ForgeAnswer> OnceAsync(ForgeCall call, CancellationToken cancellationToken)
    {
        var token = await TokenAsync(call, cancellationToken);
        using var deadline = new CancellationTokenSource(s_request, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var request = Request(call, token);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
            var body = await BoundedBody.ReadAsync(stream, LargestAnswer, either.Token)
                ?? throw new ForgeException(ForgeFailure.Protocol, $"{call.Doing}: the answer of {_api.Host} is larger than {LargestAnswer / 1024 / 1024} MB", "see that `apiUrl` is the address of its API");
            return new ForgeAnswer((int)response.StatusCode, body, Kept(response)) { Token = token };
        }
        catch (HttpRequestException failure) when (call.Method == HttpMethod.Get || failure.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError)
        {
            throw new ForgeNotReached(HttpFailure.Of(failure).Reason);
        }
        catch (IOException failure) when (call.Method == HttpMethod.Get)
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

    // Headers complain of such a token by showing it.
    private async ValueTask<Secret> TokenAsync(ForgeCall call, CancellationToken cancellationToken)
    {
        var token = await _token(cancellationToken);
        return token.Reveal() is { Length: > 0 } value && !value.Any(c => c is <= ' ' or > '~')
            ? token
            : throw new ForgeException(ForgeFailure.SignIn, $"{call.Doing}: the token is empty, or holds a space, a line end or another character that no token has; it was not sent", "put the token, and nothing else, where `forge.token` points to");
    }

    private HttpRequestMessage Request(ForgeCall call, Secret token)
    {
        var request = new HttpRequestMessage(call.Method, new Uri(_api, call.Path));
        request.Headers.UserAgent.Add(s_userAgent);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (call.Body is { } body)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", Encoding.UTF8.WebName);
        }

        _authorize(request, token.Reveal());
        return request;
    }

    private static Dictionary<string, string> Kept(HttpResponseMessage response) => s_kept
        .Where(name => response.Headers.Contains(name))
        .ToDictionary(name => name, name => string.Join(",", response.Headers.GetValues(name)), StringComparer.Ordinal);

    /// <summary>The request did not get there, or changes nothing.</summary>
    private sealed class ForgeNotReached(string message) : Exception(message);
}
