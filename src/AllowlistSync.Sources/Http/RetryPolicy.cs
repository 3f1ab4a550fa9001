using Polly;
using Polly.Retry;

namespace AllowlistSync.Sources.Http;

/// <summary>When and how a server is asked again: only after what passes by itself, a few times, with growing pauses and jitter.</summary>
internal static class RetryPolicy
{
    /// <summary>Asks again after a first try that failed. Polly is first touched here: a fetch that works does not pay for loading it (some 20 ms).</summary>
    /// <param name="failed">The first try.</param>
    /// <param name="asking">One more try.</param>
    /// <param name="limits">How often, and how long to wait.</param>
    /// <param name="time">The clock of the pauses.</param>
    /// <param name="cancellationToken">Ends the pauses too.</param>
    internal static async Task<HttpOutcome> AgainAsync(
        HttpOutcome failed, Func<CancellationToken, Task<HttpOutcome>> asking, HttpLimits limits, TimeProvider time, CancellationToken cancellationToken)
    {
        HttpOutcome? first = failed;
        return await Build(limits, time).ExecuteAsync(
            async token =>
            {
                if (first is null)
                {
                    return await asking(token);
                }

                first = null;
                return failed;
            },
            cancellationToken);
    }

    /// <summary>Connection failures, time-outs, 429 and 5xx, unless the server wants to be left alone for longer than we wait.</summary>
    internal static bool MayPass(HttpOutcome outcome, HttpLimits limits) =>
        limits.MaxTries > 1 && outcome.Transient && (outcome.RetryAfter is not { } pause || pause <= limits.MaxRetryDelay);

    private static ResiliencePipeline<HttpOutcome> Build(HttpLimits limits, TimeProvider time)
    {
        var retry = new RetryStrategyOptions<HttpOutcome>
        {
            ShouldHandle = args => ValueTask.FromResult(args.Outcome.Result is { } outcome && MayPass(outcome, limits)),
            MaxRetryAttempts = limits.MaxTries - 1,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = limits.RetryDelay,
            MaxDelay = limits.MaxRetryDelay,
            DelayGenerator = args => ValueTask.FromResult(args.Outcome.Result?.RetryAfter),
        };
        return new ResiliencePipelineBuilder<HttpOutcome> { TimeProvider = time }.AddRetry(retry).Build();
    }
}
