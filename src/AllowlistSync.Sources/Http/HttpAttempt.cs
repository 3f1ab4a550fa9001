using System.Net;
using System.Net.Http.Headers;

namespace AllowlistSync.Sources.Http;

/// <summary>One try: the request, its redirects, and the answer; ended by one deadline.</summary>
internal sealed class HttpAttempt(HttpClient client, HttpQuestion question, HttpLimits limits, TimeProvider time)
{
    /// <summary>What servers see: <c>allowlist-sync/VERSION</c>.</summary>
    private static readonly ProductInfoHeaderValue s_userAgent = new("allowlist-sync", typeof(HttpAttempt).Assembly.GetName().Version?.ToString(3) ?? "0");

    private Uri _url = question.Url;

    internal async Task<HttpOutcome> RunAsync(CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(limits.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await FollowAsync(either.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            var limit = deadline.IsCancellationRequested ? limits.RequestTimeout : limits.ConnectTimeout;
            var what = deadline.IsCancellationRequested ? "the whole answer did not come" : "no connection";
            return Failed(new HttpFailure($"{what} within {limit.TotalSeconds:0.###} s", Transient: true), late);
        }
        catch (HttpRequestException failure) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(HttpFailure.Of(failure), failure);
        }
        catch (IOException failure) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(HttpFailure.Of(failure), failure);
        }
    }

    private HttpOutcome Failed(HttpFailure failure, Exception cause) =>
        HttpOutcome.Failed(HttpRefusals.NotFetched(question, _url, failure.Reason), failure.Transient, cause);

    private async Task<HttpOutcome> FollowAsync(CancellationToken cancellationToken)
    {
        for (var hop = 0; ; hop++)
        {
            using var request = Request(_url);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!IsRedirect(response.StatusCode))
            {
                return await ReadAsync(response, cancellationToken);
            }

            if (!TryTarget(response, out var target))
            {
                return HttpOutcome.Refused(HttpRefusals.Redirected(question, _url, "nowhere", $"status {(int)response.StatusCode} came without a readable Location"));
            }

            var reason = hop == limits.MaxRedirects ? $"{limits.MaxRedirects} redirects were followed already" : RedirectPolicy.WhyNotFollow(_url, target, question.Scope);
            if (reason is not null)
            {
                return HttpOutcome.Refused(HttpRefusals.Redirected(question, _url, ShownText.Of(target), reason));
            }

            _url = target;
        }
    }

    private HttpRequestMessage Request(Uri url)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.UserAgent.Add(s_userAgent);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(question.Accept));
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        if (question.IfNoneMatch is { } known)
        {
            request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue($"\"{known}\""));
        }

        return request;
    }

    private async Task<HttpOutcome> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var tag = response.Headers.ETag?.Tag.Trim('"');
        if (response.StatusCode == HttpStatusCode.NotModified && question.IfNoneMatch is not null)
        {
            return HttpOutcome.Of(new HttpAnswer(NotModified: true, default, tag));
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            var transient = response.StatusCode == HttpStatusCode.TooManyRequests || (int)response.StatusCode >= 500;
            return HttpOutcome.Failed(HttpRefusals.Status(question, _url, response.StatusCode, IsHtml(response)), transient, retryAfter: RetryAfter(response));
        }

        var limit = question.MaxBytes ?? limits.MaxBytes;
        if (ByHeaders(response, limit) is { } refused)
        {
            return refused;
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        return await BoundedBody.ReadAsync(stream, limit, cancellationToken) switch
        {
            null => HttpOutcome.Refused(HttpRefusals.TooLarge(question, _url, limit, promised: null)),
            { } body when LooksLikeHtml(body.Span) => HttpOutcome.Refused(HttpRefusals.Html(question, _url)),
            { } body => HttpOutcome.Of(new HttpAnswer(NotModified: false, body, tag)),
        };
    }

    private HttpOutcome? ByHeaders(HttpResponseMessage response, int limit)
    {
        var headers = response.Content.Headers;
        var encoding = headers.ContentEncoding.FirstOrDefault(encoding => !string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase));
        if (encoding is not null)
        {
            return HttpOutcome.Refused(HttpRefusals.Encoded(question, _url, encoding));
        }

        if (headers.ContentLength > limit)
        {
            return HttpOutcome.Refused(HttpRefusals.TooLarge(question, _url, limit, headers.ContentLength));
        }

        return IsHtml(response) ? HttpOutcome.Refused(HttpRefusals.Html(question, _url)) : null;
    }

    private bool TryTarget(HttpResponseMessage response, out Uri target)
    {
        target = _url;
        return response.Headers.Location is { } location && Uri.TryCreate(_url, location, out target!);
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter;
        var pause = asked?.Delta ?? (asked?.Date - time.GetUtcNow());
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause;
    }

    private static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    private static bool IsHtml(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType?.Contains("html", StringComparison.OrdinalIgnoreCase) == true;

    private static bool LooksLikeHtml(ReadOnlySpan<byte> body)
    {
        var start = body.StartsWith("\uFEFF"u8) ? body[3..] : body;
        return start.TrimStart(" \t\r\n"u8).StartsWith("<"u8);
    }
}
