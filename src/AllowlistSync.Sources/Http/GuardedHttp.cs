using AllowlistSync.Core.Sources;

namespace AllowlistSync.Sources.Http;

/// <summary>
/// The one way in which sources use the network: GET, bounded in time, size, redirects and tries. No environment variable can
/// send it elsewhere (HTTP_PROXY and its kin are not read), no cookie and no credential is ever sent, nothing is unpacked.
/// Opens nothing until it is asked, and keeps no connection afterwards: a daemon at rest has no timer of ours.
/// </summary>
public sealed class GuardedHttp(TimeProvider time, HttpLimits limits)
{
    /// <summary>Uses the limits of the program.</summary>
    public GuardedHttp(TimeProvider time)
        : this(time, HttpLimits.Default)
    {
    }

    /// <summary>Asks until there is an answer that can be read, or no hope of one.</summary>
    /// <exception cref="SourceException">
    /// Not answered: <c>insecure-url</c>, <c>not-fetched</c>, <c>http-status</c>. Answered and refused: <c>redirected</c>, <c>too-large</c>,
    /// <c>content-encoding</c>, <c>not-a-list</c>.
    /// </exception>
    public async Task<HttpAnswer> GetAsync(HttpQuestion question, CancellationToken cancellationToken)
    {
        if (RedirectPolicy.WhyNotAsk(question.Url) is { } reason)
        {
            throw new SourceException(HttpRefusals.InsecureUrl(question, reason), answered: false);
        }

        using var client = new HttpClient(GuardedHandler.Create(limits.ConnectTimeout, time), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
        var tries = 0;
        var outcome = await TryAsync(cancellationToken);
        if (RetryPolicy.MayPass(outcome, limits))
        {
            outcome = await RetryPolicy.AgainAsync(outcome, TryAsync, limits, time, cancellationToken);
        }

        return outcome.Answer ?? throw Failure(outcome, tries);

        Task<HttpOutcome> TryAsync(CancellationToken token)
        {
            tries++;
            return new HttpAttempt(client, question, limits, time).RunAsync(token);
        }
    }

    private static SourceException Failure(HttpOutcome outcome, int tries)
    {
        var refusal = outcome.Refusal!;
        return new SourceException(
            tries > 1 ? refusal with { Message = $"{refusal.Message} (asked {tries} times)" } : refusal,
            outcome.Answered,
            outcome.Cause);
    }
}
