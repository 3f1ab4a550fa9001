using System.Net.Http.Headers;
using System.Text;

namespace AllowlistSync.Sources.Http;

/// <summary>What became of a POST.</summary>
/// <param name="Status">The status of the answer; null when there was none.</param>
/// <param name="Said">The beginning of the answer's text, or why there was no answer. The address is in neither, unless the server itself repeats it.</param>
/// <param name="RetryAfter">When the server wants to be asked again.</param>
public sealed record PostAnswer(int? Status, string Said, TimeSpan? RetryAfter);

/// <summary>
/// Sends one body to one address, once: no redirect is followed, no proxy, cookie or credential is used, little is read of the answer. An address may be a secret,
/// so no message names it. Keeps no connection afterwards.
/// </summary>
public sealed class GuardedPost(TimeProvider time)
{
    // Enough for what vendors say is wrong; the rest is not read.
    private const int MostRead = 4096;
    private const int MostShown = 200;

    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(10);
    private static readonly ProductInfoHeaderValue s_userAgent = new("allowlist-sync", typeof(GuardedPost).Assembly.GetName().Version?.ToString(3) ?? "0");

    /// <summary>Sends it. A cancellation is thrown; all else is an answer.</summary>
    public async Task<PostAnswer> SendAsync(Uri url, ReadOnlyMemory<byte> json, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken)
    {
        if (RedirectPolicy.WhyNotAsk(url) is { } reason)
        {
            return new PostAnswer(null, reason, null);
        }

        using var client = new HttpClient(GuardedHandler.Create(s_connectTimeout, time), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
        try
        {
            using var request = Request(url, json, headers);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return new PostAnswer((int)response.StatusCode, await SaidAsync(response, cancellationToken), RetryAfter(response));
        }
        catch (HttpRequestException failure)
        {
            return new PostAnswer(null, HttpFailure.Of(failure).Reason, null);
        }
        catch (IOException failure)
        {
            return new PostAnswer(null, HttpFailure.Of(failure).Reason, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new PostAnswer(null, $"no connection within {s_connectTimeout.TotalSeconds:0} s", null);
        }
    }

    private static HttpRequestMessage Request(Uri url, ReadOnlyMemory<byte> json, IReadOnlyDictionary<string, string> headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(json) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.UserAgent.Add(s_userAgent);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return request;
    }

    private static async Task<string> SaidAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[MostRead];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        var text = Encoding.UTF8.GetString(buffer, 0, length).ReplaceLineEndings(" ").Trim();
        return new string([.. text.Take(MostShown).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)]);
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var asked = response.Headers.RetryAfter;
        return asked?.Delta ?? (asked?.Date - time.GetUtcNow());
    }
}
